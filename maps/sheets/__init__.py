"""宗海位置图 and 宗海界址图: statutory sheets on A4 landscape, drawn in millimetres from a settled boundary.

`render(request)` gives the PDF, `render_svg(request)` one SVG for each page; both come from one Typst source (`sheet.typ`).
What stands on a sheet is passed in as a `SheetRequest`: this package reads no database, no clock and no settings.
"""

from maps.sheets.composing import compose
from maps.sheets.extents import Bounds, extent, reach, resolution
from maps.sheets.printing import page_count, pages_as_svg, printed
from maps.sheets.values import (
    Issued,
    LayerBand,
    Neighbour,
    PlaceName,
    Sheet,
    SheetKind,
    SheetRequest,
    Shoreline,
    Signatures,
    Surroundings,
)

__all__ = [
    "Bounds",
    "Issued",
    "LayerBand",
    "Neighbour",
    "PlaceName",
    "Sheet",
    "SheetKind",
    "SheetRequest",
    "Shoreline",
    "Signatures",
    "Surroundings",
    "compose",
    "extent",
    "page_count",
    "reach",
    "render",
    "render_svg",
    "resolution",
]


def render(request: SheetRequest) -> bytes:
    """The sheet as PDF; the same request gives the same bytes."""
    return printed(compose(request))


def render_svg(request: SheetRequest) -> tuple[bytes, ...]:
    """The sheet as SVG, one for each page."""
    return pages_as_svg(compose(request))
