"""What a check of the first K drafts must find among the units, computed the slow and plain way.

It is a witness to compare with: shapely and pyproj only, one pair after the other, no judgement. One row of the CSV for
each unit that a draft meets; a draft without a row meets none.

Whether and how they meet is decided in longitude and latitude, where edges are straight: `overlap` if the interiors share an
area, `touch` otherwise. The unit there is the millisecond of arc, for points are whole numbers of it and so the answer is
exact; degrees as floats can misjudge a point that lies on a foreign edge (the last line printed counts such pairs).

Metres are taken on the Gauss-Krüger plane (transverse Mercator on the CGCS2000 ellipsoid, scale 1, false easting 500 km)
whose central meridian is the multiple of 0.5 degree nearest the middle of the draft's bounding box: `overlap_m2` is the area
of the overlap; `width_m` its greatest width, twice the radius of the largest circle in it, at most 0.01 m too small.
`shared_days` counts both ends; `shared_months` is a 12-bit number, bit 0 January.
"""

import argparse
import csv
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

MILLISECONDS = 3_600_000  # thousandths of an arc-second in one degree
LAYERS = ("surface", "water_column", "seabed", "subsoil")
COLUMNS = (
    "draft_id",
    "unit_id",
    "relation",
    "central_meridian",
    "overlap_m2",
    "width_m",
    "shared_layers",
    "shared_from",
    "shared_to",
    "shared_days",
    "shared_months",
)


def central_meridian(geom):
    """The multiple of 0.5 degree nearest the middle of the bounding box; of two, the eastern one."""
    west, _, east, _ = geom.bounds
    return np.floor((west + east) + 0.5) / 2


def scaled(geom):
    """The geometry in whole milliseconds of arc."""
    return shapely.transform(geom, lambda degrees: np.rint(degrees * MILLISECONDS))


def on_plane(geom, meridian):
    """A geometry in milliseconds of arc with each point projected; edges become straight between the projected points."""
    plane = pyproj.Proj(
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +a=6378137 +rf=298.257222101 +units=m"
    )
    return shapely.transform(geom, lambda x, y: plane(x / MILLISECONDS, y / MILLISECONDS), interleaved=False)


def surfaces(geom):
    """The polygons of a geometry of any kind, as one MultiPolygon."""
    parts = shapely.get_parts(shapely.get_parts(geom))  # twice: a collection may hold a MultiPolygon
    return shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])


def width(geom):
    """Twice the radius of the largest circle inside; the radius is the length of the line that shapely returns."""
    return 0.0 if geom.is_empty else 2 * shapely.maximum_inscribed_circle(geom, tolerance=0.005).length


def relation(one, other):
    """`overlap`, `touch` or None."""
    if one.relate(other)[0] == "2":
        return "overlap"
    return "touch" if one.intersects(other) else None


def compare(draft, unit):
    """The row for a draft and a unit, or None if they do not meet."""
    one, other, meridian = scaled(draft.geometry), scaled(unit.geometry), central_meridian(draft.geometry)
    meet = relation(one, other)
    if meet is None:
        return None
    row = {
        "draft_id": draft.draft_id,
        "unit_id": unit.unit_id,
        "relation": meet,
        "central_meridian": meridian,
        "overlap_m2": 0,
        "width_m": 0,
    }
    if meet == "overlap":
        overlap = on_plane(surfaces(one.intersection(other)), meridian)
        row |= {"overlap_m2": round(overlap.area, 4), "width_m": round(width(overlap), 3)}
    first, last = max(draft.date_from, unit.date_from), min(draft.date_to, unit.date_to)
    if first <= last:
        row |= {"shared_from": first.date(), "shared_to": last.date()}
    return row | {
        "shared_layers": ",".join(
            layer for layer in LAYERS if layer in draft.layers.split(",") and layer in unit.layers.split(",")
        ),
        "shared_days": max(0, (last - first).days + 1),
        "shared_months": draft.months & unit.months,
    }


def read(path):
    """A table of units or drafts, dates as timestamps."""
    table = gpd.read_parquet(path) if path.endswith(".parquet") else gpd.read_file(path)
    return table.assign(date_from=pd.to_datetime(table.date_from), date_to=pd.to_datetime(table.date_to))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", metavar="UNITS.parquet")
    parser.add_argument("drafts", metavar="DRAFTS", help=".gpkg or .parquet")
    parser.add_argument("out", metavar="OUT.csv")
    parser.add_argument("--first", type=int, default=200, metavar="K", help="by draft_id (default: %(default)s)")
    args = parser.parse_args()
    units, drafts = read(args.units), read(args.drafts).sort_values("draft_id").head(args.first)
    tree = shapely.STRtree(units.geometry.to_numpy())

    rows, otherwise = [], 0
    for draft in drafts.itertuples():
        for unit in units.iloc[sorted(tree.query(draft.geometry))].itertuples():
            row = compare(draft, unit)
            otherwise += relation(draft.geometry, unit.geometry) != (row and row["relation"])
            rows += [row] if row else []
    with open(args.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    print(
        f"{len(drafts)} drafts, {len({row['draft_id'] for row in rows})} of them meet units: "
        f"{dict(Counter(row['relation'] for row in rows))}, {otherwise} pairs look otherwise in degrees"
    )


if __name__ == "__main__":
    main()
