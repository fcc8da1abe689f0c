"""What a map or a page of the public register shows: occupations, public zones, sea areas and land in a box; one right by its code.

Only what is `public` is ever selected here: what an asker may not see must not leave a gap either, and a gap is what a filter
after a `LIMIT` would leave. Boxes are (west, south, east, north) in degrees of CGCS2000; every list is bounded.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from data.store import plan_by_values

Bounds = tuple[float, float, float, float]
Row = dict[str, Any]
# So many parcels that bear the words are looked up one by one.
FEW = 5_000

_TOLD = """
SELECT o.id, o.right_id, o.parcel_id, o.standing, o.layers, o.months, o.use_type, o.use_mode,
       lower(o.held) AS held_from, upper(o.held) AS held_to, coalesce(u.area_ha, b.area_ha) AS area_ha,
       p.parcel_code, p.name AS parcel_name, p.mark, r.register_number, r.is_layered,
       (SELECT min(l.value) FROM legacy_identifier AS l WHERE l.parcel_id = o.parcel_id) AS legacy,
       ST_AsGeoJSON(o.geom, 9, 0) AS geojson
FROM {source} AS o
LEFT JOIN parcel AS p ON p.id = o.parcel_id
LEFT JOIN sea_right AS r ON r.id = o.right_id
LEFT JOIN unit AS u ON u.id = o.unit_id
LEFT JOIN boundary AS b ON b.id = p.boundary_id
"""
_PUBLIC = "upper_inf(o.known) AND o.disclosure = 'public'"
_OCCUPATION = f"{_TOLD.format(source='occupation')} WHERE {_PUBLIC}"

# The rows of a page are chosen first and told then: nothing is joined to a million rows of which two thousand are wanted.
_CHOSEN = (
    "WITH chosen AS MATERIALIZED (SELECT o.* FROM occupation AS o"  # noqa: S608 -- literals of this file
    f" WHERE {_PUBLIC} AND (upper(o.held) IS NULL OR upper(o.held) > :day) {{where}} ORDER BY o.id LIMIT :limit)"
    f" {_TOLD.format(source='chosen')} ORDER BY o.id"
)
IN_BOX = text(_CHOSEN.format(where="AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490)"))
FIRST = text(_CHOSEN.format(where=""))

BY_CODE = text(
    _OCCUPATION  # noqa: S608 -- both halves are literals of this file
    + """
  AND o.parcel_id IN (
    SELECT id FROM parcel WHERE parcel_code = :code
    UNION SELECT parcel_id FROM real_estate_unit WHERE unit_code = :code
    UNION SELECT parcel_id FROM legacy_identifier WHERE value = :code
    UNION SELECT k.parcel_id FROM sea_right_parcel AS k JOIN sea_right AS s ON s.id = k.right_id WHERE s.register_number = :code)
ORDER BY o.id LIMIT :limit
"""
)

# Which parcels bear the words, each way by its own index.
PARCELS_CALLED = text("""
SELECT id FROM (
  (SELECT id FROM parcel WHERE pairs_of(name) @> pairs_of(:words) AND strpos(lower(name), lower(:words)) > 0 LIMIT :most)
  UNION (SELECT id FROM parcel WHERE parcel_code LIKE :first ESCAPE '~' LIMIT :most)
  UNION (SELECT parcel_id FROM legacy_identifier WHERE value LIKE :first ESCAPE '~' LIMIT :most)
  UNION (SELECT parcel_id FROM real_estate_unit WHERE unit_code LIKE :first ESCAPE '~' LIMIT :most)
  UNION (SELECT k.parcel_id FROM sea_right AS s JOIN sea_right_parcel AS k ON k.right_id = s.id
         WHERE pairs_of(s.register_number) @> pairs_of(:words) AND strpos(lower(s.register_number), lower(:words)) > 0
         LIMIT :most)) AS found WHERE id IS NOT NULL LIMIT :most
""")

CALLED_FEW = text(
    _OCCUPATION
    + """
  AND (upper(o.held) IS NULL OR upper(o.held) > :day) AND o.id > :after AND o.parcel_id = ANY(CAST(:parcels AS bigint[]))
ORDER BY o.id LIMIT :limit
"""
)

# Where very many bear them, going through the register from its beginning soon finds a page of them.
CALLED_MANY = text(
    _OCCUPATION  # noqa: S608 -- both halves are literals of this file
    + """
  AND (upper(o.held) IS NULL OR upper(o.held) > :day) AND o.id > :after
  AND (strpos(lower(p.name), lower(:words)) > 0 OR p.parcel_code LIKE :first ESCAPE '~'
    OR strpos(lower(r.register_number), lower(:words)) > 0
    OR o.parcel_id IN (SELECT parcel_id FROM legacy_identifier WHERE value LIKE :first ESCAPE '~'
      UNION SELECT parcel_id FROM real_estate_unit WHERE unit_code LIKE :first ESCAPE '~'))
ORDER BY o.id LIMIT :limit
"""
)

ANYTHING = text("""
SELECT EXISTS (SELECT FROM occupation AS o WHERE upper_inf(o.known) AND o.disclosure = 'public'
               AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490))
""")

IN_FORCE = text("""
SELECT count(*) FROM occupation AS o
WHERE upper_inf(o.known) AND o.disclosure = 'public' AND o.standing = 'registered' AND o.held @> CAST(:day AS date)
""")

ZONES = text("""
SELECT z.id, z.identity, z.name_zh, z.name_en, z.effect, z.buffer_m, z.cite, l.code AS layer, l.name_zh AS layer_zh,
       l.name_en AS layer_en, v.number AS version, v.source, v.mark, ST_AsGeoJSON(z.geom, 7, 0) AS geojson
FROM zone AS z
JOIN layer_version AS v ON v.id = z.version_id
JOIN layer AS l ON l.id = v.layer_id
WHERE l.kind = 'zones' AND v.standing = 'published' AND v.valid @> CAST(:day AS date)
  AND l.disclosure = 'public' AND coalesce(z.disclosure, 'public') = 'public'
  AND z.id IN (SELECT zone_id FROM zone_part WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490))
ORDER BY l.code, z.id LIMIT :limit
""")

LAND = text("""
SELECT z.id, v.source, v.mark, ST_AsGeoJSON(z.geom, 6, 0) AS geojson
FROM zone AS z
JOIN layer_version AS v ON v.id = z.version_id
JOIN layer AS l ON l.id = v.layer_id
WHERE l.kind = 'land' AND l.disclosure = 'public' AND v.standing = 'published' AND v.valid @> CAST(:day AS date)
ORDER BY z.id LIMIT :limit
""")

SEA_AREAS = text("""
SELECT a.id, p.name_zh, p.name_en, a.source, a.mark, ST_AsGeoJSON(ST_SimplifyPreserveTopology(a.geom, 0.0005), 6, 0) AS geojson,
       (SELECT c.code FROM place_code AS c WHERE c.place_id = p.id AND c.scheme = 'administrative'
        AND c.valid @> CAST(:day AS date) ORDER BY c.code LIMIT 1) AS code
FROM place_area AS a JOIN place AS p ON p.id = a.place_id
WHERE a.valid @> CAST(:day AS date) AND p.kind = 'county' ORDER BY a.id LIMIT :limit
""")

EXTENT = text("""
SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
FROM (SELECT ST_Extent(geom) AS e FROM
      (SELECT geom FROM occupation WHERE upper_inf(known) AND disclosure = 'public' ORDER BY id LIMIT :limit) AS sample) AS box
WHERE e IS NOT NULL
""")


def _corners(box: Bounds) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), box, strict=True))


def occupations_in(session: Session, box: Bounds, day: date, limit: int) -> list[Row]:
    """Public occupations whose box meets the given one and that are in force on the day or later, by id."""
    plan_by_values(session)
    return _rows(session, IN_BOX, {**_corners(box), "day": day, "limit": limit})


def first_occupations(session: Session, day: date, limit: int) -> list[Row]:
    """The beginning of the public register: occupations in force on the day or later, by id."""
    return _rows(session, FIRST, {"day": day, "limit": limit})


def occupations_of(session: Session, code: str, limit: int = 200) -> list[Row]:
    """Every public occupation of the parcels that bear a code: issued here, inherited, or a register number."""
    return _rows(session, BY_CODE, {"code": code, "limit": limit})


def occupations_called(session: Session, words: str, day: date, *, after: int, limit: int) -> list[Row]:
    """Public occupations in force on the day or later whose name holds the words, or whose number begins with them, by id."""
    told = words.replace("~", "~~").replace("%", "~%").replace("_", "~_")
    asked = {"first": f"{told}%", "words": words}
    page = {"day": day, "after": after, "limit": limit}
    plan_by_values(session)
    parcels = session.execute(PARCELS_CALLED, {**asked, "most": FEW + 1}).scalars().all()
    if len(parcels) > FEW:
        return _rows(session, CALLED_MANY, asked | page)
    return _rows(session, CALLED_FEW, page | {"parcels": list(parcels)})


def anything_in(session: Session, box: Bounds) -> bool:
    """Whether any public occupation lies in a box."""
    return bool(session.execute(ANYTHING, _corners(box)).scalar_one())


def rights_in_force(session: Session, day: date) -> int:
    """How many public registered rights are in force on the day."""
    return int(session.execute(IN_FORCE, {"day": day}).scalar_one())


def public_zones(session: Session, box: Bounds, day: date, limit: int) -> list[Row]:
    """Zones of published public layers in force on the day whose parts meet the box."""
    plan_by_values(session)
    return _rows(session, ZONES, {**_corners(box), "day": day, "limit": limit})


def land(session: Session, day: date, limit: int = 5_000) -> list[Row]:
    """Land of the published layers in force on the day."""
    return _rows(session, LAND, {"day": day, "limit": limit})


def sea_areas(session: Session, day: date, limit: int = 200) -> list[Row]:
    """Sea areas of counties on the day, thinned to about 50 m for drawing."""
    return _rows(session, SEA_AREAS, {"day": day, "limit": limit})


def extent(session: Session, sample: int = 5_000) -> Bounds | None:
    """The box of the first public occupations: where a map may open. None where the register is empty."""
    found = session.execute(EXTENT, {"limit": sample}).first()
    return None if found is None else (found[0], found[1], found[2], found[3])


def holds_samples(session: Session) -> bool:
    """Whether invented parcels stand in the register, so that a page must say so."""
    return bool(session.execute(text("SELECT EXISTS (SELECT FROM parcel WHERE mark = 'sample')")).scalar_one())


def _rows(session: Session, statement: Any, parameters: Row) -> list[Row]:
    return [dict(row) for row in session.execute(statement, parameters).mappings()]
