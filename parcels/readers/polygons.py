"""Turns the polygons of feature files into pieces, with a located finding for everything that is not one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from marine.findings import Severity, Vertex
from parcels.readers.values import Coordinate, Corner, Piece, RawRing, Report, refuse, without_closing
from parcels.uploads import Limits


class Collector:
    """Gathers the pieces of one file and keeps within its limits."""

    def __init__(self, limits: Limits, report: Report) -> None:
        self.pieces: list[Piece] = []
        self.report = report
        self.vertices = 0
        self.features = 0
        self._limits = limits

    def feature(self) -> int:
        """Begin the next feature; its number counts from 1 in file order."""
        self.features += 1
        if self.features > self._limits.features:
            refuse("file.too_many_features", limit=self._limits.features)
        return self.features

    def polygons(self, polygons: Sequence[Any], feature: int, properties: Mapping[str, Any]) -> None:
        """Take all polygons of one feature; several parts become several parcels (register.md §1)."""
        made = []
        for polygon in polygons:
            rings = self._rings(polygon, feature)
            if rings:
                made.append(rings)
        name = name_of(properties)
        for part, rings in enumerate(made, start=1):
            piece = Piece(rings=rings, properties=properties, feature_number=feature, part=part, name=name)
            self.pieces.append(piece)
        if len(made) > 1:
            self.report.add("file.parts_become_parcels", Severity.NOTES, feature=feature, parts=len(made))
        if not made:
            self.report.add("file.feature_empty", Severity.BLOCKS, feature=feature)

    def not_a_polygon(self, feature: int, kind: str) -> None:
        """Take down a feature that is a point, a line, or nothing."""
        if kind == "null":
            self.report.add("file.feature_empty", Severity.BLOCKS, feature=feature)
        else:
            self.report.add("file.not_a_polygon", Severity.BLOCKS, feature=feature, kind=kind)

    def _rings(self, polygon: Any, feature: int) -> tuple[RawRing, ...]:
        if not isinstance(polygon, (list, tuple)):
            refuse("json.not_coordinates", feature=feature)
        rings = []
        for number, given in enumerate(polygon):
            corners = self._corners(given, feature, number)
            if not corners:
                if number == 0:
                    return ()
                continue
            ring, closed = without_closing(corners)
            if not closed:
                self.report.add(
                    "ring.left_open", Severity.WARNS, Vertex(number, len(ring) - 1), feature=feature, ring=number + 1
                )
            rings.append(ring)
        return tuple(rings)

    def _corners(self, given: Any, feature: int, ring: int) -> list[Corner]:
        if not isinstance(given, (list, tuple)):
            refuse("json.not_coordinates", feature=feature)
        self.vertices += len(given)
        if self.vertices > self._limits.vertices:
            refuse("file.too_many_vertices", limit=self._limits.vertices)
        corners = []
        for index, position in enumerate(given):
            corner = corner_of(position)
            if corner is None:
                at = Vertex(ring, index)
                refuse(
                    "ring.position_bad", at, feature=feature, ring=ring + 1, point=index + 1, value=str(position)[:60]
                )
            corners.append(corner)
        return corners


def corner_of(position: Any) -> Corner | None:
    """The first two numbers of a position (a height, if any, is not part of the boundary); None if there are none."""
    if not isinstance(position, (list, tuple)) or len(position) < 2:
        return None
    first, second = _number(position[0]), _number(position[1])
    return None if first is None or second is None else (first, second)


def _number(value: Any) -> Coordinate | None:
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else None
    return value if math.isfinite(value) else None


class NumberText(str):
    """A number of a JSON file, kept as the digits that were written."""

    __slots__ = ()


_NAME_KEYS = ("name", "名称", "宗海名称", "项目名称", "xmmc", "zhmc", "title", "id", "宗海代码", "zhdm")


def name_of(properties: Mapping[str, Any]) -> str | None:
    """The name by which a person will know the shape again, from the usual fields."""
    lowered = {str(key).strip().lower(): value for key, value in properties.items()}
    for key in _NAME_KEYS:
        value = lowered.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()[:120]
    return None
