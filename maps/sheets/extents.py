"""Which part of the sea a sheet shows, so that whoever fetches what lies round the parcel knows where to look."""

from __future__ import annotations

from maps.sheets import boundary_map, frames, position_map
from maps.sheets.values import SheetRequest
from marine.planes import gauss_kruger

Bounds = tuple[float, float, float, float]
# Details smaller than this (mm on paper) vanish under any pen of the sheet.
FINEST = 0.02


def extent(request: SheetRequest) -> Bounds:
    """West, south, east, north of the map in milliseconds of arc; on a position sheet it depends on the coast passed in."""
    plane = gauss_kruger(request.boundary.central_meridian)
    drawn = boundary_map if request.kind == "boundary" else position_map
    return drawn.frame_of(request, plane).bounds(grown=frames.OVER_THE_EDGE)


def reach(request: SheetRequest) -> Bounds:
    """The box within which coast can change the sheet: for a boundary sheet its map, for a position sheet the widest it can be."""
    if request.kind == "boundary":
        return extent(request)
    plane = gauss_kruger(request.boundary.central_meridian)
    return position_map.widest_frame(request, plane).bounds(grown=frames.OVER_THE_EDGE)


def resolution(request: SheetRequest) -> float:
    """Milliseconds of latitude that are 0.02 mm on the map; finer detail of a coast cannot be seen."""
    _, south, _, north = extent(request)
    return (north - south) * FINEST / (frames.MAP_HEIGHT * (1 + 2 * frames.OVER_THE_EDGE))
