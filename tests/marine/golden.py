"""The published crane quay (docs/boundary.md): 15 points, the outline 12-1-2-…-11-13-14-15-12 and three units as printed."""

from __future__ import annotations

from marine.coordinates import ms_from_text
from marine.notation import polygon_from

# Seconds of latitude and longitude; every point is at 31°23′ N, 121°40′ E.
_SECONDS = """
03.213 56.375, 03.175 56.651, 03.157 56.790, 03.952 56.919, 04.259 57.001, 04.449 57.052, 04.475 56.933, 04.469 56.912,
03.971 56.802, 03.974 56.777, 04.009 56.518, 02.969 56.332, 04.243 56.560, 04.329 55.928, 03.085 55.492
"""
POINTS = {
    number: (ms_from_text(f"121 40 {lon}"), ms_from_text(f"31 23 {lat}"))
    for number, (lat, lon) in enumerate((pair.split() for pair in _SECONDS.split(",")), start=1)
}
NOTATIONS = ("2-3-…-10-2", "1-2-10-11-1", "12-1-11-13-14-15-12")
OUTLINE = polygon_from("12-1-2-…-11-13-14-15-12", POINTS)
UNITS = tuple(polygon_from(notation, POINTS) for notation in NOTATIONS)
