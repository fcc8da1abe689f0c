"""Zones, shoreline stretches and land from a table, as the drafts of one layer version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely

from marine.findings import Finding, Severity
from parcels.loading import cells
from parcels.loading.columns import ColumnMap
from parcels.loading.tables import FeatureTable
from parcels.publishing import ZoneDraft

EFFECTS = {
    "forbid": "forbid",
    "restrict": "restrict",
    "consult": "consult",
    "inform": "inform",
    "禁止": "forbid",
    "限制": "restrict",
    "征求意见": "consult",
    "提示": "inform",
}
SHORE_KINDS = {
    "natural": "natural",
    "artificial": "artificial",
    "other": "other",
    "自然": "natural",
    "人工": "artificial",
}
DISCLOSURES = {"public", "outline", "officer", "sealed"}


def drafts(table: FeatureTable, names: ColumnMap, target: str) -> Iterator[tuple[int, ZoneDraft | Finding]]:
    """Feature number (from 0) with its zone, or with the finding for which it is refused."""
    for at, geometry in enumerate(table.geometries):
        values = {field: table.columns[column][at] for field, column in names.columns.items()} | dict(names.constants)
        yield at, _fault(at, geometry, values, target) or _draft(at, geometry, values, target)


def _fault(at: int, geometry: Any, values: dict[str, Any], target: str) -> Finding | None:
    def refused(code: str, **facts: Any) -> Finding:
        return Finding(code=f"load.{code}", severity=Severity.BLOCKS, facts={"feature": at + 1, **facts})

    if geometry is None or shapely.is_empty(geometry):
        return refused("no_geometry")
    lines = target == "shoreline"
    has_line_or_buffer = lines or (cells.number_of(values.get("buffer_m"))[0] or 0) > 0
    if shapely.get_dimensions(geometry) != 2 and not has_line_or_buffer:
        return refused("not_a_surface", kind=geometry.geom_type)
    if lines and shapely.get_dimensions(geometry) != 1:
        return refused("not_a_line", kind=geometry.geom_type)
    effect = cells.text_of(values.get("effect"))
    if target == "zones" and effect not in EFFECTS:
        return refused("effect_unknown", effect=effect or "")
    disclosure = cells.text_of(values.get("disclosure"))
    if disclosure is not None and disclosure not in DISCLOSURES:
        return refused("disclosure_unknown", disclosure=disclosure)
    for field in ("from", "to"):
        if cells.day_of(values.get(field))[1] is not None:
            return refused("dates.unreadable", field=field, value=str(values[field])[:80])
    return None


def _draft(at: int, geometry: Any, values: dict[str, Any], target: str) -> ZoneDraft:
    name = cells.text_of(values.get("name")) or cells.text_of(values.get("identity")) or str(at + 1)
    kind = SHORE_KINDS.get(cells.text_of(values.get("kind")) or "", "other")
    answer_days = cells.number_of(values.get("answer_days"))[0]
    return ZoneDraft(
        identity=cells.text_of(values.get("identity")) or f"feature-{at + 1}",
        name_zh=name,
        name_en=cells.text_of(values.get("name_en")) or name,
        effect=EFFECTS[str(cells.text_of(values["effect"]))] if target == "zones" else "none",
        geometry=_whole(geometry),
        use_types=cells.codes_of(values.get("use_types")),
        use_modes=cells.codes_of(values.get("use_modes")),
        first=cells.day_of(values.get("from"))[0],
        last=cells.day_of(values.get("to"))[0],
        buffer_m=cells.number_of(values.get("buffer_m"))[0] or 0,
        answer_days=None if answer_days is None else int(answer_days),
        cite=cells.text_of(values.get("cite")),
        disclosure=cells.text_of(values.get("disclosure")),
        attributes={"kind": kind} if target == "shoreline" else {},
    )


def _whole(geometry: Any) -> Any:
    """An invalid surface stands as its valid union, a superset, as adopted rights do (register.md §6)."""
    if shapely.is_valid(geometry):
        return geometry
    parts = shapely.get_parts(shapely.make_valid(geometry))
    return shapely.union_all(
        [part for part in parts if shapely.get_dimensions(part) == shapely.get_dimensions(geometry)]
    )
