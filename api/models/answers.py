"""Answers kept under the idempotency key of their request: the same request again gets the same answer and does nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base


class KeptAnswer(Base):
    """Written in the transaction of the act itself."""

    __tablename__ = "kept_answer"
    __table_args__ = ({"comment": "按幂等键保存的答复"},)

    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, comment="账号")
    key: Mapped[str] = mapped_column(Text, primary_key=True, comment="幂等键")
    request_digest: Mapped[str] = mapped_column(Text, comment="请求摘要")
    status: Mapped[int | None] = mapped_column(Integer, comment="答复状态码")
    body: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True), comment="答复内容")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
