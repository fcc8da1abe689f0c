"""Sea-use rights: never edited, ended and followed by new ones; claims of accepted cases; papers for layered pairs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class SeaRight(Base):
    __tablename__ = "sea_right"
    __table_args__ = (
        CheckConstraint("door in ('adopted','granted')", name="door"),
        Index("ix_sea_right_register_number", "register_number"),
        Index("ix_sea_right_register_number_pairs", text("pairs_of(register_number)"), postgresql_using="gin"),
        {"comment": "海域使用权"},
    )

    id: Mapped[int] = identity()
    door: Mapped[str] = mapped_column(Text, comment="入册方式：承接旧权利或新设")
    case_number: Mapped[str | None] = mapped_column(Text, index=True, comment="办件编号")
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("sea_claim.id"), comment="由哪一项主张登记而来")
    register_number: Mapped[str | None] = mapped_column(Text, comment="登记编号")
    decision_on: Mapped[date | None] = mapped_column(Date, comment="批准日")
    entered_on: Mapped[date | None] = mapped_column(Date, comment="登簿日")
    term: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="批准期限")
    ended_on: Mapped[date | None] = mapped_column(Date, comment="实际终止日")
    ended_how: Mapped[str | None] = mapped_column(Text, comment="终止原因")
    area_registered: Mapped[Decimal | None] = mapped_column(Numeric(14, 4), comment="证载面积（公顷）")
    is_fee_exempt: Mapped[bool] = mapped_column(Boolean, default=False, comment="是否免缴海域使用金")
    is_layered: Mapped[bool] = mapped_column(Boolean, default=False, comment="立体分层设权")
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), comment="前一权利")
    known: Mapped[Range[Any]] = mapped_column(TSTZRANGE, comment="系统持有此行的时段")
    inconsistencies: Mapped[list[Any]] = mapped_column(JSONB, default=list, comment="承接时记录的不一致")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("load_run.id"), index=True, comment="批量载入批次")
    rules_hash: Mapped[str | None] = mapped_column(Text, comment="适用的规则库指纹")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class RightParcel(Base):
    __tablename__ = "sea_right_parcel"
    __table_args__ = ({"comment": "权利与宗海"},)

    right_id: Mapped[int] = mapped_column(ForeignKey("sea_right.id"), primary_key=True, comment="海域使用权")
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True, index=True, comment="宗海")


class RightParty(Base):
    __tablename__ = "sea_right_party"
    __table_args__ = (
        CheckConstraint("holding in ('sole','joint','shares')", name="holding"),
        {"comment": "权利人及份额"},
    )

    right_id: Mapped[int] = mapped_column(ForeignKey("sea_right.id"), primary_key=True, comment="海域使用权")
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True, index=True, comment="权利人")
    holding: Mapped[str] = mapped_column(Text, default="sole", comment="共有方式")
    share_numerator: Mapped[int | None] = mapped_column(Integer, comment="份额分子")
    share_denominator: Mapped[int | None] = mapped_column(Integer, comment="份额分母")


class RightNote(Base):
    __tablename__ = "right_note"
    __table_args__ = (
        CheckConstraint("kind in ('layered','mortgage','frozen','seized','disputed','note')", name="kind"),
        {"comment": "权利上的附记、抵押、冻结等"},
    )

    id: Mapped[int] = identity()
    right_id: Mapped[int] = mapped_column(ForeignKey("sea_right.id"), index=True, comment="海域使用权")
    kind: Mapped[str] = mapped_column(Text, comment="种类")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), comment="相关主体")
    text: Mapped[str | None] = mapped_column(Text, comment="内容")
    held: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="生效期间")
    known: Mapped[Range[Any]] = mapped_column(TSTZRANGE, comment="系统持有此行的时段")


class SeaClaim(Base):
    """The sea that an accepted case claims and, once decided, holds; ends by registration, withdrawal, refusal or lapse."""

    __tablename__ = "sea_claim"
    __table_args__ = (
        CheckConstraint(
            "standing in ('claimed','approved','registered','withdrawn','refused','lapsed')", name="standing"
        ),
        CheckConstraint("upper_inf(known) = (standing in ('claimed','approved'))", name="open_while_it_holds"),
        CheckConstraint("renews_id is null or changes_id is null", name="renews_or_changes"),
        # A case that was withdrawn or lapsed may claim again when it is reopened; it never holds two claims at once.
        Index("uq_sea_claim_case_number_open", "case_number", unique=True, postgresql_where=text("upper_inf(known)")),
        {"comment": "已受理办件对海域的占用主张"},
    )

    id: Mapped[int] = identity()
    case_number: Mapped[str] = mapped_column(Text, index=True, comment="办件编号")
    standing: Mapped[str] = mapped_column(
        Text, default="claimed", comment="状态：在办、已批、已登记、撤回、不予批准、失效"
    )
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True, comment="项目")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), comment="申请人")
    boundary_id: Mapped[int] = mapped_column(ForeignKey("boundary.id"), index=True, comment="界址")
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id", use_alter=True), comment="续期的权利")
    changes_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id", use_alter=True), comment="变更的权利")
    use_type: Mapped[str | None] = mapped_column(Text, comment="用海类型")
    decision_on: Mapped[date | None] = mapped_column(Date, comment="批准日")
    term: Mapped[Range[Any] | None] = mapped_column(DATERANGE, comment="申请或批准的期限")
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="收件时刻")
    known: Mapped[Range[Any]] = mapped_column(TSTZRANGE, comment="系统持有此行的时段")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class LayeringPaper(Base):
    __tablename__ = "layering_paper"
    __table_args__ = (
        CheckConstraint("kind in ('consent','settlement')", name="kind"),
        CheckConstraint("(earlier_right_id is null) <> (earlier_case_number is null)", name="one_earlier_side"),
        {"comment": "立体分层设权的材料：在先权利人同意或处理结果，论证结论"},
    )

    id: Mapped[int] = identity()
    earlier_right_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), index=True, comment="在先权利")
    earlier_case_number: Mapped[str | None] = mapped_column(Text, comment="在先办件（尚未登记时）")
    case_number: Mapped[str] = mapped_column(Text, index=True, comment="后设办件编号")
    boundary_hash: Mapped[str] = mapped_column(Text, index=True, comment="后设边界的指纹")
    kind: Mapped[str] = mapped_column(Text, comment="同意或处理结果")
    consent_digest: Mapped[str] = mapped_column(ForeignKey("source_file.digest"), comment="同意书或处理结果文件")
    argument_digest: Mapped[str] = mapped_column(ForeignKey("source_file.digest"), comment="论证结论文件")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class LayeringPaperWithdrawn(Base):
    __tablename__ = "layering_paper_withdrawn"
    __table_args__ = ({"comment": "已撤回的立体分层设权材料：同意被收回"},)

    paper_id: Mapped[int] = mapped_column(ForeignKey("layering_paper.id"), primary_key=True, comment="材料")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
