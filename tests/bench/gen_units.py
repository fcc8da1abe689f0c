"""Random registered sea-use units in clusters on the Yellow Sea, to a GeoParquet file (EPSG:4490).

The same seed makes the same rows. Points are on the grid of 0.001 arc-second and every polygon is valid as drawn:
one that rounding would spoil is dropped and drawn again.
"""

import argparse
import itertools

import geopandas as gpd
import numpy as np

from tests.bench.common import BOX, CRS, attributes, fingerprint, is_sound, polygons, write

CLUSTERS = 4000
HOLDERS = 5000


def shapes(rng, centres, n):
    """n polygons of 4 to 39 points, each about a place that scatters round one of the `centres`."""
    near = rng.integers(0, CLUSTERS, n)
    x, y = (centre[near] + rng.normal(0, 0.05, n) for centre in centres)
    count = rng.integers(4, 40, n)
    radius = rng.lognormal(np.log(0.0012), 0.5, n)
    owner = np.repeat(np.arange(n), count)
    angle = 2 * np.pi * (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)) / count[owner]
    distance = radius[owner] * rng.uniform(0.85, 1, count.sum())
    return polygons(np.c_[x[owner] + distance * np.cos(angle), y[owner] + distance * np.sin(angle)], count)


def sound_shapes(seed, n):
    """n shapes, the unsound ones drawn again from a stream of their own until none is left."""
    rng = np.random.default_rng(seed)
    west, south, east, north = BOX
    centres = rng.uniform(west, east, CLUSTERS), rng.uniform(south, north, CLUSTERS)
    drawn, redrawn = shapes(rng, centres, n), 0
    for attempt in itertools.count(1):
        bad = np.flatnonzero(~is_sound(drawn))
        if not len(bad):
            return drawn, redrawn
        drawn[bad] = shapes(np.random.default_rng([seed, 2, attempt]), centres, len(bad))
        redrawn += len(bad)
    raise AssertionError("counting never ends")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int, metavar="N", help="how many units")
    parser.add_argument("out", metavar="OUT.parquet")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    geometry, redrawn = sound_shapes(args.seed, args.n)
    rng = np.random.default_rng([args.seed, 1])
    number = np.arange(1, args.n + 1)
    units = gpd.GeoDataFrame(
        {
            "unit_id": number,
            "parcel_id": number,
            "holder_id": rng.integers(1, HOLDERS + 1, args.n),
            **attributes(rng, args.n),
        },
        geometry=geometry,
        crs=CRS,
    )
    write(units, args.out)
    print(f"{len(units)} units, {redrawn} drawn again, sha256 {fingerprint(units)}")


if __name__ == "__main__":
    main()
