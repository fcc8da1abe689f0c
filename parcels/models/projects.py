"""Projects with their parties and codes; parks and the sites in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import geometry, identity


class Project(Base):
    __tablename__ = "project"
    __table_args__ = ({"comment": "项目"},)

    id: Mapped[int] = identity()
    name: Mapped[str] = mapped_column(Text, comment="项目名称")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), comment="录入时刻"
    )
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    scope_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="经办地方")


class ProjectCode(Base):
    __tablename__ = "project_code"
    __table_args__ = (Index("ix_project_code_code", "scheme", "code"), {"comment": "项目代码（按体系）"})

    id: Mapped[int] = identity()
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True, comment="项目")
    scheme: Mapped[str] = mapped_column(Text, comment="代码体系")
    code: Mapped[str] = mapped_column(Text, comment="代码")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")


class ProjectParty(Base):
    __tablename__ = "project_party"
    __table_args__ = ({"comment": "项目主体"},)

    id: Mapped[int] = identity()
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True, comment="项目")
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True, comment="主体")
    role: Mapped[str] = mapped_column(Text, default="applicant", comment="角色")


class Park(Base):
    __tablename__ = "park"
    __table_args__ = ({"comment": "园区"},)

    id: Mapped[int] = identity()
    name_zh: Mapped[str] = mapped_column(Text, comment="中文名")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="所在地方")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    geom: Mapped[Any] = geometry("MULTIPOLYGON", "园区范围", nullable=True)


class ProjectSite(Base):
    __tablename__ = "project_site"
    __table_args__ = (
        CheckConstraint("state in ('vacant','reserved','leased','built')", name="state"),
        Index("ix_project_site_geom", "geom", postgresql_using="gist"),
        {"comment": "项目地块（几何、所有人、状态）"},
    )

    id: Mapped[int] = identity()
    park_id: Mapped[int | None] = mapped_column(ForeignKey("park.id"), comment="园区")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), comment="项目")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), comment="所有人")
    name_zh: Mapped[str] = mapped_column(Text, comment="中文名")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名")
    state: Mapped[str] = mapped_column(Text, comment="状态")
    mark: Mapped[str | None] = mapped_column(Text, comment="疑标：sample 为示例")
    geom: Mapped[Any] = geometry("MULTIPOLYGON", "地块范围")
