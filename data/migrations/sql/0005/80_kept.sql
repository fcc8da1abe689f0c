-- What is kept is kept: cases and what was filed, signed, asked, billed, received and issued are never deleted; what was
-- recorded once and can never change again is not updated either. The application's login gets no more than acts need.

CREATE TRIGGER approval_case_is_kept BEFORE DELETE OR TRUNCATE ON approval_case
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER case_task_is_kept BEFORE DELETE OR TRUNCATE ON case_task
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER case_material_is_kept BEFORE DELETE OR TRUNCATE ON case_material
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER case_signing_is_kept BEFORE DELETE OR TRUNCATE ON case_signing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER case_report_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON case_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER case_question_is_kept BEFORE DELETE OR TRUNCATE ON case_question
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER bill_is_kept BEFORE DELETE OR TRUNCATE ON bill
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER receipt_is_kept BEFORE DELETE OR TRUNCATE ON receipt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER document_is_kept BEFORE DELETE OR TRUNCATE ON document
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
CREATE TRIGGER rendition_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON rendition
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();

REVOKE ALL ON
    account, account_post, sign_in_session, kept_answer, approval_case, case_task, case_answer, case_holder, case_material,
    case_signing, case_report, case_question, public_notice, message, authorisation, party_fact, project_fact, bill, receipt,
    issuer, document, rendition
FROM haiyu_app, haiyu_read;
GRANT SELECT, INSERT ON
    account, account_post, sign_in_session, kept_answer, approval_case, case_task, case_answer, case_holder, case_material,
    case_signing, case_report, case_question, public_notice, message, authorisation, party_fact, project_fact, bill, receipt,
    issuer, document, rendition
TO haiyu_app;
GRANT UPDATE ON account, sign_in_session, kept_answer, case_task, case_answer, case_holder, project_fact, message TO haiyu_app;
GRANT UPDATE (valid) ON account_post, authorisation TO haiyu_app;
GRANT UPDATE (withdrawn_at) ON authorisation, case_material TO haiyu_app;
GRANT UPDATE (until) ON party_fact TO haiyu_app;
GRANT UPDATE (state, version, standing, ended, party_id, project_id, use, boundary_hash, received_at, received_on, accepted_on,
              decided_on, right_id, scope_place_id) ON approval_case TO haiyu_app;
GRANT UPDATE (attempts, signed_at, voided_at, void_reason) ON case_signing TO haiyu_app;
GRANT UPDATE (token_hash, standing, answer, answered_on, answered_how, answer_digest) ON case_question TO haiyu_app;
GRANT UPDATE (standing, last) ON public_notice TO haiyu_app;
GRANT UPDATE (standing) ON bill TO haiyu_app;
GRANT UPDATE (is_reversed) ON receipt TO haiyu_app;
GRANT UPDATE (valid) ON issuer TO haiyu_app;
GRANT UPDATE (standing, ended_on, superseded_by_id) ON document TO haiyu_app;
-- Drafts lose what the applicant takes out again; sessions and answers under keys are swept when they are old.
GRANT DELETE ON case_answer, case_holder, sign_in_session, kept_answer TO haiyu_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO haiyu_app;
