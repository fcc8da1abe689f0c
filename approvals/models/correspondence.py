"""What a case asks others and tells people: questions to holders and offices, public notices, messages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Question(Base):
    """A consent asked of a party, or an opinion asked of an office: the exact question, bound to the boundary's hash."""

    __tablename__ = "case_question"
    __table_args__ = (
        CheckConstraint("(party_id is null) or (office is null)", name="one_addressee"),
        CheckConstraint("standing in ('open','answered','closed')", name="standing"),
        Index("uq_case_question_token", "token_hash", unique=True),
        {"comment": "征求同意与征求意见"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    step: Mapped[str] = mapped_column(Text, comment="环节")
    key: Mapped[str] = mapped_column(Text, comment="任务的区分")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True, comment="被征求的主体")
    office: Mapped[str | None] = mapped_column(Text, comment="被征求的单位（代码）")
    question: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="所问内容（代码与事实）")
    finding: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), comment="所依据的核查结论")
    boundary_hash: Mapped[str] = mapped_column(Text, comment="界址指纹")
    asked_on: Mapped[date] = mapped_column(Date, comment="发出日")
    answer_by: Mapped[date | None] = mapped_column(Date, comment="请于此日前答复")
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="签名链接的摘要")
    standing: Mapped[str] = mapped_column(Text, default="open", comment="状态")
    answer: Mapped[str | None] = mapped_column(Text, comment="答复")
    answered_on: Mapped[date | None] = mapped_column(Date, comment="答复日")
    answered_how: Mapped[str | None] = mapped_column(Text, comment="答复途径：门户、链接、书面、逾期")
    answer_digest: Mapped[str | None] = mapped_column(ForeignKey("source_file.digest"), comment="答复文件")


class PublicNotice(Base):
    """A public notice of a case: the days on which it runs, both included."""

    __tablename__ = "public_notice"
    __table_args__ = (
        CheckConstraint("standing in ('running','closed','withdrawn')", name="standing"),
        {"comment": "公示"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    first: Mapped[date] = mapped_column(Date, comment="首日")
    last: Mapped[date] = mapped_column(Date, comment="末日")
    boundary_hash: Mapped[str] = mapped_column(Text, comment="界址指纹")
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="公示内容（均为可公开事项）")
    standing: Mapped[str] = mapped_column(Text, default="running", comment="状态")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class NoticeComment(Base):
    """What somebody said of a running notice; name and contact are sealed."""

    __tablename__ = "notice_comment"
    __table_args__ = (
        CheckConstraint("stance in ('objects','supports','remark')", name="stance"),
        {"comment": "公示期内收到的意见"},
    )

    id: Mapped[int] = identity()
    notice_id: Mapped[int] = mapped_column(ForeignKey("public_notice.id"), index=True, comment="公示")
    stance: Mapped[str] = mapped_column(Text, comment="态度：异议、支持、其他")
    words: Mapped[str] = mapped_column(Text, comment="意见")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="姓名和联系方式（加密）")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="收到时刻")


class MessageDelivery(Base):
    """A copy of a message by another channel than the portal, for one account."""

    __tablename__ = "message_delivery"
    __table_args__ = (
        CheckConstraint("channel in ('email')", name="channel"),
        {"comment": "消息在门户之外的副本，每个渠道和收件账号一份"},
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True, comment="消息")
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, comment="收件账号")
    channel: Mapped[str] = mapped_column(Text, primary_key=True, comment="渠道")
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="发出时刻")
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="邮件服务器收下的时刻")
    failure: Mapped[str | None] = mapped_column(Text, comment="没有送出的原因")


class Message(Base):
    """A message kept with its channel and what became of it; addressed to a party, an account, or a role at a place."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_role_place", "to_role", "to_place_id"),
        Index("uq_message_once", "case_id", "once", unique=True),
        {"comment": "消息"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    to_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True, comment="收件主体")
    to_account: Mapped[int | None] = mapped_column(BigInteger, index=True, comment="收件账号")
    to_role: Mapped[str | None] = mapped_column(Text, comment="收件角色")
    to_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="收件地方")
    code: Mapped[str] = mapped_column(Text, comment="消息代码")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="消息事实")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="不宜明文保存的内容（加密）")
    channel: Mapped[str] = mapped_column(Text, default="portal", comment="渠道")
    once: Mapped[str | None] = mapped_column(Text, comment="防重复的标记（重做任务时不再发一次）")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="发出时刻")
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="送达时刻")
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="打开时刻")
