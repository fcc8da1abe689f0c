-- What the database itself refuses, whoever writes (register.md §6 and §7).

-- The cells of the fixed 0.1° grid that a geometry's box touches, grown by 66 ms of longitude and 33 ms of latitude on every
-- side (at least 1 m up to 60° N). Whole milliseconds throughout, so that marine.cells.lock_cells gives the same numbers.
CREATE FUNCTION lock_cells(place geometry) RETURNS SETOF integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (x * 10000 + y)::integer
    FROM generate_series(
             least(greatest(round(ST_XMin(place) * 3600000)::bigint - 66 + 648000000, 0) / 360000, 3599),
             least(greatest(round(ST_XMax(place) * 3600000)::bigint + 66 + 648000000, 0) / 360000, 3599)
         ) AS x,
         generate_series(
             least(greatest(round(ST_YMin(place) * 3600000)::bigint - 33 + 324000000, 0) / 360000, 1799),
             least(greatest(round(ST_YMax(place) * 3600000)::bigint + 33 + 324000000, 0) / 360000, 1799)
         ) AS y
$$;
COMMENT ON FUNCTION lock_cells(geometry) IS '几何外框所触及的锁格';

-- 7104001 is the class of the register-wide lock (object 0), 7104002 the class of cells (object = cell): parcels/locks.py.
CREATE FUNCTION occupation_is_locked() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    exclusively boolean;
    shared boolean;
    cells bigint[];
    bare integer;
BEGIN
    IF NOT EXISTS (SELECT FROM new_rows) THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'occupation is written at READ COMMITTED only: an older snapshot does not see what the lock waited for'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'occupation_is_locked';
    END IF;
    -- A session-level lock outlives its transaction on a pooled connection and would vouch for a write that never locked.
    -- Releasing those first leaves in pg_locks what this transaction took itself.
    PERFORM pg_advisory_unlock_all();
    SELECT bool_or(classid = 7104001 AND objid = 0 AND mode = 'ExclusiveLock'),
           bool_or(classid = 7104001 AND objid = 0 AND mode = 'ShareLock'),
           array_agg(objid::bigint) FILTER (WHERE classid = 7104002 AND mode = 'ExclusiveLock')
      INTO exclusively, shared, cells
      FROM pg_locks
     WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 2
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    IF exclusively THEN
        RETURN NULL;
    END IF;
    IF shared IS NOT TRUE THEN
        RAISE EXCEPTION 'occupation is written under the register lock only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'occupation_is_locked';
    END IF;
    SELECT cell INTO bare FROM new_rows, lock_cells(new_rows.geom) AS cell
     WHERE cell <> ALL (coalesce(cells, '{}')) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'occupation is written only with every cell of its box locked: cell % is not', bare
            USING ERRCODE = 'check_violation', CONSTRAINT = 'occupation_is_locked';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER occupation_inserted_under_lock AFTER INSERT ON occupation
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION occupation_is_locked();
CREATE TRIGGER occupation_closed_under_lock AFTER UPDATE ON occupation
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION occupation_is_locked();

-- A row is never edited: its record time closes once, later than it opened.
CREATE FUNCTION occupation_only_closes() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    closed tstzrange := NEW.known;
BEGIN
    IF upper_inf(OLD.known) AND NOT isempty(closed) AND NOT upper_inf(closed)
       AND lower(closed) = lower(OLD.known) AND lower_inc(closed) = lower_inc(OLD.known) AND NOT upper_inc(closed) THEN
        NEW.known := OLD.known;
        IF NEW *= OLD THEN
            NEW.known := closed;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'occupation % may only have the open end of its record time closed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'occupation_only_closes';
END $$;
CREATE TRIGGER occupation_only_closes BEFORE UPDATE ON occupation
    FOR EACH ROW EXECUTE FUNCTION occupation_only_closes();

-- A right is ended once and otherwise never edited; its record time may close.
CREATE FUNCTION sea_right_only_ends() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wanted sea_right := NEW;
BEGIN
    IF (OLD.ended_on IS NULL OR (NEW.ended_on, NEW.ended_how) IS NOT DISTINCT FROM (OLD.ended_on, OLD.ended_how))
       AND lower(NEW.known) = lower(OLD.known)
       AND (NEW.known = OLD.known OR (upper_inf(OLD.known) AND NOT upper_inf(NEW.known))) THEN
        NEW.ended_on := OLD.ended_on;
        NEW.ended_how := OLD.ended_how;
        NEW.known := OLD.known;
        IF NEW *= OLD THEN
            RETURN wanted;
        END IF;
    END IF;
    RAISE EXCEPTION 'right % is never edited: it ends and a new one follows', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sea_right_only_ends';
END $$;
CREATE TRIGGER sea_right_only_ends BEFORE UPDATE ON sea_right
    FOR EACH ROW EXECUTE FUNCTION sea_right_only_ends();

-- A claim moves forward only: claimed, approved, and then one of its ends.
CREATE FUNCTION sea_claim_moves_forward() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = OLD.id AND NEW.case_number = OLD.case_number AND NEW.received_at = OLD.received_at
       AND NEW.renews_id IS NOT DISTINCT FROM OLD.renews_id AND NEW.changes_id IS NOT DISTINCT FROM OLD.changes_id
       AND lower(NEW.known) = lower(OLD.known) AND upper_inf(OLD.known)
       AND (NEW.standing = OLD.standing
            OR (OLD.standing = 'claimed' AND NEW.standing IN ('approved', 'withdrawn', 'refused', 'lapsed'))
            OR (OLD.standing = 'approved' AND NEW.standing IN ('registered', 'withdrawn', 'lapsed'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'claim % cannot become % after %', OLD.id, NEW.standing, OLD.standing
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sea_claim_moves_forward';
END $$;
CREATE TRIGGER sea_claim_moves_forward BEFORE UPDATE ON sea_claim
    FOR EACH ROW EXECUTE FUNCTION sea_claim_moves_forward();

-- A code or a number that was given out is never taken back and never given again.
CREATE FUNCTION parcel_code_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.parcel_code IS NOT NULL AND NEW.parcel_code IS DISTINCT FROM OLD.parcel_code THEN
        RAISE EXCEPTION 'parcel % keeps its code', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_code_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parcel_code_stays BEFORE UPDATE OF parcel_code ON parcel
    FOR EACH ROW EXECUTE FUNCTION parcel_code_stays();

CREATE FUNCTION number_series_grows() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.last < OLD.last THEN
        RAISE EXCEPTION 'number series % only grows', OLD.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'number_series_grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_series_grows BEFORE UPDATE ON number_series
    FOR EACH ROW EXECUTE FUNCTION number_series_grows();
