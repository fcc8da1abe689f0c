"""Parties: an identity without a number of its own meaning; names and identifiers are dated rows (register.md §7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Party(Base):
    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint(
            "kind in ('person','household','company','cooperative','village_collective','public_body')", name="kind"
        ),
        {"comment": "权利人、申请人等主体"},
    )

    id: Mapped[int] = identity()
    kind: Mapped[str] = mapped_column(Text, comment="主体类别")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="录入时刻"
    )
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), comment="并入的主体")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class PartyName(Base):
    __tablename__ = "party_name"
    __table_args__ = (
        Index("ix_party_name_pairs", text("pairs_of(name)"), postgresql_using="gin"),
        {"comment": "主体名称（按日期）"},
    )

    id: Mapped[int] = identity()
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="主体")
    name: Mapped[str] = mapped_column(Text, index=True, comment="名称")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")


class PartyIdentifier(Base):
    __tablename__ = "party_identifier"
    __table_args__ = (
        CheckConstraint(
            "scheme in ('uscc','id18','id15','passport','hmt_permit','organisation_code','none')", name="scheme"
        ),
        Index("ix_party_identifier_keyed", "scheme", "keyed_hash"),
        {"comment": "主体证件（加密，另存带密钥摘要供相等查询）"},
    )

    id: Mapped[int] = identity()
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="主体")
    scheme: Mapped[str] = mapped_column(Text, comment="证件种类")
    ciphertext: Mapped[bytes | None] = mapped_column(LargeBinary, comment="证件号（加密）")
    keyed_hash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="证件号带密钥摘要")
    check_digit_ok: Mapped[bool | None] = mapped_column(Boolean, comment="校验位是否正确")
    verified_how: Mapped[str | None] = mapped_column(Text, comment="核验方式")
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="核验时刻")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")


class PartyMember(Base):
    __tablename__ = "party_member"
    __table_args__ = ({"comment": "集体成员及份额"},)

    id: Mapped[int] = identity()
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="集体")
    member_id: Mapped[int] = mapped_column(ForeignKey("party.id"), comment="成员")
    share_numerator: Mapped[int | None] = mapped_column(Integer, comment="份额分子")
    share_denominator: Mapped[int | None] = mapped_column(Integer, comment="份额分母")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")
