-- What is kept is kept: no row of the register is deleted or emptied, not even by the owner's login.

CREATE FUNCTION refuse_statement() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the record only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'record_only_grows';
END $$;

CREATE TRIGGER occupation_is_kept BEFORE DELETE OR TRUNCATE ON occupation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER sea_right_is_kept BEFORE DELETE OR TRUNCATE ON sea_right
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER sea_claim_is_kept BEFORE DELETE OR TRUNCATE ON sea_claim
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER parcel_is_kept BEFORE DELETE OR TRUNCATE ON parcel
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER boundary_is_kept BEFORE DELETE OR TRUNCATE ON boundary
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER unit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON unit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER source_file_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON source_file
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
