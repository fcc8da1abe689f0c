"""Sample sea areas: the sea goes to the county of the nearest land. 示例边界，非法定界线 (register.md §7 'Place').

The coast carries no county names, so seeds along it say which stretch counts as whose; they are our own and stand for nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from parcels.samples.coast import land, on_grid

# (lon, lat, administrative or statistical code of the place); "" is coast of a neighbouring city.
SEEDS = (
    (121.55, 37.45, ""), (121.75, 37.45, ""), (121.86, 37.46, ""), (121.98, 37.48, "371071"), (122.02, 37.52, "371071"),
    (122.10, 37.56, "371002"), (122.16, 37.53, "371002"), (122.145, 37.49, "371002"), (122.19, 37.50, "371002"),
    (122.17, 37.44, "371072"), (122.24, 37.465, "371072"), (122.30, 37.42, "371072"), (122.37, 37.41, "371072"),
    (122.44, 37.41, "371082"), (122.50, 37.41, "371082"), (122.60, 37.42, "371082"), (122.69, 37.40, "371082"),
    (122.58, 37.35, "371082"), (122.57, 37.27, "371082"), (122.60, 37.20, "371082"), (122.50, 37.15, "371082"),
    (122.47, 37.05, "371082"), (122.55, 37.00, "371082"), (122.53, 36.92, "371082"), (122.43, 36.87, "371082"),
    (122.33, 36.84, "371082"), (122.18, 36.86, "371082"), (122.22, 36.90, "371082"), (122.19, 37.00, "371082"),
    (122.13, 36.93, "371003"), (122.12, 36.87, "371003"), (122.05, 36.90, "371003"), (122.00, 36.95, "371003"),
    (121.92, 36.93, "371003"), (121.80, 36.89, "371083"), (121.70, 36.83, "371083"), (121.63, 36.75, "371083"),
    (121.55, 36.75, "371083"), (121.50, 36.78, "371083"), (121.44, 36.745, ""), (121.30, 36.70, ""),
)  # fmt: skip
REACH = 0.22  # degrees of latitude from the coast, about 24 km: where the sample sea ends
STRETCH = float(np.cos(np.radians(37.1)))  # longitudes are shortened by this, so that "nearest" means metres


def _plane(geometry: shapely.Geometry, forward: bool = True) -> shapely.Geometry:
    factor = np.array([STRETCH if forward else 1 / STRETCH, 1.0])
    return shapely.transform(geometry, lambda xy: xy * factor)


@cache
def sea_areas() -> dict[str, shapely.MultiPolygon]:
    """Sea area by place code, in CGCS2000 degrees on the millisecond grid; neighbours share their points."""
    coast = [_plane(polygon.exterior.segmentize(0.004)) for polygon in land()]
    points = np.unique(np.concatenate([shapely.get_coordinates(ring) for ring in coast]), axis=0)
    seeds = np.array([(x * STRETCH, y) for x, y, _ in SEEDS])
    codes = np.array([code for *_, code in SEEDS])
    owner = codes[((points[:, None] - seeds) ** 2).sum(axis=2).argmin(axis=1)]

    # Every 25th point is enough for a 24 km reach; a buffer of all 5,000 takes minutes.
    ours = shapely.MultiPoint(points[owner != ""][::25])
    reach = shapely.simplify(shapely.buffer(ours, REACH, quad_segs=8), 0.005)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=reach))
    nearest = shapely.STRtree(shapely.points(points)).query_nearest(shapely.point_on_surface(cells), all_matches=False)
    cell_owner = _owner_by_site(cells, points, owner, nearest[1])
    dry = shapely.union_all([_plane(polygon) for polygon in land()])
    return {
        str(code): _surface(
            shapely.difference(shapely.intersection(shapely.union_all(cells[cell_owner == code]), reach), dry)
        )
        for code in sorted(set(codes) - {""})
    }


def _owner_by_site(cells: np.ndarray, points: np.ndarray, owner: np.ndarray, fallback: np.ndarray) -> np.ndarray:
    """The owner of each Voronoi cell: that of the one site inside it, else of the site nearest its middle."""
    cell_index, site_index = shapely.STRtree(shapely.points(points)).query(cells, predicate="contains")
    site = np.asarray(fallback).copy()
    site[cell_index] = site_index
    found: np.ndarray = owner[site]
    return found


def _surface(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Polygons only, back in degrees and on the grid; crumbs that rounding closes are dropped."""
    degrees = on_grid(_plane(geometry, forward=False))
    parts = [part for part in shapely.get_parts(shapely.make_valid(degrees)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon([part for part in parts if part.area > 1e-8])
