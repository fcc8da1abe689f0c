"""A check report as plain JSON values, the one shape for the command line and for HTTP (docs/check.md, docs/schemas/check.json).

Whole milliseconds of arc are given beside degrees and D°M′S″, so that nobody has to round back; dates are both included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
import shapely

from data import messages
from marine.boundary import Boundary
from marine.coordinates import MS_PER_DEGREE, dms
from marine.findings import Finding, Source
from marine.planes import gauss_kruger
from parcels.checks.report import CheckReport, NotJudged, Offer
from parcels.checks.words import words

# Overlaps have corners off the grid of whole milliseconds; nine decimals of a degree are 0.1 mm.
DECIMALS = 9


def as_json(report: CheckReport, lang: str) -> dict[str, Any]:
    """The report in one language."""
    return {
        "grade": report.grade.word,
        "fits": report.fits,
        "exit_code": report.exit_code,
        "geometry": geometry_block(report.draft.boundary, report.draft.unit_modes),
        "findings": [finding_block(finding, lang) for finding in report.findings],
        "not_judged": [_not_judged(missing, lang) for missing in report.not_judged],
        "missing": [missing.code.removeprefix("not_judged.") for missing in report.not_judged if missing.required],
        "choices": [_choice(missing, lang) for missing in report.not_judged if missing.option],
        "remedy": None if report.remedy is None else _offer(report.remedy),
        "alternatives": [finding_block(finding, lang) for finding in report.alternatives],
        "fee": None if report.fee is None else finding_block(report.fee, lang),
        "rules": report.rules_hash,
        "sources": [source_block(source) for source in report.sources_used],
        "as": "officer" if report.sees_everything else "public",
        "today": report.today.isoformat(),
    }


def geometry_block(boundary: Boundary, modes: Sequence[str | None]) -> dict[str, Any]:
    """Hash, area, meridian, numbered points with edge lengths, units, and the polygon in degrees and in milliseconds."""
    edges = _edge_lengths(boundary)
    return {
        "hash": boundary.hash,
        "area_ha": f"{boundary.area:.4f}",
        "central_meridian": str(boundary.central_meridian),
        "points": [
            {
                "number": point.number,
                "lon_ms": point.lon,
                "lat_ms": point.lat,
                "lon": dms(point.lon),
                "lat": dms(point.lat),
                "edge_m": edges.get((point.lon, point.lat)),
            }
            for point in boundary.points
        ],
        "units": [
            {
                "ring": boundary.unit_notation(at),
                "mode": modes[at] if at < len(modes) else None,
                "area_ha": f"{boundary.unit_areas[at]:.4f}",
            }
            for at in range(len(boundary.units))
        ],
        "exterior": [list(point) for point in boundary.parcel.exterior],
        "holes": [[list(point) for point in hole] for hole in boundary.parcel.holes],
        "geojson": in_degrees(boundary.parcel.to_shapely()),
    }


def _edge_lengths(boundary: Boundary) -> dict[tuple[int, int], float]:
    """Metres on the boundary's own plane from each point of the outline to the next point of its ring."""
    plane = gauss_kruger(boundary.central_meridian)
    lengths: dict[tuple[int, int], float] = {}
    for ring in boundary.parcel.rings:
        metres = plane.to_metres(np.asarray(ring, dtype=float))
        steps = np.roll(metres, -1, axis=0) - metres
        lengths |= dict(zip(ring, np.round(np.hypot(steps[:, 0], steps[:, 1]), 2).tolist(), strict=True))
    return lengths


def in_degrees(geometry: Any) -> dict[str, Any] | None:
    """A shapely geometry in milliseconds of arc as GeoJSON in degrees (CGCS2000), None where there is none."""
    if geometry is None or shapely.is_empty(geometry):
        return None
    scaled = shapely.transform(geometry, lambda ms: np.round(ms / MS_PER_DEGREE, DECIMALS))
    told: dict[str, Any] = shapely.geometry.mapping(scaled)
    return told


def finding_block(finding: Finding, lang: str) -> dict[str, Any]:
    """One finding with its text, how to mend it, its facts and its sources."""
    facts = words(finding.facts, lang)
    mend = finding.remedy or f"{finding.code}.mend"
    return {
        "code": finding.code,
        "grade": None if finding.grade is None else finding.grade.word,
        "severity": None if finding.severity is None else finding.severity.value,
        "text": messages.text(finding.code, lang, **facts),
        "mend": messages.text(mend, lang, **facts) if messages.has(mend) else None,
        "facts": plain(finding.facts),
        "basis": [source_block(source) for source in finding.basis],
        "geometry": in_degrees(finding.geometry),
        "at": None
        if finding.at is None
        else {
            "ring": finding.at.ring,
            "vertex": finding.at.index,
            "unit": finding.at.unit,
            "lon_ms": finding.at.lon,
            "lat_ms": finding.at.lat,
        },
    }


def _not_judged(missing: NotJudged, lang: str) -> dict[str, Any]:
    return {
        "code": missing.code,
        "text": messages.text(missing.code, lang, **words(missing.facts, lang)),
        "required": missing.required,
        "option": missing.option,
        "facts": plain(missing.facts),
    }


def _choice(missing: NotJudged, lang: str) -> dict[str, Any]:
    return {
        "id": missing.code.removeprefix("not_judged."),
        "option": missing.option,
        "text": messages.text(missing.code, lang, **words(missing.facts, lang)),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "geometry": geometry_block(offer.boundary, offer.modes),
        "further": [geometry_block(boundary, ()) for boundary in offer.further],
        "dropped_units": [number + 1 for number in offer.dropped_units],
        "grade": offer.grade.word,
    }


def source_block(source: Source) -> dict[str, Any]:
    """Where a rule comes from and how sure it is."""
    return {
        "rule": source.rule,
        "cite": source.cite,
        "mark": source.mark,
        "edition": source.edition,
        "checked": None if source.checked is None else source.checked.isoformat(),
    }


def plain(value: Any) -> Any:
    """Facts as JSON values: decimals as text, days in ISO, sets in order.

    >>> plain({"area_ha": Decimal("1.0000"), "from": date(2027, 1, 1)})
    {'area_ha': '1.0000', 'from': '2027-01-01'}
    """
    if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if not isinstance(value, Iterable):
        return value
    return [plain(each) for each in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
