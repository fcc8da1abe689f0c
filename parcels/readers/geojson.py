"""GeoJSON: a collection, one feature, a bare geometry, or one of them on each line; with the old `crs` member too.

Numbers are kept as the digits that stand in the file, so that rounding to 0.001″ starts from the decimal text.
Without a `crs` member RFC 7946 §4 makes it longitude and latitude on WGS 84.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from marine.findings import Severity
from parcels.readers.polygons import Collector, NumberText
from parcels.readers.texts import decode
from parcels.readers.values import Content, Declared, Report, refuse
from parcels.uploads import Choices, Limits

NAME = "geojson"
_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
)
_DEEPEST_COLLECTION = 8


def sniff(data: bytes) -> bool:
    """Text whose first sign is a brace or a bracket; a UTF-16 or UTF-8 mark and a record separator may stand before it."""
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x1e")
    return head[:1] in (b"{", b"[")


def read(data: bytes, choices: Choices, limits: Limits, report: Report) -> Content:
    """All polygons of the file; positions are (longitude or easting, latitude or northing)."""
    text, encoding = decode(data, choices.encoding, report)
    documents = _documents(text)
    collector = Collector(limits, report)
    crs: str | None = None
    for document in documents:
        crs = _crs_member(document, crs)
        _take(document, collector, report)
    declared = Declared(crs=crs, crs_by="crs_member", axis="lonlat", axis_by="format")
    if crs is None:
        declared = Declared(crs="EPSG:4326", crs_by="rfc7946", axis="lonlat", axis_by="format")
    decisions = {"encoding": encoding, "documents": len(documents)}
    return Content(format=NAME, pieces=tuple(collector.pieces), declared=declared, decisions=decisions)


def _documents(text: str) -> list[dict[str, Any]]:
    body = text.strip("\ufeff \t\r\n\x1e\x00")
    try:
        return [_object(_parse(body), 1)]
    except json.JSONDecodeError as whole:
        lines = [line.strip("\x1e \t\r") for line in body.splitlines()]
        filled = [(number, line) for number, line in enumerate(lines, start=1) if line]
        if len(filled) < 2 or not _one_value_a_line(filled):
            _broken(whole, text)
        found = []
        for number, line in filled:
            try:
                found.append(_object(_parse(line), number))
            except json.JSONDecodeError as error:
                refuse(
                    "json.broken", line=number, column=error.colno, near=line[max(0, error.pos - 20) : error.pos + 20]
                )
        return found


def _one_value_a_line(filled: list[tuple[int, str]]) -> bool:
    """Whether the text is newline-delimited: its first line is a whole JSON value."""
    try:
        _parse(filled[0][1])
    except json.JSONDecodeError:
        return False
    return True


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_float=NumberText, parse_int=NumberText, parse_constant=_no_constant)
    except RecursionError:
        refuse("json.too_deep")


def _no_constant(word: str) -> NoReturn:
    refuse("json.no_number", word=word)


def _broken(error: json.JSONDecodeError, text: str) -> NoReturn:
    # A string that is never closed is told at its beginning; it is the end of the file that is missing.
    at = len(text) if error.msg.startswith("Unterminated string") else error.pos
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    near = text[max(0, at - 20) : at + 20]
    refuse("json.broken" if text[at:].strip() else "json.truncated", line=line, column=column, near=near)


def _object(value: Any, line: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse("json.not_geojson", line=line, found=type(value).__name__)
    kind = value.get("type")
    if kind == "Topology":
        refuse("json.topojson")
    if kind not in ("FeatureCollection", "Feature") and kind not in _GEOMETRIES:
        refuse("json.not_geojson", line=line, found=str(kind)[:40])
    return value


def _crs_member(document: dict[str, Any], before: str | None) -> str | None:
    """The name in the `crs` member of GeoJSON 2008; two different ones in one file are refused."""
    found = _crs_name(document)
    features = document.get("features")
    names = {found} if found else set()
    if isinstance(features, list):
        names |= {name for feature in features if isinstance(feature, dict) and (name := _crs_name(feature))}
    names |= {before} if before else set()
    if len(names) > 1:
        refuse("crs.two_in_one_file", first=sorted(str(n) for n in names)[0], second=sorted(str(n) for n in names)[1])
    return next(iter(names), None)


def _crs_name(thing: dict[str, Any]) -> str | None:
    member = thing.get("crs")
    if member is None:
        return None
    if isinstance(member, str):
        return member
    properties = member.get("properties") if isinstance(member, dict) else None
    if not isinstance(properties, dict):
        refuse("crs.unknown", crs=str(member)[:120])
    name = properties.get("name", properties.get("code"))
    if not isinstance(name, str) or not name.strip():
        refuse("crs.unknown", crs=str(member)[:120])
    return str(name)


def _take(document: dict[str, Any], collector: Collector, report: Report) -> None:
    kind = document["type"]
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            refuse("json.no_features")
        for feature in features:
            _feature(feature, collector)
    elif kind == "Feature":
        _feature(document, collector)
    else:
        _geometry(document, collector.feature(), {}, collector)


def _feature(feature: Any, collector: Collector) -> None:
    number = collector.feature()
    if not isinstance(feature, dict):
        refuse("json.not_a_feature", feature=number)
    properties = feature.get("properties")
    plain = {str(k): _plain(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
    if "id" in feature and "id" not in plain:
        plain["id"] = _plain(feature["id"])
    geometry = feature.get("geometry")
    if geometry is None and feature.get("type") in _GEOMETRIES:
        geometry = feature
    _geometry(geometry, number, plain, collector)


def _geometry(geometry: Any, feature: int, properties: dict[str, Any], collector: Collector) -> None:
    if geometry is None:
        collector.not_a_polygon(feature, "null")
        return
    polygons: list[Any] = []
    others: list[str] = []
    _gather(geometry, feature, polygons, others, 0)
    if polygons:
        collector.polygons(polygons, feature, properties)
        if others:
            collector.report.add("file.other_geometry_left", Severity.WARNS, feature=feature, kind=others[0])
    else:
        collector.not_a_polygon(feature, others[0] if others else "null")


def _gather(geometry: Any, feature: int, polygons: list[Any], others: list[str], depth: int) -> None:
    if not isinstance(geometry, dict) or geometry.get("type") not in _GEOMETRIES or depth > _DEEPEST_COLLECTION:
        refuse("json.not_a_geometry", feature=feature)
    kind = str(geometry["type"])
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        if not isinstance(members, list):
            refuse("json.not_a_geometry", feature=feature)
        for member in members:
            _gather(member, feature, polygons, others, depth + 1)
        return
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        refuse("json.not_coordinates", feature=feature)
    if kind == "Polygon":
        polygons.append(coordinates)
    elif kind == "MultiPolygon":
        polygons.extend(coordinates)
    else:
        others.append(kind)


def _plain(value: Any) -> Any:
    """A property as plain Python: numbers as numbers again, lists and mappings as their JSON text."""
    value = _numbers(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return json.dumps(value, ensure_ascii=False)[:4000]


def _numbers(value: Any) -> Any:
    if isinstance(value, NumberText):
        try:
            return int(value) if value.lstrip("-").isdigit() and len(value) < 19 else float(value)
        except ValueError:
            return str(value)
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    return [_numbers(inner) for inner in value] if isinstance(value, list) else value
