"""The event log: stream heads, events, erasable texts, anchors, and the triggers that keep them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from data.store import XID8

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = "'case', 'right', 'party', 'room', 'layer', 'rule_book', 'register', 'user_administration'"

GUARDS = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append_only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := convert_from(NEW.envelope, 'UTF8')::jsonb;
  head event_stream%ROWTYPE;
BEGIN
  IF NEW.hash <> sha256(NEW.envelope) OR NEW.alg <> 'sha256' THEN
    RAISE EXCEPTION 'event: the hash is not that of the envelope' USING ERRCODE = 'check_violation';
  END IF;
  IF told ->> 'stream' <> NEW.stream OR (told ->> 'seq')::bigint <> NEW.seq OR told ->> 'kind' <> NEW.kind
     OR (told ->> 'recorded_at')::timestamptz <> NEW.recorded_at OR told ->> 'previous' IS DISTINCT FROM encode(NEW.previous, 'hex') THEN
    RAISE EXCEPTION 'event: a column differs from the envelope' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO head FROM event_stream WHERE name = NEW.stream FOR UPDATE;
  IF NEW.seq <> head.seq + 1 OR NEW.previous IS DISTINCT FROM head.hash OR NEW.recorded_at < head.recorded_at THEN
    RAISE EXCEPTION 'event: does not follow the head of %', NEW.stream USING ERRCODE = 'check_violation';
  END IF;
  UPDATE event_stream SET seq = NEW.seq, hash = NEW.hash, recorded_at = NEW.recorded_at WHERE name = NEW.stream;
  NEW.body := told -> 'body';
  NEW.tx := pg_current_xact_id();
  RETURN NEW;
END $$;

CREATE FUNCTION event_stream_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name <> OLD.name OR NEW.kind <> OLD.kind OR NEW.seq <> OLD.seq + 1 THEN
    RAISE EXCEPTION 'event_stream: a head only moves on by one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION event_text_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.event_id <> OLD.event_id OR NEW.name <> OLD.name OR NEW.digest <> OLD.digest
     OR OLD.content IS NULL OR NEW.content IS NOT NULL THEN
    RAISE EXCEPTION 'event_text: a text can only be erased' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER event_follows BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_follows();
CREATE TRIGGER event_stream_grows BEFORE UPDATE ON event_stream FOR EACH ROW EXECUTE FUNCTION event_stream_grows();
CREATE TRIGGER event_text_erased BEFORE UPDATE ON event_text FOR EACH ROW EXECUTE FUNCTION event_text_erased();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_anchor FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE DELETE ON event_stream FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE DELETE ON event_text FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON event_anchor FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON event_stream FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON event_text FOR EACH STATEMENT EXECUTE FUNCTION append_only();

REVOKE ALL ON alembic_version FROM haiyu_app;
GRANT SELECT ON alembic_version TO haiyu_app;
REVOKE ALL ON event, event_anchor, event_text, event_stream FROM haiyu_app;
GRANT SELECT, INSERT ON event, event_anchor, event_text, event_stream TO haiyu_app;
GRANT UPDATE (seq, hash, recorded_at) ON event_stream TO haiyu_app;
GRANT UPDATE (salt, content, erased_at) ON event_text TO haiyu_app;
"""


def upgrade() -> None:
    op.create_table(
        "event_stream",
        sa.Column("name", sa.Text, nullable=False, comment="流名，如 case:12"),
        sa.Column("kind", sa.Text, nullable=False, comment="流种类"),
        sa.Column("seq", sa.BigInteger, nullable=False, server_default=sa.text("0"), comment="链首序号"),
        sa.Column("hash", sa.LargeBinary, comment="链首摘要"),
        sa.Column("recorded_at", INSTANT, comment="链首记录时间"),
        sa.PrimaryKeyConstraint("name", name="pk_event_stream"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="ck_event_stream_kind"),
        sa.CheckConstraint("name LIKE kind || ':%'", name="ck_event_stream_name"),
        comment="事件流（每流一链，行锁即链锁）",
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="事件编号"),
        sa.Column("stream", sa.Text, nullable=False, comment="流名"),
        sa.Column("seq", sa.BigInteger, nullable=False, comment="流内序号，自 1 起"),
        sa.Column("kind", sa.Text, nullable=False, comment="事件种类"),
        sa.Column("recorded_at", INSTANT, nullable=False, comment="记录时间"),
        sa.Column("previous", sa.LargeBinary, comment="前一事件摘要"),
        sa.Column("alg", sa.Text, nullable=False, comment="摘要算法"),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment="本事件摘要"),
        sa.Column("envelope", sa.LargeBinary, nullable=False, comment="被摘要的原文（RFC 8785 字节）"),
        sa.Column("body", JSONB, nullable=False, comment="由原文导出的内容，供查询"),
        sa.Column("tx", XID8, nullable=False, server_default=sa.text("pg_current_xact_id()"), comment="写入事务号"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["stream"], ["event_stream.name"], name="fk_event_stream_event_stream"),
        sa.UniqueConstraint("stream", "seq", name="uq_event_stream_seq"),
        sa.CheckConstraint("seq >= 1", name="ck_event_seq"),
        sa.CheckConstraint("(seq = 1) = (previous IS NULL)", name="ck_event_previous"),
        comment="事件（只增不改）",
    )
    op.create_index("ix_event_tx_id", "event", ["tx", "id"])
    op.create_table(
        "event_text",
        sa.Column("event_id", sa.BigInteger, nullable=False, comment="事件编号"),
        sa.Column("name", sa.Text, nullable=False, comment="文字名称"),
        sa.Column("digest", sa.LargeBinary, nullable=False, comment="加盐摘要"),
        sa.Column("salt", sa.LargeBinary, comment="盐，抹除时一并抹去"),
        sa.Column("content", sa.Text, comment="文字"),
        sa.Column("erased_at", INSTANT, comment="抹除时间"),
        sa.PrimaryKeyConstraint("event_id", "name", name="pk_event_text"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_text_event_id_event"),
        sa.CheckConstraint("(content IS NULL) = (salt IS NULL)", name="ck_event_text_salt"),
        sa.CheckConstraint("(content IS NULL) = (erased_at IS NOT NULL)", name="ck_event_text_erased"),
        comment="事件文字（可抹除，事件只存其加盐摘要）",
    )
    op.create_table(
        "event_anchor",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False, comment="锚号，自 1 起不断号"),
        sa.Column("recorded_at", INSTANT, nullable=False, comment="记录时间"),
        sa.Column("previous", sa.LargeBinary, comment="上一锚摘要"),
        sa.Column("alg", sa.Text, nullable=False, comment="摘要算法"),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment="本锚摘要"),
        sa.Column("envelope", sa.LargeBinary, nullable=False, comment="被摘要的原文（RFC 8785 字节）"),
        sa.Column("horizon", XID8, nullable=False, comment="此号以前的事务都已了结"),
        sa.PrimaryKeyConstraint("id", name="pk_event_anchor"),
        sa.CheckConstraint("(id = 1) = (previous IS NULL)", name="ck_event_anchor_previous"),
        comment="锚（每小时，覆盖变动的流与上一锚）",
    )
    op.execute(GUARDS)
