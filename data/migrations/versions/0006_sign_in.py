"""Sign-in: tries at logins that no account bears are counted like those at an account, and administrators have no place."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE unknown_login (
    login_hash BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    tried_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unknown_login PRIMARY KEY (login_hash)
);
CREATE INDEX ix_unknown_login_tried_at ON unknown_login (tried_at);
COMMENT ON TABLE unknown_login IS '对不存在的登录名的失败尝试';
COMMENT ON COLUMN unknown_login.login_hash IS '登录名带密钥摘要';
COMMENT ON COLUMN unknown_login.failures IS '连续失败次数';
COMMENT ON COLUMN unknown_login.locked_until IS '锁定至';
COMMENT ON COLUMN unknown_login.tried_at IS '最近尝试时刻';

ALTER TABLE account_post ADD CONSTRAINT ck_account_post_administrator_everywhere
    CHECK (role <> 'administrator' OR place_id IS NULL);

REVOKE ALL ON unknown_login FROM haiyu_app, haiyu_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON unknown_login TO haiyu_app;
"""


def upgrade() -> None:
    """One round of statements; without parameters the driver leaves percent signs alone."""
    op.get_bind().connection.cursor().execute(STATEMENTS)
