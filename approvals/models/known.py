"""What is known before anybody types: who acts for whom, verified facts of parties, facts of projects by their code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Authorisation(Base):
    """A person (an account) acts for a party, for dated days."""

    __tablename__ = "authorisation"
    __table_args__ = (
        Index("ix_authorisation_account", "account_id"),
        {"comment": "授权：账号代表主体办事（按日期）"},
    )

    id: Mapped[int] = identity()
    account_id: Mapped[int] = mapped_column(BigInteger, comment="账号")
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="主体")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")
    basis_digest: Mapped[str | None] = mapped_column(ForeignKey("source_file.digest"), comment="授权文件")
    granted_by: Mapped[int | None] = mapped_column(BigInteger, comment="录入人账号")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="撤回时刻")


class PartyFact(Base):
    """A verified fact of a party that a form may take over; personal ones are sealed. A new row follows the old one."""

    __tablename__ = "party_fact"
    __table_args__ = (
        CheckConstraint("(value is null) <> (sealed is null)", name="one_value"),
        Index("uq_party_fact_current", "party_id", "field", unique=True, postgresql_where=text("until is null")),
        {"comment": "主体档案（经核验的事项）"},
    )

    id: Mapped[int] = identity()
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="主体")
    field: Mapped[str] = mapped_column(Text, comment="字段")
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True), comment="内容")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="内容（加密）")
    verified_on: Mapped[date | None] = mapped_column(Date, comment="核验日")
    verified_by: Mapped[str | None] = mapped_column(Text, comment="核验依据")
    since: Mapped[date] = mapped_column(Date, comment="自何日起")
    until: Mapped[date | None] = mapped_column(Date, comment="至何日（不含）")


class ProjectFact(Base):
    """What the project's own register (立项、备案) says of a project, by its code."""

    __tablename__ = "project_fact"
    __table_args__ = ({"comment": "项目档案（立项、备案所载）"},)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, comment="项目")
    field: Mapped[str] = mapped_column(Text, primary_key=True, comment="字段")
    value: Mapped[Any] = mapped_column(JSONB, comment="内容")
    source: Mapped[str] = mapped_column(Text, comment="来源")
    seen_on: Mapped[date] = mapped_column(Date, comment="取得日")
