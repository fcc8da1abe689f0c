"""Accounts of people, the posts that they hold (role at a place, for dated days), sign-in sessions, and tries at no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Account(Base):
    """A person who can sign in. Passwords are kept as argon2 hashes only."""

    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_login", text("lower(login)"), unique=True),
        {"comment": "账号"},
    )

    id: Mapped[int] = identity()
    login: Mapped[str] = mapped_column(Text, comment="登录名")
    name: Mapped[str] = mapped_column(Text, comment="姓名")
    email: Mapped[str | None] = mapped_column(Text, comment="邮箱")
    phone: Mapped[str | None] = mapped_column(Text, comment="手机")
    password_hash: Mapped[str | None] = mapped_column(Text, comment="口令摘要（argon2）；空则不能以口令登录")
    is_sample: Mapped[bool] = mapped_column(Boolean, default=False, comment="示例账号")
    failures: Mapped[int] = mapped_column(Integer, default=0, comment="连续失败次数")
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="锁定至")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="建立时刻")
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="停用时刻")


class AccountPost(Base):
    """A role that an account holds at a place (None: everywhere)."""

    __tablename__ = "account_post"
    __table_args__ = (
        CheckConstraint(
            "role in ('steward','window','reviewer','approver','registrar','planner','administrator')", name="role"
        ),
        CheckConstraint("role <> 'administrator' or place_id is null", name="administrator_everywhere"),
        {"comment": "岗位：账号在某地方的角色（按日期）"},
    )

    id: Mapped[int] = identity()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="账号")
    role: Mapped[str] = mapped_column(Text, comment="角色")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="地方，空为全部")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")


class SignInSession(Base):
    """A session by the digest of its token; it can be revoked at once."""

    __tablename__ = "sign_in_session"
    __table_args__ = ({"comment": "登录会话"},)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="令牌摘要")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="账号")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="登录时刻")
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="最近活动时刻")
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="失效时刻")
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="撤销时刻")
    agent: Mapped[str | None] = mapped_column(Text, comment="浏览器")


class UnknownLogin(Base):
    """Failed tries at a login that no account bears, counted as for an account: else the lock would tell which logins exist."""

    __tablename__ = "unknown_login"
    __table_args__ = (
        Index("ix_unknown_login_tried_at", "tried_at"),
        {"comment": "对不存在的登录名的失败尝试"},
    )

    # Keyed, because people type their password into the wrong box.
    login_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="登录名带密钥摘要")
    failures: Mapped[int] = mapped_column(Integer, comment="连续失败次数")
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="锁定至")
    tried_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="最近尝试时刻")
