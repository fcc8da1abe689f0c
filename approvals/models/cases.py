"""Cases with their tasks, answers, holders, materials, signatures and the reports that were filed with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Case(Base):
    """One application. `state` is the engine's state; `version` grows with every change that two people could make at once."""

    __tablename__ = "approval_case"
    __table_args__ = (
        Index("ix_approval_case_place_standing", "scope_place_id", "standing"),
        {"comment": "办件"},
    )

    id: Mapped[int] = identity()
    number: Mapped[str] = mapped_column(Text, unique=True, comment="办件编号")
    template: Mapped[str] = mapped_column(Text, comment="事项模板")
    template_version: Mapped[int] = mapped_column(Integer, comment="模板版本（办件始终沿用开始时的版本）")
    template_hash: Mapped[str] = mapped_column(Text, comment="模板指纹")
    state: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="流程状态（由事件推进而来）")
    version: Mapped[int] = mapped_column(Integer, default=0, comment="版本，每次改动加一")
    standing: Mapped[str | None] = mapped_column(Text, comment="办件状态")
    ended: Mapped[str | None] = mapped_column(Text, comment="终结状态")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True, comment="申请人")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True, comment="项目")
    opened_by: Mapped[int | None] = mapped_column(BigInteger, comment="开件人账号")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id"), comment="由哪一件重新提出")
    use: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="用海内容：界址、类型、方式、期限、空间层")
    boundary_hash: Mapped[str | None] = mapped_column(Text, index=True, comment="界址指纹")
    salt: Mapped[bytes] = mapped_column(LargeBinary, comment="申请表摘要所用的盐")
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="收件时刻")
    received_on: Mapped[date | None] = mapped_column(Date, comment="收件日")
    accepted_on: Mapped[date | None] = mapped_column(Date, comment="受理日")
    decided_on: Mapped[date | None] = mapped_column(Date, comment="决定日")
    right_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), comment="由本件登记的海域使用权")
    opened_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="开件时刻"
    )
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class CaseVersion(Base):
    """The use of the sea as it was submitted, kept each time: what a correction changed can be seen on a map."""

    __tablename__ = "case_version"
    __table_args__ = ({"comment": "办件每次提交时的用海内容（不可改）"},)

    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), primary_key=True, comment="办件")
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="第几次提交，自 1 起")
    use: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="用海内容：界址、类型、方式、期限、空间层")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class CaseTask(Base):
    """The tasks of the state as rows, so that an inbox is a query; the state's own numbers."""

    __tablename__ = "case_task"
    __table_args__ = (
        Index("ix_case_task_open", "role", "step", postgresql_where=text("status = 'open'")),
        {"comment": "办件环节任务"},
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), primary_key=True, comment="办件")
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="任务序号")
    step: Mapped[str] = mapped_column(Text, comment="环节")
    key: Mapped[str | None] = mapped_column(Text, comment="同一环节内的区分")
    role: Mapped[str] = mapped_column(Text, comment="办理角色")
    round: Mapped[int] = mapped_column(Integer, comment="第几轮")
    status: Mapped[str] = mapped_column(Text, comment="状态")
    outcome: Mapped[str | None] = mapped_column(Text, comment="结果")
    opened_on: Mapped[date] = mapped_column(Date, comment="开启日")
    done_on: Mapped[date | None] = mapped_column(Date, comment="完成日")


class CaseAnswer(Base):
    """One answer of the form; identity numbers are sealed. `holder` counts co-holders from 1."""

    __tablename__ = "case_answer"
    __table_args__ = (
        CheckConstraint("(value is null) <> (sealed is null)", name="one_value"),
        {"comment": "申请表答案"},
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), primary_key=True, comment="办件")
    field: Mapped[str] = mapped_column(Text, primary_key=True, comment="字段")
    holder: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="第几个权利人，自 1 起")
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True), comment="答案")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="答案（加密）")
    source: Mapped[str] = mapped_column(Text, comment="来源：填写、档案、图形、规则、项目代码、系统")
    verified_on: Mapped[date | None] = mapped_column(Date, comment="核验日")
    verified_by: Mapped[str | None] = mapped_column(Text, comment="核验依据")
    entered_by: Mapped[int | None] = mapped_column(BigInteger, comment="填写人账号")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class CaseHolder(Base):
    """Who is to hold the right: parties in order, with the kind of co-holding and shares."""

    __tablename__ = "case_holder"
    __table_args__ = (
        CheckConstraint("holding in ('sole','joint','shares')", name="holding"),
        CheckConstraint("(holding = 'shares') = (share_numerator is not null)", name="shares_are_told"),
        UniqueConstraint("case_id", "party_id"),
        {"comment": "拟登记的权利人"},
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), primary_key=True, comment="办件")
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="次序，自 1 起")
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), comment="权利人")
    holding: Mapped[str] = mapped_column(Text, comment="共有方式")
    share_numerator: Mapped[int | None] = mapped_column(Integer, comment="份额分子")
    share_denominator: Mapped[int | None] = mapped_column(Integer, comment="份额分母")


class CaseMaterial(Base):
    """A file on the case's file: original bytes by digest, type by content. Withdrawn, never deleted."""

    __tablename__ = "case_material"
    __table_args__ = (
        CheckConstraint("provided_by in ('applicant','system','office')", name="provided_by"),
        {"comment": "办件材料"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    name: Mapped[str] = mapped_column(Text, comment="材料（模板中的名称）")
    title: Mapped[str] = mapped_column(Text, comment="文件名")
    digest: Mapped[str] = mapped_column(ForeignKey("source_file.digest"), comment="SHA-256 摘要")
    media_type: Mapped[str] = mapped_column(Text, comment="由内容判断的类型")
    size_bytes: Mapped[int] = mapped_column(BigInteger, comment="字节数")
    pages: Mapped[int | None] = mapped_column(Integer, comment="页数")
    provided_by: Mapped[str] = mapped_column(Text, comment="由谁提供")
    added_by: Mapped[int | None] = mapped_column(BigInteger, comment="上传人账号")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="撤回时刻")


class Signing(Base):
    """A signature asked for and given: it binds the digests of form, boundary and materials; any later change voids it."""

    __tablename__ = "case_signing"
    __table_args__ = (
        CheckConstraint("way in ('code','scan')", name="way"),
        {"comment": "申请人签署"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    way: Mapped[str] = mapped_column(Text, comment="签署方式：一次性验证码、盖章扫描件")
    form_digest: Mapped[str] = mapped_column(Text, comment="申请表摘要")
    boundary_hash: Mapped[str] = mapped_column(Text, comment="界址指纹")
    materials_digest: Mapped[str] = mapped_column(Text, comment="材料摘要")
    asked_by: Mapped[int | None] = mapped_column(BigInteger, comment="签署人账号")
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="验证码摘要")
    salt: Mapped[bytes | None] = mapped_column(LargeBinary, comment="验证码摘要所用的盐")
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="验证码失效时刻")
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="已试次数")
    scan_digest: Mapped[str | None] = mapped_column(ForeignKey("source_file.digest"), comment="盖章扫描件")
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="发起时刻")
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="签署时刻")
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="失效时刻")
    void_reason: Mapped[str | None] = mapped_column(Text, comment="失效原因")


class CaseReport(Base):
    """A check's report as it was filed: everything that it was computed from, so that it can be computed again."""

    __tablename__ = "case_report"
    __table_args__ = (
        CheckConstraint("purpose in ('submission','acceptance','decision','registration')", name="purpose"),
        {"comment": "随件保存的核查报告（可重新计算）"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    purpose: Mapped[str] = mapped_column(Text, comment="用于哪一步")
    today: Mapped[date] = mapped_column(Date, comment="核查日")
    use: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="被核查的用海内容")
    dates: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="收件、受理、决定日与免予比对的权利")
    judged: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="比对过的各行与图层版本")
    rules_hash: Mapped[str] = mapped_column(Text, comment="规则库指纹")
    grade: Mapped[str] = mapped_column(Text, comment="最重的结论")
    digest: Mapped[str] = mapped_column(Text, comment="报告内容的 SHA-256 摘要")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
