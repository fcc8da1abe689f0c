-- Digests of rows as they were written; an event states them, `haiyu verify` computes them again (parcels/verify.py).
-- What a later act may lawfully change (the end of a record time, the end of a right) is left out.

CREATE FUNCTION occupation_digest(ids bigint[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(ROW(
               id, parcel_id, unit_id, right_id, claim_id, held, term, lower(known), standing, layers, z_low, z_high,
               z_surveyed, months, is_layered, use_type, use_mode, accuracy_m, disclosure, geom
           )::text, E'\n' ORDER BY id), ''), 'UTF8')), 'hex')
    FROM occupation WHERE id = ANY (ids)
$$;
COMMENT ON FUNCTION occupation_digest(bigint[]) IS '占用行写入时内容的 SHA-256';

CREATE FUNCTION right_digest(ids bigint[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(ROW(
               id, door, case_number, claim_id, register_number, decision_on, entered_on, term, area_registered,
               is_fee_exempt, is_layered, predecessor_id, lower(known), inconsistencies, run_id, rules_hash,
               (SELECT array_agg(parcel_id ORDER BY parcel_id) FROM sea_right_parcel WHERE right_id = sea_right.id),
               (SELECT array_agg(ROW(party_id, holding, share_numerator, share_denominator)::text ORDER BY party_id)
                  FROM sea_right_party WHERE right_id = sea_right.id)
           )::text, E'\n' ORDER BY id), ''), 'UTF8')), 'hex')
    FROM sea_right WHERE id = ANY (ids)
$$;
COMMENT ON FUNCTION right_digest(bigint[]) IS '权利行写入时内容的 SHA-256';
