"""What the app's login could still reach past the guards: temporary tables, zones in force, notes, holders, the parcel of a boundary.

A temporary table is found before pg_catalog wherever a search path does not say otherwise: with one named pg_locks the app could
show `occupation_is_locked` locks that nobody held (tried). Every function of ours now names its path, the temporary schema last.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "append_only()", "event_follows()", "event_stream_grows()", "event_text_erased()", "overlay_only_withdrawn()",
    "occupation_is_locked()", "occupation_only_closes()", "sea_right_only_ends()", "sea_claim_moves_forward()",
    "parcel_code_stays()", "number_series_grows()", "refuse_statement()", "occupation_digest(bigint[])", "right_digest(bigint[])",
)  # fmt: skip

GUARDS = """
-- A zone is laid down, mended and dropped in a draft version only; what was once in force stays as it was.
CREATE FUNCTION zone_is_of_a_draft() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed_rows JOIN layer_version ON layer_version.id = changed_rows.version_id
               WHERE layer_version.standing <> 'draft') THEN
        RAISE EXCEPTION '% on %: zones of a published version stay as they are', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_is_of_a_draft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zone_inserted_in_a_draft AFTER INSERT ON zone
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_changed_in_a_draft AFTER UPDATE ON zone
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_moved_in_a_draft AFTER UPDATE ON zone
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_dropped_in_a_draft AFTER DELETE ON zone
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_part_inserted_in_a_draft AFTER INSERT ON zone_part
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_part_changed_in_a_draft AFTER UPDATE ON zone_part
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_part_moved_in_a_draft AFTER UPDATE ON zone_part
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();
CREATE TRIGGER zone_part_dropped_in_a_draft AFTER DELETE ON zone_part
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION zone_is_of_a_draft();

-- A version goes into force under the register's exclusive lock, and never back to a draft.
CREATE FUNCTION layer_version_is_locked() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.standing = 'draft' THEN
        IF TG_OP = 'UPDATE' AND OLD.standing <> 'draft' THEN
            RAISE EXCEPTION 'version % was published and is no draft again', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'layer_version_is_locked';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_unlock_all();
    IF NOT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 2
          AND classid = 7104001 AND objid = 0 AND mode = 'ExclusiveLock'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) THEN
        RAISE EXCEPTION 'a version is published under the register lock only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'layer_version_is_locked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER layer_version_is_locked BEFORE INSERT OR UPDATE ON layer_version
    FOR EACH ROW EXECUTE FUNCTION layer_version_is_locked();

-- A note on a right is never edited: its record time closes once.
CREATE FUNCTION right_note_only_closes() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    closed tstzrange := NEW.known;
BEGIN
    IF upper_inf(OLD.known) AND NOT isempty(closed) AND NOT upper_inf(closed) AND lower(closed) = lower(OLD.known) THEN
        NEW.known := OLD.known;
        IF NEW *= OLD THEN
            NEW.known := closed;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'note % may only have the open end of its record time closed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'right_note_only_closes';
END $$;
CREATE TRIGGER right_note_only_closes BEFORE UPDATE ON right_note
    FOR EACH ROW EXECUTE FUNCTION right_note_only_closes();

-- A boundary gets its parcel once, at registration; everything else of it stays as it was signed.
CREATE FUNCTION boundary_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    parcel bigint := NEW.parcel_id;
BEGIN
    IF OLD.parcel_id IS NULL OR OLD.parcel_id IS NOT DISTINCT FROM parcel THEN
        NEW.parcel_id := OLD.parcel_id;
        IF NEW *= OLD THEN
            NEW.parcel_id := parcel;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'boundary % stays as it is, and with its parcel', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'boundary_stays';
END $$;
CREATE TRIGGER boundary_stays BEFORE UPDATE ON boundary FOR EACH ROW EXECUTE FUNCTION boundary_stays();
"""

# What hangs on a right is written with it and stays; only a note closes.
KEPT = {
    "sea_right_parcel": "UPDATE OR DELETE OR TRUNCATE",
    "sea_right_party": "UPDATE OR DELETE OR TRUNCATE",
    "layering_paper": "UPDATE OR DELETE OR TRUNCATE",
    "right_note": "DELETE OR TRUNCATE",
    "parcel_lineage": "UPDATE OR DELETE OR TRUNCATE",
    "real_estate_unit": "UPDATE OR DELETE OR TRUNCATE",
    "legacy_identifier": "UPDATE OR DELETE OR TRUNCATE",
}


def upgrade() -> None:
    cursor = op.get_bind().connection.cursor()
    for name in FUNCTIONS:
        cursor.execute(f"ALTER FUNCTION {name} SET search_path = pg_catalog, public, pg_temp")
    cursor.execute(GUARDS)
    for table, acts in KEPT.items():
        cursor.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE {acts} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement()"
        )
