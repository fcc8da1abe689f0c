"""Who looks at a case just now: not part of any record, and gone when the database is restarted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base


class CasePresence(Base):
    """One row for a person with the page of a case open, renewed while it is."""

    __tablename__ = "case_presence"
    __table_args__ = ({"comment": "正在看一件办件的人（不入档）", "prefixes": ["UNLOGGED"]},)

    case_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("approval_case.id"), primary_key=True, autoincrement=False, comment="办件"
    )
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id"), primary_key=True, autoincrement=False, comment="账号"
    )
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True, comment="最近一次报到时刻")
