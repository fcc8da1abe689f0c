"""What the generators share: rounding, shapes, attributes, writing, and the fingerprint of a table."""

import hashlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

CRS = "EPSG:4490"  # CGCS2000; coordinates are (longitude, latitude)
BOX = (119.0, 35.0, 123.5, 38.5)  # where the clusters of units have their centres
DAY = np.datetime64("2026-11-23")  # the day that "in force", "expired" and "future" refer to
MILLISECONDS = 3_600_000  # thousandths of an arc-second in one degree

# Use type (用海类型) and use mode (用海方式) go together; shares in percent.
USES = {
    ("13", "41"): 62,
    ("12", "33"): 8,
    ("14", "23"): 5,
    ("31", "31"): 4,
    ("11", "31"): 3,
    ("51", "53"): 3,
    ("11", "23"): 2,
    ("31", "23"): 2,
    ("24", "23"): 2,
    ("32", "44"): 2,
    ("33", "44"): 2,
    ("24", "21"): 1,
    ("25", "55"): 1,
    ("42", "42"): 1,
    ("61", "56"): 0.5,
    ("43", "43"): 0.5,
    ("34", "22"): 0.5,
    ("84", "21"): 0.5,
}
LAYERS = {
    "surface,water_column,seabed,subsoil": 35,
    "surface,water_column": 30,
    "water_column,seabed": 20,
    "seabed,subsoil": 15,
}
STANDING = {"in force": 70, "expired": 20, "future": 10}
ALL_YEAR = 85  # percent of rows with months = 4095; bit 0 is January


# ---- shapes ----


def rounded(degrees):
    """Degrees on the grid of 0.001 arc-second: a whole number of milliseconds of arc, divided as floats."""
    return np.rint(np.asarray(degrees) * MILLISECONDS) / MILLISECONDS


def milliseconds(degrees):
    """The whole milliseconds of arc (int64) of degrees that are on the grid."""
    return np.rint(np.asarray(degrees) * MILLISECONDS).astype(np.int64)


def polygons(points, counts):
    """One polygon for each run of `counts` points, unclosed, as an array; `points` are rounded first."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return shapely.polygons(shapely.linearrings(rounded(points), indices=owner))


def is_sound(geoms):
    """True where a polygon is valid and no two successive points are equal."""
    points, owner = shapely.get_coordinates(geoms, return_index=True)
    repeated = (points[1:] == points[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    sound = shapely.is_valid(geoms)
    sound[owner[1:][repeated]] = False
    return sound


def wavy(rng, count, waves=5, rough=0.3):
    """`count` points counter-clockwise about the origin, at a distance of 1 give or take.

    The logarithm of the distance is a sum of cosines whose height falls with their number. The outline is star-shaped, so
    it does not cross itself before rounding.
    """
    angle = 2 * np.pi * (np.arange(count) + rng.uniform(0, 0.7, count)) / count
    number = np.arange(1, waves + 1)
    height = rng.normal(0, rough, waves) / number**0.8
    distance = np.exp((height * np.cos(number * angle[:, None] + rng.uniform(0, 2 * np.pi, waves))).sum(axis=1))
    return np.c_[distance * np.cos(angle), distance * np.sin(angle)]


# ---- attributes ----


def pick(rng, shares, n):
    """n keys of `shares` ({key: percent}) as an object array."""
    keys = np.empty(len(shares), object)
    keys[:] = list(shares)
    weights = np.array(list(shares.values()), float)
    return keys[rng.choice(len(keys), n, p=weights / weights.sum())]


def day_before_anniversary(start, years):
    """The last day of a term of whole years that begins on `start` (both days included)."""
    month = start.astype("M8[M]")
    return (month + 12 * years).astype("M8[D]") + (start - month.astype("M8[D]")) - np.timedelta64(1, "D")


def terms(rng, n, standing):
    """First and last day of n terms of 1 to 15 whole years; `standing` says how they lie to DAY."""
    state, years = pick(rng, standing, n), rng.integers(1, 16, n)
    shift = np.select(
        [state == "in force", state == "expired"],
        [-rng.integers(0, 365 * years), -366 * years - rng.integers(0, 3650, n)],
        rng.integers(1, 1096, n),
    )
    start = DAY + shift.astype("m8[D]")
    return start, day_before_anniversary(start, years)


def seasons(rng, n):
    """n sets of months as 12-bit numbers: all year, or 3 to 9 successive months that may pass New Year."""
    first, length = rng.integers(0, 12, n), rng.integers(3, 10, n)
    run = ((1 << length) - 1) << first
    return np.where(rng.uniform(0, 100, n) < ALL_YEAR, 4095, (run | run >> 12) & 4095)


def attributes(rng, n, standing=STANDING):
    """Use, layers, dates and months of n rows, each drawn on its own, as a dict of columns."""
    use = pick(rng, USES, n)
    layers = pick(rng, LAYERS, n)
    date_from, date_to = terms(rng, n, standing)
    return {
        "use_type": [u[0] for u in use],
        "use_mode": [u[1] for u in use],
        "layers": layers,
        "date_from": dates(date_from),
        "date_to": dates(date_to),
        "months": seasons(rng, n),
    }


def dates(days):
    """An array of datetime64[D] as a column that files keep as a date."""
    return pd.array(pa.array(days), dtype=pd.ArrowDtype(pa.date32()))


# ---- files ----


def write(table, path, layer=None):
    """Write to .parquet or .gpkg; a layer of an existing GeoPackage is added or replaced."""
    if Path(path).suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path, layer=layer or Path(path).stem, driver="GPKG", engine="pyogrio", use_arrow=True)


def read(path, layer=None, columns=None):
    """Read what `write` wrote."""
    if Path(path).suffix == ".parquet":
        return gpd.read_parquet(path, columns=columns and [*columns, "geometry"])
    return gpd.read_file(path, layer=layer, columns=columns, engine="pyogrio")


def fingerprint(table):
    """SHA-256 (hex) over the rows, whatever their order and the file's kind.

    A row is the little-endian two-dimensional ISO WKB, its points as they are, followed by `|column=value` for each
    column in alphabetical order (dates as YYYY-MM-DD) and a line feed, in UTF-8; rows are sorted as bytes.
    """
    text = ""
    for name in sorted(table.columns.drop(table.geometry.name)):
        column = table[name]
        if pd.api.types.is_datetime64_any_dtype(column.dtype) and not isinstance(column.dtype, pd.ArrowDtype):
            column = column.dt.strftime("%Y-%m-%d")
        text = text + f"|{name}=" + column.astype(str).astype(object)
    wkb = shapely.to_wkb(table.geometry.values, byte_order=1, output_dimension=2, flavor="iso")
    rows = sorted(shape + (words + "\n").encode() for shape, words in zip(wkb, text))
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row)
    return digest.hexdigest()
