"""Original files by digest, and bulk loads: runs of chunks with a manifest, resumable (register.md §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class SourceFile(Base):
    __tablename__ = "source_file"
    __table_args__ = ({"comment": "原始文件（按摘要保存，永久）"},)

    digest: Mapped[str] = mapped_column(Text, primary_key=True, comment="SHA-256 摘要")
    alg: Mapped[str] = mapped_column(Text, default="sha256", comment="摘要算法")
    name: Mapped[str] = mapped_column(Text, comment="文件名")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="原始字节")
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="记录时刻"
    )


class LoadRun(Base):
    __tablename__ = "load_run"
    __table_args__ = (
        CheckConstraint("target in ('rights','zones','shoreline','land','places')", name="target"),
        CheckConstraint("state in ('running','finished')", name="state"),
        CheckConstraint("audit in ('pending','done','not_needed')", name="audit"),
        UniqueConstraint("source_digest", "target"),
        {"comment": "批量载入批次"},
    )

    id: Mapped[int] = identity()
    target: Mapped[str] = mapped_column(Text, comment="载入对象")
    source_digest: Mapped[str] = mapped_column(Text, comment="源文件摘要")
    source_name: Mapped[str] = mapped_column(Text, comment="源文件名")
    column_map: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="字段对应")
    feature_count: Mapped[int] = mapped_column(Integer, comment="要素数")
    state: Mapped[str] = mapped_column(Text, default="running", comment="状态")
    audit: Mapped[str] = mapped_column(Text, default="pending", comment="载入后的重叠审计")
    started_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="开始时刻"
    )
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="完成时刻")
    actor: Mapped[str] = mapped_column(Text, comment="操作人")


class LoadChunk(Base):
    __tablename__ = "load_chunk"
    __table_args__ = ({"comment": "批次分块（各为一个事务）"},)

    run_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"), primary_key=True, comment="批次")
    number: Mapped[int] = mapped_column(Integer, primary_key=True, comment="块号")
    first_feature: Mapped[int] = mapped_column(Integer, comment="首个要素号")
    last_feature: Mapped[int] = mapped_column(Integer, comment="末个要素号")
    adopted: Mapped[int] = mapped_column(Integer, comment="承接数")
    refused: Mapped[int] = mapped_column(Integer, comment="拒绝数")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class LoadFeature(Base):
    __tablename__ = "load_feature"
    __table_args__ = (
        UniqueConstraint("run_id", "feature_number", "part"),
        {"comment": "批次中每个要素的结果"},
    )

    id: Mapped[int] = identity()
    run_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"), comment="批次")
    feature_number: Mapped[int] = mapped_column(Integer, comment="要素号")
    part: Mapped[int] = mapped_column(Integer, default=0, comment="部分号")
    outcome: Mapped[str] = mapped_column(Text, comment="结果：adopted 或 refused")
    right_id: Mapped[int | None] = mapped_column(ForeignKey("sea_right.id"), comment="海域使用权")
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"), comment="宗海")
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"), comment="分区")
    findings: Mapped[list[Any]] = mapped_column(JSONB, default=list, comment="不一致与拒绝原因")


class LoadOverlap(Base):
    __tablename__ = "load_overlap"
    __table_args__ = ({"comment": "批量载入后的重叠审计结果"},)

    run_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"), primary_key=True, comment="批次")
    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), primary_key=True, comment="占用")
    other_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), primary_key=True, comment="对方占用")
    grade: Mapped[str] = mapped_column(Text, comment="等级")
    reason: Mapped[str | None] = mapped_column(Text, comment="原因")
    overlap_m2: Mapped[float] = mapped_column(Float, comment="重叠面积（平方米）")
    width_m: Mapped[float] = mapped_column(Float, comment="最大宽度（米）")
