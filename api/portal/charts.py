"""Still maps of pages: a case's parcel among its neighbours as the asker may know them, and the public sea of the home page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import shapely
from markupsafe import Markup
from sqlalchemy.orm import Session

from api.routes.ground import packaged_coast
from data.messages import text
from maps.charts import Bounds, Place, Shape, around, chart
from marine.coordinates import MS_PER_DEGREE
from parcels.queries import atlas

# Enough for a bay; a map that holds more is the register's own page.
MOST_SHAPES = 800
SOON = timedelta(days=180)
GRADED = ("conflict", "needs_consent", "within_tolerance", "touching")


def polygon_of(boundary: Mapping[str, Any]) -> Any:
    """The polygon, in degrees, of a boundary as a case keeps it (milliseconds of arc)."""
    ring, holes = boundary["exterior"], boundary.get("holes") or ()
    return shapely.Polygon(_degrees(ring), [_degrees(each) for each in holes])


def _degrees(ring: Iterable[Any]) -> list[tuple[float, float]]:
    return [(lon / MS_PER_DEGREE, lat / MS_PER_DEGREE) for lon, lat in ring]


def case_chart(
    session: Session,
    use: Mapping[str, Any] | None,
    lang: str,
    today: date,
    *,
    findings: Iterable[Mapping[str, Any]] = (),
    before: Mapping[str, Any] | None = None,
    size: tuple[int, int] = (348, 220),
    room: float = 0.9,
) -> Markup:
    """The parcel of a use among public rights and claims; overlaps of the findings that the asker was told, and an earlier boundary.

    Empty where there is no boundary yet. `room` is what is shown around it, as a share of its size on each side.
    """
    if not use or not use.get("boundary"):
        return Markup()
    mine = polygon_of(use["boundary"])
    earlier = [polygon_of(before)] if before else []
    box = around(shapely.union_all([mine, *earlier]), room)
    shapes = [*_rights(session, box, today, lang, linked=False), *_overlaps(findings)]
    shapes += [Shape(each, "was", text("portal.chart.before", lang)) for each in earlier]
    shapes.append(Shape(mine, "draft", text("portal.chart.parcel", lang)))
    label = text("portal.chart.case", lang, n=len(shapes) - 1)
    # What is drawn is escaped by maps.charts.
    return Markup(chart(box, *size, label, land=coast(), shapes=shapes, lang=lang))


def sea_chart(
    session: Session, box: Bounds, lang: str, today: date, *, size: tuple[int, int], places: Iterable[Place] = ()
) -> Markup:
    """Public rights of a box with a neat line; each leads to its page of the register."""
    shapes = _rights(session, box, today, lang, linked=True)
    label = text("portal.chart.sea", lang, n=len(shapes))
    drawn = chart(box, *size, label, land=coast(), shapes=shapes, places=tuple(places), neat=True, lang=lang)
    return Markup(drawn)


def place_chart(geometry: Any, kind: str, lang: str, label: str, *, size: tuple[int, int] = (640, 360)) -> Markup:
    """One geometry on the ground, such as a right on its page of the register."""
    drawn = chart(around(geometry), *size, label, land=coast(), shapes=[Shape(geometry, kind, label)], lang=lang)
    return Markup(drawn)


def _rights(session: Session, box: Bounds, today: date, lang: str, *, linked: bool) -> list[Shape]:
    found = atlas.occupations_in(session, box, today, MOST_SHAPES)
    return [_right(row, today, lang, linked) for row in found]


def _right(row: Mapping[str, Any], today: date, lang: str, linked: bool) -> Shape:
    code = row["parcel_code"] or row["register_number"] or row["legacy"]
    kind = state_of(row, today)
    label = f"{text(f'page.right.{kind}', lang)} {row['parcel_name'] or code or ''}".strip()
    link = f"/register/{code}" if linked and code else ""
    return Shape(shapely.from_geojson(row["geojson"]), kind, label, link)


def state_of(row: Mapping[str, Any], today: date) -> str:
    """How a public occupation is drawn: pending, ended, expiring within 180 days, or a right in force."""
    if row["standing"] in ("claimed", "approved"):
        return "pending"
    ends = row["held_to"]
    if ends is not None and ends <= today:
        return "ended"
    return "expiring" if ends is not None and ends <= today + SOON else "right"


def _overlaps(findings: Iterable[Mapping[str, Any]]) -> list[Shape]:
    told = []
    for finding in findings:
        if finding.get("grade") in GRADED and finding.get("geometry"):
            told.append(Shape(shapely.from_geojson(json.dumps(finding["geometry"])), finding["grade"], finding["text"]))
    return told


@lru_cache(maxsize=1)
def coast() -> tuple[Any, ...]:
    """The packaged coast as polygons in degrees: decoration of small maps, not the legal shoreline."""
    return tuple(shapely.from_geojson(json.dumps(each["geometry"])) for each in packaged_coast())
