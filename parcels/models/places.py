"""Places: own identity, dated codes by scheme, dated sea areas (register.md §7 'Place')."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import geometry, identity


class Place(Base):
    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("kind in ('country','province','city','county','zone','sea')", name="kind"),
        {"comment": "地方：行政区、功能区与海区"},
    )

    id: Mapped[int] = identity()
    kind: Mapped[str] = mapped_column(Text, comment="类别")
    name_zh: Mapped[str] = mapped_column(Text, comment="中文名")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="上级行政区")
    registry_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="不动产登记使用其代码的地方")


class PlaceCode(Base):
    __tablename__ = "place_code"
    __table_args__ = (
        CheckConstraint("scheme in ('administrative','statistical','registry','sea_area')", name="scheme"),
        Index("ix_place_code_code", "scheme", "code"),
        {"comment": "地方代码（按体系、按日期）"},
    )

    id: Mapped[int] = identity()
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="地方")
    scheme: Mapped[str] = mapped_column(Text, comment="代码体系")
    code: Mapped[str] = mapped_column(Text, comment="代码")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")


class PlaceArea(Base):
    __tablename__ = "place_area"
    __table_args__ = ({"comment": "地方的管辖海域（整面，供作答）"},)

    id: Mapped[int] = identity()
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True, comment="地方")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")
    source: Mapped[str] = mapped_column(Text, comment="来源")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例边界，非法定界线")
    accuracy_m: Mapped[float] = mapped_column(Numeric(8, 2), default=0.1, comment="声明精度（米）")
    geom: Mapped[Any] = geometry("MULTIPOLYGON", "海域范围")


class PlaceAreaPart(Base):
    __tablename__ = "place_area_part"
    __table_args__ = (
        Index("ix_place_area_part_geom", "geom", postgresql_using="gist"),
        {"comment": "管辖海域细分块（供候选查询）"},
    )

    id: Mapped[int] = identity()
    area_id: Mapped[int] = mapped_column(
        ForeignKey("place_area.id", ondelete="CASCADE"), index=True, comment="所属海域"
    )
    geom: Mapped[Any] = geometry("POLYGON", "细分块")
