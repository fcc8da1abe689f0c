"""A small sea to check in: a county with its sea area, a shoreline, and builders for rights, claims, zones and drafts in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import RuleBook, packaged
from marine.boundary import Polygon, settle
from marine.planes import local_plane
from marine.spaces import ALL_YEAR, Layer
from parcels.checks import CheckReport, check
from parcels.drafts import ParcelDraft
from parcels.locks import EXCLUSIVE, take
from parcels.models import BoundaryRecord, Place, PlaceArea, PlaceAreaPart, PlaceCode, SeaClaim, SeaRight
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, days, lay_down, layer_of, publish

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 1), date(2041, 12, 31)
# South-west corner of all shapes, milliseconds of arc: 122.6° E, 37.0° N off Rongcheng.
WEST, SOUTH = 441_360_000, 133_200_000
PLANE = local_plane(WEST, SOUTH)
MACHINE = Actor.administrator()
WIDE_KM = 30


def ms(east: float, north: float) -> tuple[int, int]:
    """A point so many metres east and north of the corner."""
    lon, lat = PLANE.to_ms([[east, north]])[0]
    return round(float(lon)), round(float(lat))


def rectangle(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres from the corner, as shapely in whole milliseconds."""
    (w, s), (e, n) = ms(west, south), ms(east, north)
    return shapely.box(w, s, e, n)


def boundary_of(*shapes: Any) -> Any:
    """A settled boundary of one parcel, or of units that share edges."""
    polygons = [Polygon.from_shapely(shape) for shape in shapes]
    settled = settle(None, polygons) if len(polygons) > 1 else settle(polygons[0])
    assert settled.boundary is not None, settled.faults
    return settled.boundary


def in_degrees(shape: Any) -> str:
    """A shape in milliseconds as EWKT in degrees."""
    return f"SRID=4490;{shapely.transform(shape, lambda xy: xy / 3_600_000).wkt}"


@dataclass
class World:
    """Builders on one session, and the check of drafts on it."""

    session: Session
    book: RuleBook = field(default_factory=packaged)
    count: int = 0

    def draft(self, *shapes: Any, **given: Any) -> ParcelDraft:
        """A draft of open aquaculture for 15 years, unless told otherwise."""
        boundary = boundary_of(*shapes)
        wanted = {"use_type": "13", "unit_modes": ("41",) * len(boundary.units), "held": (FIRST, LAST)} | given
        return ParcelDraft(boundary=boundary, **wanted)

    def check(self, draft: ParcelDraft | Any, *, asker: Actor | None = None, **given: Any) -> CheckReport:
        """The report for a draft, or for a shape as the usual draft."""
        asked = draft if isinstance(draft, ParcelDraft) else self.draft(draft)
        return check(
            self.session, asked, asker=asker or Actor.public(), book=self.book, today=given.pop("today", TODAY), **given
        )

    def right(self, *shapes: Any, run: int | None = None, **given: Any) -> int:
        """A registered right with one unit per shape, written under the register's lock; its id."""
        take(self.session, EXCLUSIVE)
        right = SeaRight(door="adopted", term=Range(None, None), known=Range(NOW, None), run_id=run)
        self.session.add(right)
        self.session.flush()
        for shape in shapes:
            self._occupy(shape, {"right_id": right.id, "standing": "registered"} | given)
        return right.id

    def unit(self, shape: Any, right: int, **given: Any) -> None:
        """One more unit of a right."""
        self._occupy(shape, {"right_id": right, "standing": "registered"} | given)

    def claim(self, shape: Any, **given: Any) -> int:
        """An accepted case that claims its sea, shown in outline; its id."""
        self.count += 1
        take(self.session, EXCLUSIVE)
        boundary = BoundaryRecord(
            central_meridian=Decimal("122.5"), numbers=[], origin="cgcs2000", geom=in_degrees(shape)
        )
        self.session.add(boundary)
        self.session.flush()
        claim = SeaClaim(
            case_number=f"C{self.count}",
            boundary_id=boundary.id,
            term=Range(None, None),
            received_at=NOW,
            known=Range(NOW, None),
        )
        self.session.add(claim)
        self.session.flush()
        self._occupy(shape, {"claim_id": claim.id, "standing": "claimed", "disclosure": "outline"} | given)
        return claim.id

    def _occupy(self, shape: Any, given: dict[str, Any]) -> None:
        row: dict[str, Any] = {
            "first": date(2020, 1, 1), "last": date(2034, 12, 31), "layers": int(Layer.ALL), "months": ALL_YEAR,
            "is_layered": False, "use_type": "13", "use_mode": "41", "disclosure": "public", "accuracy_m": None,
            "z_low": None, "z_high": None, "z_surveyed": False, "right_id": None, "claim_id": None,
        } | given | {"geom": in_degrees(shape)}  # fmt: skip
        row["layers"] = int(row["layers"])
        held = days(row.pop("first"), row.pop("last"))
        columns = [*row]
        values = ", ".join("CAST(:geom AS geometry)" if name == "geom" else f":{name}" for name in columns)
        self.session.execute(
            text(
                f"INSERT INTO occupation ({', '.join(columns)}, held, term, known) "
                f"VALUES ({values}, daterange(:first, :end), daterange(:first, :end), tstzrange(now(), NULL))"
            ),
            row | {"first": held.lower, "end": held.upper},
        )

    def layer(
        self, code: str, zones: Sequence[ZoneDraft], *, kind: str = "zones", valid: Any = (None, None), **given: Any
    ) -> int:
        """A published version of a layer; its id."""
        version_facts = {key: given.pop(key) for key in ("transition", "mark", "cite") if key in given}
        names = {"name_zh": code, "name_en": code, "office_zh": f"{code}部门", "office_en": f"office of {code}"}
        layer = layer_of(self.session, LayerDraft(code=code, kind=kind, **(names | given)))
        version = lay_down(
            self.session, layer, source="测试", valid=valid, actor=MACHINE, proposed_by="甲", **version_facts
        )
        add_zones(self.session, version, zones)
        publish(self.session, version, approved_by="乙", actor=MACHINE)
        return version.id

    def zone(self, code: str, shape: Any, effect: str, **given: Any) -> int:
        """A layer of one zone."""
        kept = {key: given.pop(key) for key in ("valid", "accuracy_m", "transition", "kind") if key in given}
        if "layer_disclosure" in given:
            kept["disclosure"] = given.pop("layer_disclosure")
        drafted = ZoneDraft(
            identity=f"{code}-1", name_zh=f"{code}一", name_en=f"{code} one", effect=effect, geometry=shape, **given
        )
        return self.layer(code, [drafted], **kept)

    def city(self) -> int:
        """威海市 below its province and the country; its id."""
        province = self.place("370000", "山东省", None, self.place("000000", "中国", None, kind="country"), "province")
        return self.place("371000", "威海市", None, province, "city")

    def place(
        self, code: str, name: str, shape: Any, parent: int | None = None, kind: str = "county", **given: Any
    ) -> int:
        """A place with an administrative code and, where a shape is given, its sea; its id."""
        place = Place(kind=kind, name_zh=name, name_en=name, parent_id=parent)
        self.session.add(place)
        self.session.flush()
        self.session.add(PlaceCode(place_id=place.id, scheme="administrative", code=code, valid=days(None, None)))
        if shape is not None:
            degrees = shapely.transform(shape, lambda xy: xy / 3_600_000)
            area = PlaceArea(
                place_id=place.id,
                valid=days(None, None),
                source="测试",
                geom=f"SRID=4490;{shapely.MultiPolygon([degrees]).wkt}",
                **given,
            )
            self.session.add(area)
            self.session.flush()
            self.session.add(PlaceAreaPart(area_id=area.id, geom=f"SRID=4490;{degrees.wkt}"))
        self.session.flush()
        return place.id


def codes(report: CheckReport) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in report.findings]


def the(report: CheckReport, code: str) -> Any:
    """The one finding with this code."""
    (found,) = [finding for finding in report.findings if finding.code == code]
    return found
