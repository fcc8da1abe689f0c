"""Reads one layer through GDAL from bytes in memory, and builds the rings without GEOS, which refuses what people do send.

GDAL reads some files whose geometry GEOS then will not build (a ring of two points, for one); taking the rings out of the
well-known binary keeps such a ring, so that its fault can be shown at its vertex.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from marine.findings import Severity
from parcels.readers.polygons import Collector
from parcels.readers.values import Report, refuse
from parcels.readers.warned import gathered

# A file read from memory has no suffix; that GDAL misses it says nothing about the file.
_OF_MEMORY = "non conformant file extension"
_NAMES = {1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 7: "GeometryCollection"}
_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as GDAL reads it: geometries as well-known binary, columns of values, and the CRS text if any."""

    geometries: list[bytes | None]
    columns: dict[str, list[Any]]
    crs: str | None
    complaints: tuple[str, ...]


def _gdal() -> tuple[Any, tuple[type[Exception], ...]]:
    """The library and its faults, loaded with the first file: it brings pandas, seconds that no register or check should wait."""
    import pyogrio
    from pyogrio import errors

    ours = (
        errors.DataSourceError,
        errors.DataLayerError,
        errors.FeatureError,
        errors.FieldError,
        errors.GeometryError,
    )
    return pyogrio, (*ours, ValueError, RuntimeError, OverflowError)


def layers(data: bytes) -> tuple[str, ...]:
    """Names of the layers that can hold geometry."""
    pyogrio, faults = _gdal()
    with gathered():
        try:
            found = pyogrio.list_layers(data)
        except faults as error:
            refuse("file.layer_unreadable", detail=_short(error))
    return tuple(str(name) for name, kind in found if kind is not None)


def read_layer(data: bytes, layer: str | None, encoding: str | None, limit: int) -> Layer:
    """Read a layer; refuses with GDAL's own words where it cannot be opened at all."""
    pyogrio, faults = _gdal()
    with gathered() as caught:
        try:
            info = pyogrio.read_info(data, layer=layer, encoding=encoding)
            if info["features"] is not None and info["features"] > limit:
                refuse("file.too_many_features", limit=limit)
            meta, _, geometries, fields = pyogrio.raw.read(data, layer=layer, encoding=encoding, force_2d=True)
        except faults as error:
            refuse("file.layer_unreadable", detail=_short(error))
    names = [str(name) for name in meta["fields"]]
    columns = {name: [_value(v) for v in column.tolist()] for name, column in zip(names, fields, strict=True)}
    complaints = tuple(dict.fromkeys(text for w in caught if _OF_MEMORY not in (text := _short(w.message))))
    geometry = [] if geometries is None else [None if g is None else bytes(g) for g in geometries]
    return Layer(geometry, columns, meta.get("crs"), complaints)


def collect(layer: Layer, collector: Collector, report: Report, encoding: str | None = None) -> None:
    """Turn the features of a layer into pieces."""
    for text in layer.complaints[:20]:
        report.add("file.layer_complaint", Severity.NOTES, detail=text)
    columns = {_recode(name, encoding): values for name, values in layer.columns.items()}
    for index, binary in enumerate(layer.geometries):
        number = collector.feature()
        properties = {name: _recode(values[index], encoding) for name, values in columns.items()}
        if binary is None:
            collector.not_a_polygon(number, "null")
            continue
        try:
            kind, polygons = rings_of(binary)
        except (struct.error, ValueError):
            report.add("file.geometry_unreadable", Severity.BLOCKS, feature=number)
            continue
        if polygons:
            collector.polygons(polygons, number, properties)
        else:
            collector.not_a_polygon(number, kind)


def rings_of(binary: bytes) -> tuple[str, list[list[list[tuple[float, float]]]]]:
    """Kind and polygons (each a list of rings, closed as written) of two-dimensional ISO well-known binary.

    >>> import shapely
    >>> rings_of(shapely.to_wkb(shapely.box(0, 0, 1, 1)))[1][0][0][:2]
    [(1.0, 0.0), (1.0, 1.0)]
    """
    kind, polygons, _ = _geometry(binary, 0, 0)
    return kind, polygons


def _geometry(binary: bytes, at: int, depth: int) -> tuple[str, list[Any], int]:
    if depth > 8:
        raise ValueError("nested too deep")
    order = "<" if binary[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(f"{order}I", binary, at + 1)
    at += 5
    if code == _POLYGON:
        polygon, at = _polygon(binary, at, order)
        return "Polygon", [polygon] if polygon else [], at
    if code in (_MULTIPOLYGON, _COLLECTION):
        (count,) = struct.unpack_from(f"{order}I", binary, at)
        at += 4
        polygons: list[Any] = []
        kind = "MultiPolygon" if code == _MULTIPOLYGON else "GeometryCollection"
        for _ in range(count):
            inner, found, at = _geometry(binary, at, depth + 1)
            if inner not in ("Polygon", "MultiPolygon"):
                # Lines and points inside a collection have other layouts; the polygons before them are enough to say so.
                return kind, polygons, at
            polygons.extend(found)
        return kind, polygons, at
    return _NAMES.get(code % 1000, f"type {code}"), [], at


def _polygon(binary: bytes, at: int, order: str) -> tuple[list[list[tuple[float, float]]], int]:
    (rings,) = struct.unpack_from(f"{order}I", binary, at)
    at += 4
    polygon = []
    for _ in range(rings):
        (count,) = struct.unpack_from(f"{order}I", binary, at)
        at += 4
        values = np.frombuffer(binary, dtype=f"{order}f8", count=count * 2, offset=at).reshape(-1, 2)
        at += count * 16
        polygon.append([(float(x), float(y)) for x, y in values.tolist()])
    return polygon, at


def _recode(value: Any, encoding: str | None) -> Any:
    """Text that was read byte for byte (as ISO 8859-1) in its true encoding; signs that do not fit are marked, not lost."""
    if encoding is None or not isinstance(value, str):
        return value
    return value.encode("latin-1", errors="replace").decode(encoding, errors="replace")


def _value(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return str(value)


def _short(error: object) -> str:
    """The message without the name of the place in memory that GDAL read from."""
    words = [word for word in str(error).split() if "/vsi" not in word]
    return " ".join(words)[:200]
