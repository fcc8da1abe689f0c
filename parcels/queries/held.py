"""What parties hold: their rights with the parcels and the sea that they occupy. Open to whoever acts for them, not to the public."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

HELD = text("""
SELECT r.id AS right_id, r.case_number, r.register_number, r.is_layered, r.mark, r.ended_on, r.ended_how,
       lower(r.term) AS term_from, upper(r.term) - 1 AS term_to, p.parcel_code, p.name AS parcel_name,
       (SELECT min(l.value) FROM legacy_identifier AS l WHERE l.parcel_id = p.id) AS legacy,
       (SELECT min(u.unit_code) FROM real_estate_unit AS u WHERE u.parcel_id = p.id) AS unit_code,
       coalesce(b.area_ha, r.area_registered) AS area_ha, k.holding, ST_AsGeoJSON(b.geom, 9, 0) AS geojson,
       array(SELECT DISTINCT n.kind FROM right_note AS n WHERE n.right_id = r.id AND upper_inf(n.known) ORDER BY n.kind) AS notes
FROM sea_right_party AS k
JOIN sea_right AS r ON r.id = k.right_id
JOIN sea_right_parcel AS j ON j.right_id = r.id
JOIN parcel AS p ON p.id = j.parcel_id
LEFT JOIN boundary AS b ON b.id = p.boundary_id
WHERE k.party_id = ANY(:parties) AND upper_inf(r.known)
ORDER BY coalesce(r.ended_on, upper(r.term)) NULLS LAST, r.id LIMIT :limit
""")


def rights_of(session: Session, parties: Collection[int], limit: int = 2_000) -> list[dict[str, Any]]:
    """The rights of these parties, ended ones included, those that end first before the others; days both included, CGCS2000."""
    found = session.execute(HELD, {"parties": sorted(parties), "limit": limit})
    return [dict(row) for row in found.mappings()]
