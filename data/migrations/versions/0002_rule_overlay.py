"""The administrator's overlay on the rule book, and the books once in force."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
# An entry is never changed: only its withdrawal is written, once.
GUARDS = """
CREATE FUNCTION overlay_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
     OR to_jsonb(OLD) - 'withdrawn_at' <> to_jsonb(NEW) - 'withdrawn_at' THEN
    RAISE EXCEPTION '%: an entry can only be withdrawn', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_withdrawn BEFORE UPDATE ON rule_entry FOR EACH ROW EXECUTE FUNCTION overlay_only_withdrawn();
CREATE TRIGGER only_withdrawn BEFORE UPDATE ON rule_confirmation FOR EACH ROW EXECUTE FUNCTION overlay_only_withdrawn();
CREATE TRIGGER append_only BEFORE DELETE ON rule_entry FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE DELETE ON rule_confirmation FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rule_book FOR EACH ROW EXECUTE FUNCTION append_only();
GRANT SELECT ON rule_entry, rule_confirmation, rule_book TO haiyu_read;
"""


def upgrade() -> None:
    """Two tables of words with documents, one of books by hash."""
    for name, what, comments in (
        ("rule_entry", "entry", ("规则库增补（管理员录入的数值及其文件）", "录入内容", "录入时刻")),
        ("rule_confirmation", "confirmation", ("规则确认（管理员确认现行有效）", "确认内容", "确认时刻")),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True, comment="编号"),
            sa.Column("rule", sa.Text, nullable=False, comment="规则"),
            sa.Column(what, JSONB, nullable=False, comment=comments[1]),
            sa.Column("document_digest", sa.Text, nullable=False, comment="文件摘要"),
            sa.Column("entered_at", INSTANT, nullable=False, comment=comments[2]),
            sa.Column("withdrawn_at", INSTANT, comment="撤回时刻"),
            comment=comments[0],
        )
        op.create_index(f"ix_{name}_rule", name, ["rule"])
    op.create_table(
        "rule_book",
        sa.Column("hash", sa.Text, primary_key=True, comment="规则库指纹"),
        sa.Column("alg", sa.Text, server_default="sha256", nullable=False, comment="摘要算法"),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="规则库内容"),
        sa.Column("kept_at", INSTANT, nullable=False, comment="保存时刻"),
        comment="曾经适用的规则库（按指纹保存，可重建）",
    )
    op.get_bind().connection.cursor().execute(GUARDS)
