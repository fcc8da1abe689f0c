"""Papers of a layered pair can be withdrawn: a consent that is taken back opens the sea for nobody any more."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE layering_paper_withdrawn (
    paper_id BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_layering_paper_withdrawn PRIMARY KEY (paper_id),
    CONSTRAINT fk_layering_paper_withdrawn_paper_id_layering_paper FOREIGN KEY(paper_id) REFERENCES layering_paper (id)
);
COMMENT ON TABLE layering_paper_withdrawn IS '已撤回的立体分层设权材料：同意被收回';
COMMENT ON COLUMN layering_paper_withdrawn.paper_id IS '材料';
COMMENT ON COLUMN layering_paper_withdrawn.recorded_at IS '记录时刻';
CREATE TRIGGER layering_paper_withdrawn_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON layering_paper_withdrawn
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement();
REVOKE ALL ON layering_paper_withdrawn FROM haiyu_app, haiyu_read;
GRANT SELECT, INSERT ON layering_paper_withdrawn TO haiyu_app;
"""


def upgrade() -> None:
    """One round of statements; without parameters the driver leaves percent signs alone."""
    op.get_bind().connection.cursor().execute(STATEMENTS)
