"""The administrator's overlay on the rule book, and the books that were in force, by hash (docs/rules.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base


class RuleEntry(Base):
    """A value supplied by an administrator with its document; in force until withdrawn, never deleted."""

    __tablename__ = "rule_entry"
    __table_args__ = ({"comment": "规则库增补（管理员录入的数值及其文件）"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="编号")
    rule: Mapped[str] = mapped_column(Text, index=True, comment="规则")
    entry: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="录入内容")
    document_digest: Mapped[str] = mapped_column(Text, comment="文件摘要")
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="录入时刻")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="撤回时刻")


class RuleConfirmation(Base):
    """An administrator's word, with a document, that a packaged value is in force."""

    __tablename__ = "rule_confirmation"
    __table_args__ = ({"comment": "规则确认（管理员确认现行有效）"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="编号")
    rule: Mapped[str] = mapped_column(Text, index=True, comment="规则")
    confirmation: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="确认内容")
    document_digest: Mapped[str] = mapped_column(Text, comment="文件摘要")
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="确认时刻")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="撤回时刻")


class RuleBookRecord(Base):
    """The content of a book that a report, bill or decision has named by its hash."""

    __tablename__ = "rule_book"
    __table_args__ = ({"comment": "曾经适用的规则库（按指纹保存，可重建）"},)

    hash: Mapped[str] = mapped_column(Text, primary_key=True, comment="规则库指纹")
    alg: Mapped[str] = mapped_column(Text, server_default="sha256", comment="摘要算法")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="规则库内容")
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="保存时刻")
