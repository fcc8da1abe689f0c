"""Occupation: the one table that check, tiles, audit and register map read (register.md §7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import geometry, identity


class Occupation(Base):
    """One row per unit and height band; never changed except to close its record time `known`."""

    __tablename__ = "occupation"
    __table_args__ = (
        CheckConstraint("standing in ('claimed','approved','registered')", name="standing"),
        CheckConstraint("disclosure in ('public','outline','officer','sealed')", name="disclosure"),
        CheckConstraint("layers between 1 and 15", name="layers"),
        CheckConstraint("months between 1 and 4095", name="months"),
        CheckConstraint("geometrytype(geom) in ('POLYGON','MULTIPOLYGON')", name="surface"),
        CheckConstraint("(right_id is null) <> (claim_id is null)", name="right_or_claim"),
        CheckConstraint("(right_id is not null) = (standing = 'registered')", name="only_rights_are_registered"),
        CheckConstraint("not isempty(held) and not isempty(known)", name="some_time"),
        CheckConstraint("not lower_inf(known)", name="known_since"),
        CheckConstraint("z_low is null or z_high is null or z_low < z_high", name="heights"),
        # The check reads current rows by place and filters dates: 0.33 ms; with the range first 3.9 ms (register.md §7).
        Index("ix_occupation_geom_current", "geom", postgresql_using="gist", postgresql_where=text("upper_inf(known)")),
        # The sea as it stood in the register on a day (record time): what the register no longer holds.
        Index(
            "ix_occupation_geom_closed", "geom", postgresql_using="gist", postgresql_where=text("NOT upper_inf(known)")
        ),
        # What an asker may not see is looked for in a wider box (the cells of register.md §5): a small index of its own.
        Index(
            "ix_occupation_geom_hidden",
            "geom",
            postgresql_using="gist",
            postgresql_where=text("upper_inf(known) AND disclosure <> 'public'"),
        ),
        {"comment": "海域占用（检查、瓦片、审计、登记图共用）"},
    )

    id: Mapped[int] = identity()
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"), index=True, comment="宗海")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), comment="内部单元")
    right_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), index=True, comment="海域使用权")
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("sea_claim.id"), index=True, comment="办件主张")
    held: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="法律上占用的期间（实际终止）")
    term: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="批准期限")
    known: Mapped[Range[Any]] = mapped_column(TSTZRANGE, comment="系统持有此行的时段")
    standing: Mapped[str] = mapped_column(Text, comment="状态：在办、已批、已登记")
    layers: Mapped[int] = mapped_column(SmallInteger, comment="四层位集：1水面 2水体 4海床 8底土")
    z_low: Mapped[float | None] = mapped_column(Float, comment="下界高程（米，1985）")
    z_high: Mapped[float | None] = mapped_column(Float, comment="上界高程（米，1985）")
    z_surveyed: Mapped[bool] = mapped_column(Boolean, default=False, comment="高程是否实测")
    months: Mapped[int] = mapped_column(SmallInteger, default=4095, comment="月份位集，最低位为一月")
    is_layered: Mapped[bool] = mapped_column(Boolean, default=False, comment="声明立体分层")
    use_type: Mapped[str | None] = mapped_column(Text, comment="用海类型")
    use_mode: Mapped[str | None] = mapped_column(Text, comment="用海方式")
    accuracy_m: Mapped[float | None] = mapped_column(Float, comment="测量精度（米），空为未测量")
    disclosure: Mapped[str] = mapped_column(Text, default="public", comment="公开程度")
    geom: Mapped[Any] = geometry("GEOMETRY", "占用范围")
