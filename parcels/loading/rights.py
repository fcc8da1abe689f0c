"""Old rights from a table: each feature becomes a request to adopt it as it is, with what is odd about it on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from data.messages import has
from marine.findings import Finding, Severity
from marine.many import measured_many
from parcels.loading import cells
from parcels.loading.columns import ColumnMap
from parcels.loading.tables import FeatureTable
from parcels.registering.requests import AdoptRequest, Holder

POLYGON = 3  # shapely's type id
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
    # What holds anything but polygons is left to the register, which settles the parts that it can use.
    for number in np.unique(owner[shapely.get_type_id(parts) != POLYGON]).tolist():
        by_feature[number] = []
    columns = _Columns(table, names, first, last)
    return [
        _request(first + at, geometries[at], tuple(by_feature[at]), _Row(columns, at), table)
        for at in range(last - first)
    ]


class _Columns:
    """The cells of a chunk by field; each different cell of a column is read once, for registers repeat themselves."""

    def __init__(self, table: FeatureTable, names: ColumnMap, first: int, last: int) -> None:
        self.cells: dict[str, list[Any]] = {
            field: _plain_cells(table.columns[column][first:last]) for field, column in names.columns.items()
        }
        for field, value in names.constants.items():
            self.cells[field] = [value] * (last - first)
        self._read: dict[str, dict[Any, Any]] = {field: {} for field in self.cells}

    def value(self, field: str, at: int, reader: Any) -> Any:
        """What the reader makes of one cell; the reader of a field is always the same."""
        column = self.cells.get(field)
        if column is None:
            return reader(None)
        known, raw = self._read[field], column[at]
        if raw not in known:
            known[raw] = reader(raw)
        return known[raw]


def _plain_cells(column: Any) -> list[Any]:
    """Python's own values; numpy would turn days into numbers of nanoseconds."""
    if column.dtype.kind == "M":
        return list(column.astype("M8[D]").astype(object))
    return list(column.tolist())


class _Row:
    """One feature's cells by field; faults gather as they are read."""

    def __init__(self, columns: _Columns, at: int) -> None:
        self._columns, self._at = columns, at
        self.faults: list[Finding] = []

    def text(self, field: str) -> str | None:
        text: str | None = self._columns.value(field, self._at, cells.text_of)
        return text

    def read(self, field: str, reader: Any) -> Any:
        value, fault = self._columns.value(field, self._at, reader)
        if fault is not None:
            facts = {"field": field, "value": str(self._columns.cells[field][self._at])[:80]}
            assert has(f"load.{fault}")
            self.faults.append(Finding(code=f"load.{fault}", severity=Severity.WARNS, facts=facts))
        return value


def _request(key: int, geometry: Any, settled: tuple[Any, ...], row: _Row, table: FeatureTable) -> AdoptRequest:
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
        boundaries=settled,
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
