"""Papers: documents with number, standing and what they were made from; their renditions by digest; who issues them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from data.store import Base
from parcels.models.columns import identity


class Issuer(Base):
    """Who issues and signs the papers of a place; the built-in one makes samples only (register.md §8)."""

    __tablename__ = "issuer"
    __table_args__ = ({"comment": "出具机关"},)

    id: Mapped[int] = identity()
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="地方，空为全部")
    name_zh: Mapped[str] = mapped_column(Text, comment="机关名称")
    name_en: Mapped[str] = mapped_column(Text, comment="英文名称")
    signer: Mapped[str] = mapped_column(Text, comment="签名主体")
    certificate: Mapped[bytes] = mapped_column(LargeBinary, comment="签名证书（DER）")
    key_name: Mapped[str] = mapped_column(Text, comment="密钥名称（密钥不在库中）")
    is_builtin: Mapped[bool] = mapped_column(Boolean, default=False, comment="内置示例机关")
    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, comment="有效期")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class Document(Base):
    """One paper. It is lawful when its act is; until its rendition is there its standing is `making`."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("standing in ('making','valid','superseded','revoked')", name="standing"),
        Index("ix_document_making", "id", postgresql_where=text("standing = 'making'")),
        {"comment": "文书"},
    )

    id: Mapped[int] = identity()
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id"), index=True, comment="办件")
    kind: Mapped[str] = mapped_column(Text, comment="文书种类")
    number: Mapped[str] = mapped_column(Text, unique=True, comment="文号")
    code: Mapped[str] = mapped_column(Text, unique=True, comment="核验码")
    issued_on: Mapped[date] = mapped_column(Date, comment="出具日")
    standing: Mapped[str] = mapped_column(Text, default="making", comment="状态")
    ended_on: Mapped[date | None] = mapped_column(Date, comment="被替换或撤销之日")
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), comment="由哪一份替换")
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"), comment="出具机关")
    is_sample: Mapped[bool] = mapped_column(Boolean, comment="样本，无效")
    template_hash: Mapped[str] = mapped_column(Text, comment="事项模板指纹")
    rules_hash: Mapped[str] = mapped_column(Text, comment="规则库指纹")
    boundary_hash: Mapped[str | None] = mapped_column(Text, comment="界址指纹")
    form_digest: Mapped[str | None] = mapped_column(Text, comment="申请表摘要")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="文书内容（加密），由它排版")
    content_digest: Mapped[str] = mapped_column(Text, comment="文书内容带盐的摘要")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")


class Rendition(Base):
    """Immutable bytes of a paper in one language and format, signed."""

    __tablename__ = "rendition"
    __table_args__ = (
        UniqueConstraint("document_id", "lang", "media_type"),
        {"comment": "文书的一份成品（不可改）"},
    )

    id: Mapped[int] = identity()
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), comment="文书")
    lang: Mapped[str] = mapped_column(Text, comment="语言")
    media_type: Mapped[str] = mapped_column(Text, comment="格式")
    digest: Mapped[str] = mapped_column(ForeignKey("source_file.digest"), index=True, comment="成品摘要")
    unsigned_digest: Mapped[str] = mapped_column(Text, comment="签名前的摘要（同一内容每次相同）")
    pages: Mapped[int] = mapped_column(Integer, comment="页数")
    signer: Mapped[str | None] = mapped_column(Text, comment="签名主体")
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="签名时刻")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="记录时刻")
