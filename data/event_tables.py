"""The tables of the event log (register.md §7): stream heads, events, erasable texts, anchors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import XID8, Base

STREAM_KINDS = ("case", "right", "party", "room", "layer", "rule_book", "register", "user_administration")
_KINDS = ", ".join(f"'{kind}'" for kind in STREAM_KINDS)


class EventStream(Base):
    """The head of one chain; its row is the lock under which the chain grows."""

    __tablename__ = "event_stream"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("name LIKE kind || ':%'", name="name"),
        {"comment": "事件流（每流一链，行锁即链锁）"},
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="流名，如 case:12")
    kind: Mapped[str] = mapped_column(Text, comment="流种类")
    seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), comment="链首序号")
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="链首摘要")
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="链首记录时间")


class Event(Base):
    """One event: the bytes that were hashed, and columns taken from them to search by. Never changed, never deleted."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("(seq = 1) = (previous IS NULL)", name="previous"),
        Index("ix_event_tx_id", "tx", "id"),
        {"comment": "事件（只增不改）"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="事件编号")
    stream: Mapped[str] = mapped_column(ForeignKey("event_stream.name"), comment="流名")
    seq: Mapped[int] = mapped_column(BigInteger, comment="流内序号，自 1 起")
    kind: Mapped[str] = mapped_column(Text, comment="事件种类")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时间")
    previous: Mapped[bytes | None] = mapped_column(LargeBinary, comment="前一事件摘要")
    alg: Mapped[str] = mapped_column(Text, comment="摘要算法")
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="本事件摘要")
    envelope: Mapped[bytes] = mapped_column(LargeBinary, comment="被摘要的原文（RFC 8785 字节）")
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="由原文导出的内容，供查询")
    tx: Mapped[int] = mapped_column(XID8, server_default=text("pg_current_xact_id()"), comment="写入事务号")


class EventText(Base):
    """Personal data or free text of an event, beside the salted digest that the event's hash covers; can be erased."""

    __tablename__ = "event_text"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (salt IS NULL)", name="salt"),
        CheckConstraint("(content IS NULL) = (erased_at IS NOT NULL)", name="erased"),
        {"comment": "事件文字（可抹除，事件只存其加盐摘要）"},
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="事件编号")
    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="文字名称")
    digest: Mapped[bytes] = mapped_column(LargeBinary, comment="加盐摘要")
    salt: Mapped[bytes | None] = mapped_column(LargeBinary, comment="盐，抹除时一并抹去")
    content: Mapped[str | None] = mapped_column(Text, comment="文字")
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="抹除时间")


class EventAnchor(Base):
    """The heads of all streams that changed since the last anchor, and that anchor's own hash: a chain over the chains."""

    __tablename__ = "event_anchor"
    __table_args__ = (
        CheckConstraint("(id = 1) = (previous IS NULL)", name="previous"),
        {"comment": "锚（每小时，覆盖变动的流与上一锚）"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, comment="锚号，自 1 起不断号")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时间")
    previous: Mapped[bytes | None] = mapped_column(LargeBinary, comment="上一锚摘要")
    alg: Mapped[str] = mapped_column(Text, comment="摘要算法")
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="本锚摘要")
    envelope: Mapped[bytes] = mapped_column(LargeBinary, comment="被摘要的原文（RFC 8785 字节）")
    horizon: Mapped[int] = mapped_column(XID8, comment="此号以前的事务都已了结")
