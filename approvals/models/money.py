"""Bills with the steps of their calculation, and receipts, refunds and reversals against them; amounts in yuan."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Bill(Base):
    """A fee notice: what is owed by whom, line by line with its basis."""

    __tablename__ = "bill"
    __table_args__ = (
        CheckConstraint("standing in ('open','settled','void','exempt')", name="standing"),
        CheckConstraint("owed_yuan >= 0", name="owed"),
        {"comment": "缴款通知"},
    )

    id: Mapped[int] = identity()
    number: Mapped[str] = mapped_column(Text, unique=True, comment="缴款通知编号")
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    payer_id: Mapped[int] = mapped_column(ForeignKey("party.id"), comment="缴款人")
    owed_yuan: Mapped[Decimal] = mapped_column(Numeric(18, 2), comment="应缴（元）")
    lines: Mapped[list[Any]] = mapped_column(JSONB, comment="逐行计算与依据")
    first: Mapped[date] = mapped_column(Date, comment="计费首日")
    last: Mapped[date] = mapped_column(Date, comment="计费末日")
    rules_hash: Mapped[str] = mapped_column(Text, comment="规则库指纹")
    issued_on: Mapped[date] = mapped_column(Date, comment="开具日")
    standing: Mapped[str] = mapped_column(Text, default="open", comment="状态")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class Receipt(Base):
    """Money that moved: a receipt, or a refund or reversal of one. Only added to; a reversed receipt frees its number."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("kind in ('receipt','refund','reversal')", name="kind"),
        CheckConstraint("yuan > 0", name="yuan"),
        CheckConstraint("(kind = 'reversal') = (reverses_id is not null)", name="reverses"),
        UniqueConstraint("reverses_id"),
        Index("uq_receipt_kind_number", "kind", "number", unique=True, postgresql_where=text("not is_reversed")),
        {"comment": "缴款凭证、退款与冲正"},
    )

    id: Mapped[int] = identity()
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True, comment="缴款通知")
    kind: Mapped[str] = mapped_column(Text, comment="种类：缴款、退款、冲正")
    number: Mapped[str] = mapped_column(Text, comment="凭证号")
    yuan: Mapped[Decimal] = mapped_column(Numeric(18, 2), comment="金额（元）")
    moved_on: Mapped[date] = mapped_column(Date, comment="缴款或退款日")
    voucher_digest: Mapped[str] = mapped_column(Text, comment="凭证文件摘要")
    is_reversed: Mapped[bool] = mapped_column(Boolean, default=False, comment="已被冲正")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), comment="冲正哪一笔")
    recorded_by: Mapped[int | None] = mapped_column(BigInteger, comment="录入人账号")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
