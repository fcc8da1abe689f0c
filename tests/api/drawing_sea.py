"""A small sea to draw in: a parcel, the coast north of it, and the sheet of a boundary on the day of the tests."""

from __future__ import annotations

from typing import Any

import shapely
from sqlalchemy.orm import Session

from api import drawings
from maps import sheets
from marine.boundary import Boundary
from parcels.publishing import ZoneDraft
from tests.maps.sheets import drawings as read
from tests.parcels.builders import BOOK, TODAY, ms, rectangle
from tests.parcels.checks.sea import World

SEA = (211, 225, 230)  # The tint of neighbours.
PARCEL = (100, 100, 300, 250)


def sheet_of(session: Session, boundary: Boundary, **given: Any) -> sheets.SheetRequest:
    """The sheet of a boundary on the day of the tests."""
    values: dict[str, Any] = {"kind": "boundary", "book": BOOK, "day": TODAY, "project": "桑沟湾养殖"}
    return drawings.sheet_request(session, boundary=boundary, **values | given)


def drawn(session: Session, boundary: Boundary, **given: Any) -> bytes:
    """It as PDF."""
    return sheets.render(sheet_of(session, boundary, **given))


def neighbours_drawn(pdf: bytes) -> list[read.Path]:
    """The outlines of neighbours on the map; the legend's swatch is no map."""
    return [path for path in read.paths(pdf) if path.fill == SEA and path.parts[0][:, 0].max() < 185]


def county(world_: World, shape: Any, **given: Any) -> int:
    """荣成 with this sea; its id."""
    return world_.place("371082", "荣成市", shape, world_.city(), **given)


def shore(world_: World, north: float = 900, *, code: str = "shoreline", **given: Any) -> None:
    """Land from `north` (metres) on, its shoreline natural in the west and artificial in the east."""
    land = rectangle(-40_000, north, 40_000, north + 9_000)
    line = [shapely.LineString([ms(a, north), ms(b, north)]) for a, b in ((-40_000, 200), (200, 40_000))]
    world_.layer(
        code,
        [
            ZoneDraft(
                identity=kind, name_zh="岸线", name_en="Shore", effect="none", geometry=each, attributes={"kind": kind}
            )
            for kind, each in zip(("natural", "artificial"), line, strict=True)
        ],
        kind="shoreline",
        **given,
    )
    dry = ZoneDraft(identity="L", name_zh=f"{code}陆域", name_en="Land", effect="none", geometry=land)
    world_.layer(f"{code}陆域", [dry], kind="land", **given)  # fmt: skip
