"""Parcels have a life of their own; boundaries, units, codes and places hang on them (register.md §7 'Parcel')."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import geometry, identity


class Parcel(Base):
    __tablename__ = "parcel"
    __table_args__ = (
        Index("uq_parcel_parcel_code", "parcel_code", unique=True),
        Index("ix_parcel_pairs", text("pairs_of(name)"), postgresql_using="gin"),
        Index("ix_parcel_parcel_code_first", "parcel_code", postgresql_ops={"parcel_code": "text_pattern_ops"}),
        # Every page asks whether sample data stands in the register.
        Index("ix_parcel_marked", "id", postgresql_where=text("mark = 'sample'")),
        {"comment": "宗海"},
    )

    id: Mapped[int] = identity()
    parcel_code: Mapped[str | None] = mapped_column(Text, comment="宗海代码（登记时给出，永不重复使用）")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True, comment="项目")
    name: Mapped[str | None] = mapped_column(Text, comment="宗海名称")
    use_type: Mapped[str | None] = mapped_column(Text, comment="用海类型")
    boundary_id: Mapped[int | None] = mapped_column(
        # Deferred: parcel and boundary point at each other, and both arrive in one act.
        ForeignKey("boundary.id", use_alter=True, deferrable=True, initially="DEFERRED"),
        comment="边界",
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="录入时刻"
    )
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="消亡时刻")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("load_run.id"), comment="批量载入批次")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class ParcelLineage(Base):
    __tablename__ = "parcel_lineage"
    __table_args__ = ({"comment": "宗海的前后承接"},)

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True, comment="宗海")
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True, comment="前身宗海")
    act: Mapped[str] = mapped_column(Text, comment="形成承接的行为")


class LegacyIdentifier(Base):
    __tablename__ = "legacy_identifier"
    __table_args__ = (
        Index("ix_legacy_identifier_value", "scheme", "value"),
        Index("ix_legacy_identifier_value_first", "value", postgresql_ops={"value": "text_pattern_ops"}),
        {"comment": "历史编号（按体系，不唯一）"},
    )

    id: Mapped[int] = identity()
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), index=True, comment="宗海")
    right_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), index=True, comment="海域使用权")
    scheme: Mapped[str] = mapped_column(Text, comment="编号体系")
    value: Mapped[str] = mapped_column(Text, comment="编号")


class BoundaryRecord(Base):
    __tablename__ = "boundary"
    __table_args__ = (
        CheckConstraint("(hash is null) = (alg is null)", name="hash_names_its_algorithm"),
        Index("ix_boundary_hash", "hash"),
        {"comment": "界址（几何、编号、指纹）"},
    )

    id: Mapped[int] = identity()
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"), index=True, comment="宗海")
    hash: Mapped[str | None] = mapped_column(Text, comment="边界指纹；无效的旧边界在修复前没有")
    alg: Mapped[str | None] = mapped_column(Text, comment="指纹算法，例如 sha256")
    canonical: Mapped[str | None] = mapped_column(Text, comment="规范文本（指纹由它算出）")
    central_meridian: Mapped[Decimal] = mapped_column(Numeric(5, 1), comment="中央经线（度）")
    area_ha: Mapped[Decimal | None] = mapped_column(Numeric(14, 4), comment="面积（公顷）")
    numbers: Mapped[list[Any]] = mapped_column(JSONB, comment="界址点编号：[[经度毫秒, 纬度毫秒, 号], …]")
    accuracy_m: Mapped[float | None] = mapped_column(Numeric(8, 2), comment="测量精度（米），空为未测量")
    origin: Mapped[str] = mapped_column(Text, default="cgcs2000", comment="坐标来历")
    decisions: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, comment="读取时的各项决定")
    source_digest: Mapped[str | None] = mapped_column(ForeignKey("source_file.digest"), comment="原始文件摘要")
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="记录时刻"
    )
    geom: Mapped[Any] = geometry("POLYGON", "宗海范围（旧的无效边界照原样）")


class UnitRecord(Base):
    __tablename__ = "unit"
    __table_args__ = ({"comment": "宗海内部单元"},)

    id: Mapped[int] = identity()
    boundary_id: Mapped[int] = mapped_column(ForeignKey("boundary.id"), index=True, comment="界址")
    number: Mapped[int] = mapped_column(Integer, comment="单元序号")
    name: Mapped[str | None] = mapped_column(Text, comment="单元名称")
    use_mode: Mapped[str | None] = mapped_column(Text, comment="用海方式")
    specific_use: Mapped[str | None] = mapped_column(Text, comment="具体用途")
    area_ha: Mapped[Decimal | None] = mapped_column(Numeric(14, 4), comment="面积（公顷）")
    geom: Mapped[Any] = geometry("POLYGON", "单元范围")


class RealEstateUnit(Base):
    __tablename__ = "real_estate_unit"
    __table_args__ = (
        Index("ix_real_estate_unit_unit_code_first", "unit_code", postgresql_ops={"unit_code": "text_pattern_ops"}),
        {"comment": "不动产单元（宗海加定着物）"},
    )

    id: Mapped[int] = identity()
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), index=True, comment="宗海")
    unit_code: Mapped[str] = mapped_column(Text, unique=True, comment="不动产单元号（28 位）")
    feature: Mapped[str] = mapped_column(Text, comment="定着物特征：W F L Q")


class ParcelPlace(Base):
    __tablename__ = "parcel_place"
    __table_args__ = ({"comment": "宗海所在地方"},)

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), primary_key=True, comment="宗海")
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, comment="地方")
    hectares: Mapped[Decimal | None] = mapped_column(Numeric(14, 4), comment="其中面积（公顷）")
    is_computed: Mapped[bool] = mapped_column(Boolean, default=True, comment="是否由系统计算")
    ground: Mapped[str | None] = mapped_column(Text, comment="人工确定的理由")


class NumberSeries(Base):
    __tablename__ = "number_series"
    __table_args__ = ({"comment": "号码序列（行锁取号）"},)

    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="序列名")
    last: Mapped[int] = mapped_column(BigInteger, default=0, comment="已用的最大号")
