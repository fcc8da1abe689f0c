"""Old rights from a table: each feature becomes a request to adopt it as it is, with what is odd about it on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from data.messages import has
from marine.findings import Finding, Severity
from marine.many import measured_many
from parcels.loading import cells
from parcels.loading.columns import ColumnMap
from parcels.loading.tables import FeatureTable
from parcels.registering.requests import AdoptRequest, Holder

HOLDER_KINDS = {
    "person": "person",
    "household": "household",
    "company": "company",
    "cooperative": "cooperative",
    "village_collective": "village_collective",
    "public_body": "public_body",
    "个人": "person",
    "企业": "company",
    "合作社": "cooperative",
    "村集体": "village_collective",
}
TRUE_WORDS = {"1", "true", "yes", "y", "是"}


def requests(table: FeatureTable, names: ColumnMap, first: int, last: int) -> list[AdoptRequest]:
    """Requests for the features `first` … `last` (from 0, last excluded); a feature's key is its number in the file."""
    geometries = table.geometries[first:last]
    parts, owner = shapely.get_parts(geometries, return_index=True)
    settled = measured_many(parts)
    by_feature: list[list[Any]] = [[] for _ in range(last - first)]
    for boundary, number in zip(settled, owner.tolist(), strict=True):
        by_feature[number].append(boundary)
    columns = {field: table.columns[column][first:last] for field, column in names.columns.items()}
    return [
        _request(first + at, geometries[at], tuple(by_feature[at]), _Row(columns, names.constants, at), table)
        for at in range(last - first)
    ]


class _Row:
    """One feature's cells by field; faults gather as they are read."""

    def __init__(self, columns: dict[str, Any], constants: Any, at: int) -> None:
        self._columns, self._constants, self._at = columns, constants, at
        self.faults: list[Finding] = []

    def raw(self, field: str) -> Any:
        if field in self._constants:
            return self._constants[field]
        column = self._columns.get(field)
        return None if column is None else column[self._at]

    def text(self, field: str) -> str | None:
        return cells.text_of(self.raw(field))

    def read(self, field: str, reader: Any) -> Any:
        value, fault = reader(self.raw(field))
        if fault is not None:
            facts = {"field": field, "value": str(self.raw(field))[:80]}
            assert has(f"load.{fault}")
            self.faults.append(Finding(code=f"load.{fault}", severity=Severity.WARNS, facts=facts))
        return value


def _request(key: int, geometry: Any, settled: tuple[Any, ...], row: _Row, table: FeatureTable) -> AdoptRequest:
    kinds = shapely.get_type_id(shapely.get_parts(geometry)) if geometry is not None else ()
    surfaces = settled if len(settled) and all(kind == 3 for kind in kinds) else ()
    values: dict[str, Any] = {
        "use_type": row.text("use_type"),
        "use_mode": row.text("use_mode"),
        "specific_use": row.text("specific_use"),
        "first": row.read("from", cells.day_of),
        "last": row.read("to", cells.day_of),
        "decision_on": row.read("decision_on", cells.day_of),
        "entered_on": row.read("entered_on", cells.day_of),
        "layers": row.read("layers", cells.layers_of),
        "months": row.read("months", cells.months_of),
        "z_low": row.read("z_low", cells.number_of),
        "z_high": row.read("z_high", cells.number_of),
        "accuracy_m": row.read("accuracy_m", cells.number_of),
        "area_registered": row.read("area_registered", cells.hectares_of),
        "is_fee_exempt": (row.text("fee_exempt") or "").lower() in TRUE_WORDS,
        "name": row.text("name"),
        "register_number": row.text("register_number"),
        "identifiers": _identifiers(row),
        "holders": _holders(row),
    }
    return AdoptRequest(
        key=key,
        geometry=geometry,
        boundaries=surfaces,
        decisions={"feature": key + 1, "crs": table.crs},
        findings=tuple(row.faults),
        **values,
    )


def _identifiers(row: _Row) -> tuple[tuple[str, str], ...]:
    found = [
        (scheme, row.text(field)) for scheme, field in (("legacy", "legacy_number"), ("parcel_code", "parcel_code"))
    ]
    return tuple((scheme, value) for scheme, value in found if value)


def _holders(row: _Row) -> Sequence[Holder] | Any:
    name = row.text("holder")
    if name is None:
        return ()
    scheme, number = row.text("holder_scheme"), row.text("holder_number")
    kind = HOLDER_KINDS.get(row.text("holder_kind") or "company", "company")
    return (Holder(name=name, kind=kind, scheme=scheme or ("uscc" if number else "none"), number=number),)
