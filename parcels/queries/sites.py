"""Parks and the sites in them, as the planning map shows them: as they stand now, for a site has a state and no days of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from parcels.queries.atlas import Bounds

STATES = ("vacant", "reserved", "leased", "built")

_BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4490)"
SITES = text(f"""
SELECT 'site' AS kind, s.id, s.name_zh, s.name_en, s.state, s.mark, k.name_zh AS park_zh, k.name_en AS park_en,
       ST_AsGeoJSON(s.geom, 9, 0) AS geojson
FROM project_site AS s LEFT JOIN park AS k ON k.id = s.park_id
WHERE s.geom && {_BOX}
UNION ALL
SELECT 'park', k.id, k.name_zh, k.name_en, NULL, k.mark, NULL, NULL, ST_AsGeoJSON(k.geom, 9, 0)
FROM park AS k WHERE k.geom && {_BOX}
ORDER BY 1, 2 LIMIT :most
""")  # noqa: S608 -- both halves are literals of this file


def sites_in(session: Session, box: Bounds, most: int) -> list[dict[str, Any]]:
    """Parks and sites that reach into a box (west, south, east, north; degrees of CGCS2000), parks first; who owns a site is not told."""
    corners = dict(zip(("west", "south", "east", "north"), box, strict=True))
    return [dict(row) for row in session.execute(SITES, {**corners, "most": most}).mappings()]
