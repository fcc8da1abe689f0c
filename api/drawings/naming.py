"""Names on a position sheet: land and water, each at its widest spot in view; whose sea the parcel lies in; the text note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from data.messages import text
from maps import sheets
from maps.sheets import position_map, tables
from marine.coordinates import MS_PER_DEGREE
from marine.planes import gauss_kruger
from parcels.queries import drawings as queries
from parcels.queries.places import Ancestor, chains_of
from parcels.samples import world

# Places tried on each axis of the map, a twelfth of it kept free along its sides; and how many of the best a name may take.
TRIED = 36
RIM = 1 / 12
SPOTS = 8
# A name is about so many times as wide as high, so that it needs more room on its sides.
WIDE = 3
# A place so much nearer to the middle of the map is worth as much as one unit of room round the name.
TOWARDS_THE_MIDDLE = 0.1
# Neighbours that the text note names.
MOST_NAMED = 4


def names_on(
    extent: sheets.Bounds, land: Any, named: Sequence[queries.CoastPiece], seas: Sequence[queries.SeaPiece], lang: str
) -> tuple[sheets.PlaceName, ...]:
    """Names of land and waters in view.

    Land that bears a name of its own has that; other land is named after the place whose sea is nearest: sea areas follow
    their place's coast. Waters are named where they are places themselves (bays, straits).
    """
    grid = _grid(extent)
    found = []
    waters = [sea for sea in seas if sea.kind == "sea"]
    for water in waters:
        found.append(_placed(_name(water, lang), "water", _widest(grid, water.geometry, extent)))
    for piece in named:
        found.append(_placed(_name(piece, lang), "land", _widest(grid, piece.geometry, extent)))
    counties = [sea for sea in seas if sea.kind != "sea"]
    if land is not None and counties:
        # Points are sorted out, not shapes cut: pieces of land that share an edge make no valid polygon together.
        dry = _inside(grid, land)
        for piece in named:
            dry = dry[~shapely.contains_xy(piece.geometry, dry)]
        owner = _nearest(dry, [sea.geometry for sea in counties])
        for at, county in enumerate(counties):
            found.append(_placed(_name(county, lang), "land", _ordered(dry[owner == at], land, extent)))
    return tuple(name for name in found if name is not None)


def _name(piece: queries.CoastPiece | queries.SeaPiece, lang: str) -> str:
    return piece.name_zh if lang == "zh" else piece.name_en


def _placed(name: str, kind: Any, spots: npt.NDArray[np.float64]) -> sheets.PlaceName | None:
    if not len(spots):
        return None
    (lon, lat), *others = [(round(x), round(y)) for x, y in spots[:SPOTS].tolist()]
    return sheets.PlaceName(lon=lon, lat=lat, name=name, kind=kind, others=tuple(others))


def _grid(extent: sheets.Bounds) -> npt.NDArray[np.float64]:
    west, south, east, north = extent
    lon = np.linspace(west + RIM * (east - west), east - RIM * (east - west), TRIED)
    lat = np.linspace(south + RIM * (north - south), north - RIM * (north - south), TRIED)
    return np.stack(np.meshgrid(lon, lat), axis=-1).reshape(-1, 2)


def _inside(points: npt.NDArray[np.float64], shape: Any) -> npt.NDArray[np.float64]:
    shapely.prepare(shape)
    return points[shapely.contains_xy(shape, points)]


def _widest(grid: npt.NDArray[np.float64], shape: Any, extent: sheets.Bounds) -> npt.NDArray[np.float64]:
    return _ordered(_inside(grid, shape), shape, extent)


def _ordered(points: npt.NDArray[np.float64], shape: Any, extent: sheets.Bounds) -> npt.NDArray[np.float64]:
    """Points of a shape, those farthest from its edge and from the map's sides first, of about equal ones the most central."""
    if not len(points):
        return points
    seen = shapely.clip_by_rect(shape, *extent)
    squeeze = _squeeze(extent) * (1 / WIDE, 1)
    edge = shapely.boundary(shapely.transform(seen, lambda xy: xy * squeeze))
    spots = shapely.points(points * squeeze)
    middle = shapely.points(np.array([extent[0] + extent[2], extent[1] + extent[3]]) / 2 * squeeze)
    merit = shapely.distance(spots, edge) - TOWARDS_THE_MIDDLE * shapely.distance(spots, middle)
    return points[np.argsort(-merit, kind="stable")]


def _nearest(points: npt.NDArray[np.float64], shapes: Sequence[Any]) -> npt.NDArray[np.int64]:
    """For each point the place of the shape nearest to it."""
    if not len(points):
        return np.empty(0, dtype=np.int64)
    squeeze = np.array([cos(radians(points[0, 1] / MS_PER_DEGREE)), 1.0])
    turned = [shapely.transform(shape, lambda xy: xy * squeeze) for shape in shapes]
    return np.asarray(
        np.argmin([shapely.distance(shapely.points(points * squeeze), shape) for shape in turned], axis=0)
    )


def _squeeze(extent: sheets.Bounds) -> npt.NDArray[np.float64]:
    """Degrees of longitude are shorter than those of latitude by this; near enough for choosing a spot."""
    return np.array([cos(radians((extent[1] + extent[3]) / 2 / MS_PER_DEGREE)), 1.0])


def district(session: Session, parcel: Any, seas: Sequence[queries.SeaPiece], lang: str) -> str:
    """Whose sea the parcel lies in, from the province down, with the mark of a sample boundary; empty where nobody's is known."""
    holding = [
        sea
        for sea in seas
        if sea.kind != "sea" and shapely.intersects(sea.geometry, parcel) and not shapely.touches(sea.geometry, parcel)
    ]
    if not holding:
        return ""
    chains = chains_of(session, [sea.place_id for sea in holding])
    names = _list(dict.fromkeys(_chain_told(chains[sea.place_id], lang) for sea in holding), lang)
    is_sample = any(sea.mark == world.MARK for sea in holding)
    return names + (text("sheets.district.sample", lang) if is_sample else "")


def _chain_told(chain: Sequence[Ancestor], lang: str) -> str:
    """`山东省威海市荣成市`; in English from the place upwards."""
    below = [place for place in chain if place.kind != "country"]
    if lang == "zh":
        return "".join(place.name_zh for place in below)
    return ", ".join(place.name_en for place in reversed(below))


def remarks(request: sheets.SheetRequest) -> tuple[str, ...]:
    """The text note of a position sheet: how far the coast is, and which parcels adjoin."""
    return (_shore_told(request), _adjoining_told(request))


def _shore_told(request: sheets.SheetRequest) -> str:
    lang, shores = request.lang, request.surroundings.shorelines
    if not shores:
        return text("sheets.remark.no_shore", lang, kilometres=round(position_map.FARTHEST_COAST / 1000))
    plane = gauss_kruger(request.boundary.central_meridian)
    parcel = shapely.Polygon(plane.to_metres(request.boundary.parcel.exterior))
    lines = [shapely.transform(shore.geometry, plane.to_metres) for shore in shores]
    metres = float(min(shapely.distance(parcel, line) for line in lines))
    if metres > position_map.FARTHEST_COAST:
        return text("sheets.remark.no_shore", lang, kilometres=round(position_map.FARTHEST_COAST / 1000))
    if metres == 0:
        return text("sheets.remark.at_shore", lang)
    if metres < 1000:
        return text("sheets.remark.shore_metres", lang, metres=f"{metres:.0f}")
    return text("sheets.remark.shore_kilometres", lang, kilometres=f"{metres / 1000:.1f}")


def _adjoining_told(request: sheets.SheetRequest) -> str:
    lang = request.lang
    beside = [each for each in request.surroundings.neighbours if tables.shared_edges(request.boundary, each)]
    if not beside:
        return text("sheets.remark.no_neighbour", lang)
    named = [each.label or text("sheets.nameless", lang) for each in beside[:MOST_NAMED]]
    if len(beside) > len(named):
        named.append("…")
    return text("sheets.remark.neighbours", lang, count=len(beside), names=_list(dict.fromkeys(named), lang))


def _list(names: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(names)
