"""Layers with all their versions, drafts among them: what a planner looks at before and after publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from parcels.models import Layer, LayerVersion, Zone
from parcels.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a layer as a list shows it; `until` is the day after its last one."""

    id: int
    layer: str
    number: int
    standing: str
    since: date | None
    until: date | None
    transition: str
    transition_basis: str | None
    source: str
    cite: str | None
    mark: str | None
    proposed_by: str | None
    approved_by: str | None
    published_at: datetime | None
    zones: int

    def phase(self, day: date) -> str:
        """What the version is on a day: draft, withdrawn, ahead, in_force or past."""
        if self.standing != "published":
            return self.standing
        if self.since is not None and self.since > day:
            return "ahead"
        return "in_force" if self.until is None or self.until > day else "past"


def layer_by_code(session: Session, code: str) -> Layer | None:
    """The layer with this code."""
    return session.scalar(select(Layer).where(Layer.code == code))


def version_of(session: Session, code: str, number: int) -> LayerVersion | None:
    """A version of a layer by its number."""
    query = select(LayerVersion).join(Layer, Layer.id == LayerVersion.layer_id)
    return session.scalar(query.where(Layer.code == code, LayerVersion.number == number))


def all_layers(session: Session, most: int = 500) -> list[Layer]:
    """The layers by kind and code."""
    return list(session.scalars(select(Layer).order_by(Layer.kind.desc(), Layer.code).limit(most)))


def lines_of(session: Session, code: str | None = None, most: int = 2_000) -> list[VersionLine]:
    """The versions of one layer or of all, newest first."""
    count = select(func.count()).select_from(Zone).where(Zone.version_id == LayerVersion.id).scalar_subquery()
    v = LayerVersion
    query = select(
        v.id, Layer.code, v.number, v.standing, func.lower(v.valid), func.upper(v.valid), v.transition, v.transition_basis,
        v.source, v.cite, v.mark, v.proposed_by, v.approved_by, v.published_at, count,
    ).join(Layer, Layer.id == v.layer_id)  # fmt: skip
    if code is not None:
        query = query.where(Layer.code == code)
    return [VersionLine(*row) for row in session.execute(query.order_by(Layer.code, v.number.desc()).limit(most))]


# What is hidden is shown where the reader's places have it, cut at their edge, and not at all elsewhere.
_ZONES = text("""
WITH mine AS MATERIALIZED (
  SELECT ST_Union(a.geom) AS geom FROM place_area AS a
  WHERE a.place_id = ANY(CAST(:places AS bigint[])) AND a.valid @> CAST(:today AS date))
SELECT z.id, z.identity, z.name_zh, z.name_en, z.effect, z.use_types, z.use_modes, z.buffer_m, z.cite,
       coalesce(z.disclosure, l.disclosure) AS disclosure, lower(z.held) AS held_from, upper(z.held) AS held_to,
       CASE WHEN :everywhere OR coalesce(z.disclosure, l.disclosure) = 'public' THEN ST_AsGeoJSON(z.geom, 7, 0)
            WHEN ST_Intersects(z.geom, mine.geom) THEN ST_AsGeoJSON(ST_Intersection(z.geom, mine.geom), 7, 0) END AS geojson
FROM zone AS z JOIN layer_version AS v ON v.id = z.version_id JOIN layer AS l ON l.id = v.layer_id CROSS JOIN mine
WHERE z.version_id = :version ORDER BY z.id LIMIT :most
""")


def zones_of(session: Session, version: int, scope: Scope, most: int = 2_000) -> list[dict[str, Any]]:
    """The zones of a version with their shapes in degrees, as far as the scope reaches."""
    asked = {"version": version, "most": most, **scope.parameters}
    return [dict(row) for row in session.execute(_ZONES, asked).mappings()]


# The digest stands for all that a check reads of a zone: two zones that are alike in it demand the same of everybody.
_LIKENESS = text("""
SELECT z.id, md5(row(z.identity, z.effect, z.use_types, z.use_modes, z.held, z.buffer_m, z.attributes, z.effect_geom::bytea)::text)
FROM zone AS z WHERE z.version_id = :version ORDER BY z.id
""")


def likeness(session: Session, version: int) -> dict[int, str]:
    """For each zone of a version a digest of what it demands, of whom and where."""
    return {row[0]: row[1] for row in session.execute(_LIKENESS, {"version": version})}


_UNDER = text("""
SELECT o.id, o.standing, o.disclosure, o.use_type, o.use_mode, lower(o.held) AS held_from, upper(o.held) AS held_to,
       coalesce(u.area_ha, b.area_ha) AS area_ha, p.parcel_code, p.name AS parcel_name, p.mark, r.register_number,
       (SELECT min(l.value) FROM legacy_identifier AS l WHERE l.parcel_id = o.parcel_id) AS legacy,
       c.case_number, c.scope_place_id, o.geom::bytea AS shape
FROM occupation AS o
LEFT JOIN parcel AS p ON p.id = o.parcel_id
LEFT JOIN sea_right AS r ON r.id = o.right_id
LEFT JOIN sea_claim AS c ON c.id = o.claim_id
LEFT JOIN unit AS u ON u.id = o.unit_id
LEFT JOIN boundary AS b ON b.id = coalesce(p.boundary_id, c.boundary_id)
WHERE o.id IN (
  SELECT o2.id FROM zone_part AS part JOIN occupation AS o2 ON o2.geom && part.geom AND ST_Intersects(o2.geom, part.geom)
  WHERE part.zone_id = ANY(CAST(:zones AS bigint[])) AND upper_inf(o2.known)
    AND (upper(o2.held) IS NULL OR upper(o2.held) > CAST(:day AS date)))
ORDER BY o.id LIMIT :most
""")


def occupations_under(session: Session, zones: Sequence[int], day: date, most: int) -> list[dict[str, Any]]:
    """Rights and claims in force on the day or later whose sea meets one of these zones, by id; hidden ones too."""
    found = session.execute(_UNDER, {"zones": list(zones), "day": day, "most": most})
    return [dict(row) for row in found.mappings()]
