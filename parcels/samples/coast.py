"""The sample coast: land polygons, and the shoreline cut into natural and artificial stretches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

MS = 3_600_000
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

SMALLEST = 1e-6  # square degrees, about one hectare: smaller rocks would only clutter the sample map

# Stretches that the sample calls artificial: quays and sea walls of harbours, as circles (lon, lat, radius in degrees).
HARBOURS = (
    (122.195, 37.455, 0.035),
    (122.145, 37.490, 0.025),
    (122.425, 36.905, 0.040),
    (122.570, 37.350, 0.030),
    (121.490, 36.785, 0.025),
    (122.050, 36.930, 0.020),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the sample shoreline; `kind` is natural or artificial, `line` in degrees (lon, lat)."""

    kind: str
    line: BaseGeometry


@cache
def land() -> tuple[shapely.Polygon, ...]:
    """The land polygons in CGCS2000 degrees, axis order longitude, latitude, largest first; rocks are left out."""
    text = files("data.samples").joinpath("coast.geojson").read_text(encoding="utf-8")
    polygons = shapely.get_parts(shapely.from_geojson(text))
    kept = polygons[shapely.area(polygons) > SMALLEST]
    return tuple(sorted((on_grid(polygon) for polygon in kept), key=lambda polygon: -polygon.area))


@cache
def shoreline() -> tuple[Stretch, ...]:
    """The shoreline as stretches; the cut edges of the clip's own box are not shore."""
    harbours = shapely.union_all([shapely.Point(x, y).buffer(r) for x, y, r in HARBOURS])
    west, south, east, north = shapely.total_bounds(np.array(land()))
    inside = shapely.box(west + 2e-6, south - 1, east + 1, north - 2e-6)
    stretches = []
    for polygon in land():
        for ring in (polygon.exterior, *polygon.interiors):
            line = shapely.intersection(shapely.LineString(ring.coords), inside)
            for kind, part in (
                ("artificial", shapely.intersection(line, harbours)),
                ("natural", shapely.difference(line, harbours)),
            ):
                merged = shapely.line_merge(part) if part.geom_type == "MultiLineString" else part
                stretches += [
                    Stretch(kind, piece)
                    for piece in shapely.get_parts(on_grid(merged))
                    if piece.geom_type == "LineString" and piece.length > 0
                ]
    return tuple(stretches)


def on_grid(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry with its points on whole milliseconds of arc, still in degrees."""
    rounded: BaseGeometry = shapely.transform(geometry, lambda xy: np.rint(xy * MS) / MS)
    return rounded
