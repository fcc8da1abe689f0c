"""Who looks at a case just now. Unlogged: it is part of no record, and true for a minute or two."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE UNLOGGED TABLE case_presence (
    case_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_presence PRIMARY KEY (case_id, account_id),
    CONSTRAINT fk_case_presence_case_id_approval_case FOREIGN KEY(case_id) REFERENCES approval_case (id),
    CONSTRAINT fk_case_presence_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_case_presence_seen_at ON case_presence (seen_at);
COMMENT ON TABLE case_presence IS '正在看一件办件的人（不入档）';
COMMENT ON COLUMN case_presence.case_id IS '办件';
COMMENT ON COLUMN case_presence.account_id IS '账号';
COMMENT ON COLUMN case_presence.seen_at IS '最近一次报到时刻';
REVOKE ALL ON case_presence FROM haiyu_app, haiyu_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_presence TO haiyu_app;
"""


def upgrade() -> None:
    """One round of statements; without parameters the driver leaves percent signs alone."""
    op.get_bind().connection.cursor().execute(STATEMENTS)
