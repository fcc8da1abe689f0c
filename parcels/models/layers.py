"""Planning and protection layers in versions; shoreline and land are layers too, so that they have versions and a source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import geometry, identity

DISCLOSURES = "('public','outline','officer','sealed')"


class Layer(Base):
    __tablename__ = "layer"
    __table_args__ = (
        CheckConstraint("kind in ('zones','shoreline','land')", name="kind"),
        CheckConstraint(f"disclosure in {DISCLOSURES}", name="disclosure"),
        {"comment": "图层（规划、管控、岸线、陆地）"},
    )

    id: Mapped[int] = identity()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="图层代码")
    kind: Mapped[str] = mapped_column(Text, comment="类别")
    name_zh: Mapped[str] = mapped_column(Text, comment="中文名")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名")
    office_zh: Mapped[str | None] = mapped_column(Text, comment="征求意见的部门")
    office_en: Mapped[str | None] = mapped_column(Text, comment="征求意见的部门（英文）")
    disclosure: Mapped[str] = mapped_column(Text, default="public", comment="公开程度")
    accuracy_m: Mapped[float] = mapped_column(Numeric(8, 2), default=0.1, comment="声明精度（米），至少 0.10")


class LayerVersion(Base):
    __tablename__ = "layer_version"
    __table_args__ = (
        UniqueConstraint("layer_id", "number"),
        CheckConstraint("transition in ('all','accepted_after','decided_after')", name="transition"),
        CheckConstraint("standing in ('draft','published','withdrawn')", name="standing"),
        {"comment": "图层版本"},
    )

    id: Mapped[int] = identity()
    layer_id: Mapped[int] = mapped_column(ForeignKey("layer.id"), comment="图层")
    number: Mapped[int] = mapped_column(Integer, comment="版本号")
    standing: Mapped[str] = mapped_column(Text, default="draft", comment="状态")
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="发布时刻")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="施行期")
    transition: Mapped[str] = mapped_column(Text, default="all", comment="过渡办法")
    transition_basis: Mapped[str | None] = mapped_column(Text, comment="过渡依据")
    source: Mapped[str] = mapped_column(Text, comment="来源")
    cite: Mapped[str | None] = mapped_column(Text, comment="依据")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标")
    proposed_by: Mapped[str | None] = mapped_column(Text, comment="提出人")
    approved_by: Mapped[str | None] = mapped_column(Text, comment="批准人")


class Zone(Base):
    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint("effect in ('forbid','restrict','consult','inform','none')", name="effect"),
        CheckConstraint(f"disclosure is null or disclosure in {DISCLOSURES}", name="disclosure"),
        {"comment": "分区（整面，供作答）"},
    )

    id: Mapped[int] = identity()
    version_id: Mapped[int] = mapped_column(ForeignKey("layer_version.id"), index=True, comment="图层版本")
    identity: Mapped[str] = mapped_column(Text, comment="跨版本的分区标识")
    name_zh: Mapped[str] = mapped_column(Text, comment="中文名")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名")
    effect: Mapped[str] = mapped_column(Text, comment="效力：禁止、限制、征求意见、提示、无")
    use_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="适用的用海类型，空为全部")
    use_modes: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="适用的用海方式，空为全部")
    held: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="适用日期")
    buffer_m: Mapped[float] = mapped_column(Numeric(10, 2), default=0, comment="外扩（米）")
    answer_days: Mapped[int | None] = mapped_column(Integer, comment="答复工作日")
    cite: Mapped[str | None] = mapped_column(Text, comment="依据")
    disclosure: Mapped[str | None] = mapped_column(Text, comment="公开程度，空则随图层")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, comment="其他属性（岸线类型等）")
    geom: Mapped[Any] = geometry("GEOMETRY", "原样几何")
    effect_geom: Mapped[Any] = geometry("GEOMETRY", "含外扩的作用范围（面），岸线为线")


class ZonePart(Base):
    __tablename__ = "zone_part"
    __table_args__ = (
        Index("ix_zone_part_geom", "geom", postgresql_using="gist"),
        {"comment": "分区细分块（供候选查询）"},
    )

    id: Mapped[int] = identity()
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id", ondelete="CASCADE"), index=True, comment="分区")
    version_id: Mapped[int] = mapped_column(ForeignKey("layer_version.id"), comment="图层版本")
    geom: Mapped[Any] = geometry("GEOMETRY", "细分块")
