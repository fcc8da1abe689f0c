"""Column types that several tables share."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

SRID = 4490


def identity() -> Mapped[int]:
    """A surrogate key: a bigint that the database counts."""
    return mapped_column(BigInteger, Identity(always=False), primary_key=True, comment="编号")


def geometry(kind: str, comment: str, *, nullable: bool = False) -> Mapped[Any]:
    """A geometry in CGCS2000 degrees; indexes are declared by the table, where their condition can be seen."""
    return mapped_column(Geometry(kind, srid=SRID, spatial_index=False), nullable=nullable, comment=comment)
