-- Who may do what. The app reads everything and adds; it changes only what an act may change, and deletes only drafts of maps.
-- What the default privileges gave is taken back first (data/prepare.py).
REVOKE ALL ON
    source_file, place, place_code, place_area, place_area_part, layer, layer_version, zone, zone_part, party,
    party_name, party_identifier, party_member, project, project_code, project_party, park, project_site,
    load_run, load_chunk, number_series, parcel, parcel_lineage, boundary, unit, real_estate_unit,
    parcel_place, sea_claim, sea_right, sea_right_parcel, sea_right_party, right_note, layering_paper,
    legacy_identifier, occupation, load_feature
FROM haiyu_app, haiyu_read;
GRANT SELECT, INSERT ON
    source_file, place, place_code, place_area, place_area_part, layer, layer_version, zone, zone_part, party,
    party_name, party_identifier, party_member, project, project_code, project_party, park, project_site,
    load_run, load_chunk, number_series, parcel, parcel_lineage, boundary, unit, real_estate_unit,
    parcel_place, sea_claim, sea_right, sea_right_parcel, sea_right_party, right_note, layering_paper,
    legacy_identifier, occupation, load_feature
TO haiyu_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO haiyu_app;

GRANT UPDATE (known) ON occupation TO haiyu_app;
GRANT UPDATE (ended_on, ended_how, known) ON sea_right TO haiyu_app;
GRANT UPDATE (standing, boundary_id, decision_on, term, known) ON sea_claim TO haiyu_app;
GRANT UPDATE (known) ON right_note TO haiyu_app;
GRANT UPDATE (parcel_code, project_id, name, boundary_id, ended_at) ON parcel TO haiyu_app;
GRANT UPDATE (parcel_id) ON boundary TO haiyu_app;
GRANT UPDATE (last) ON number_series TO haiyu_app;
GRANT UPDATE (hectares, is_computed, ground) ON parcel_place TO haiyu_app;
GRANT UPDATE ON party, party_name, party_identifier, party_member, project, project_code, project_party,
                park, project_site, place, place_code, place_area, layer, layer_version, load_run TO haiyu_app;
GRANT UPDATE, DELETE ON zone, zone_part, place_area_part TO haiyu_app;

GRANT USAGE ON SCHEMA pub TO haiyu_app, haiyu_read;
GRANT SELECT ON ALL TABLES IN SCHEMA pub TO haiyu_app, haiyu_read;
