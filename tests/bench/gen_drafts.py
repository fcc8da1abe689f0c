"""Draft parcels for the bench of the check, to .gpkg or .parquet (EPSG:4490, points on the grid of 0.001 arc-second).

Four kinds, shuffled: `copy` of a registered unit moved and bent a little (overlaps 1 to 8 units), `touch` (shares one edge
with a unit, by that unit's own two points, and lies outside it), `shore` (lies across the shoreline), `free` (meets no
unit and no land). `base_unit` is the unit that a copy or a touching draft was made from, 0 for the others.
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from tests.bench.common import (
    CRS,
    MILLISECONDS,
    attributes,
    fingerprint,
    is_sound,
    milliseconds,
    polygons,
    read,
    wavy,
    write,
)

SHARES = {"copy": 0.5, "touch": 0.2, "shore": 0.1, "free": 0.2}
MOST_OVERLAPS = 8
LAND = Path(__file__).parents[2] / "data/samples/coast.geojson"
# Vertices of the 7,107 outer rings of leases_la_oyster.gpkg that have 4 to 200: every 5th percentile.
VERTICES = [4, 4, 4, 5, 6, 6, 7, 9, 10, 12, 15, 18, 21, 25, 30, 36, 44, 55, 72, 102, 200]


class World:
    """The units and the land that drafts are laid among."""

    def __init__(self, units, land):
        self.ids, self.units = units.unit_id.to_numpy(), units.geometry.to_numpy()
        self.tree = shapely.STRtree(self.units)
        self.land = shapely.union_all(land)
        shapely.prepare(self.land)
        self.shoreline = shoreline(land)

    def overlaps(self, geoms):
        """For each geometry, how many units it overlaps by an area above zero."""
        mine, unit = self.tree.query(geoms, predicate="intersects")
        shares_area = shapely.area(shapely.intersection(geoms[mine], self.units[unit])) > 0
        return np.bincount(mine[shares_area], minlength=len(geoms))

    def meets_unit(self, geoms):
        """True where a geometry meets any unit, be it at one point."""
        met = np.zeros(len(geoms), bool)
        met[self.tree.query(geoms, predicate="intersects")[0]] = True
        return met


def shoreline(land):
    """The two-point edges of `land`, as pairs of ends, without those that run along the cut of the data's box."""
    points, ring = shapely.get_coordinates(shapely.get_rings(land), return_index=True)
    edges = np.stack([points[:-1], points[1:]], axis=1)[ring[:-1] == ring[1:]]
    on_cut = [
        (edges[:, :, axis] == edge).all(axis=1)
        for axis in (0, 1)
        for edge in (points[:, axis].min(), points[:, axis].max())
    ]
    return edges[~np.any(on_cut, axis=0)]


def vertex_counts(rng, n):
    """n vertex counts spread like those of real leases."""
    return np.interp(rng.uniform(0, 1, n), np.linspace(0, 1, len(VERTICES)), VERTICES).round().astype(int)


def radii(rng, n):
    """n radii in degrees, spread like those of the units (median about 120 m)."""
    return rng.lognormal(np.log(0.0012), 0.5, n)


def bends(rng, count):
    """`count` factors about 1 that bend an outline; small where points are many, lest it become a comb."""
    return 1 + min(0.1, 1 / count) * rng.uniform(-1, 1, (count, 1))


def build(rings):
    """Polygons of a list of unclosed rings."""
    return polygons(np.concatenate(rings), np.array([len(r) for r in rings]))


# ---- one batch of each kind: polygons, the places of their base units (-1: none), and which are as they should be ----


def copies(rng, world, n):
    """Units whose outline is walked in as many steps as the draft has points, moved, scaled and bent."""
    base = rng.integers(0, len(world.units), n)
    rings = []
    for unit, count in zip(world.units[base], vertex_counts(rng, n)):
        ring, centre = shapely.get_coordinates(unit), shapely.get_coordinates(shapely.centroid(unit))
        at = np.linspace(0, len(ring) - 1, count, endpoint=False)
        walked = np.stack([np.interp(at, np.arange(len(ring)), axis) for axis in ring.T], axis=1) - centre
        moved = centre + rng.normal(0, 0.15 * np.sqrt(shapely.area(unit)), 2)
        rings.append(moved + walked * rng.uniform(0.9, 1.1) * bends(rng, count))
    geoms = build(rings)
    hits = world.overlaps(geoms)
    return geoms, base, (hits >= 1) & (hits <= MOST_OVERLAPS)


def outer_edges(ring):
    """Where the edges start that have all other points of a counter-clockwise ring strictly to their left.

    The ring is in whole numbers, so the answer is exact. If there is no such edge, all are given: what `touching` builds on
    one of them is looked at anyway.
    """
    along, to_each = np.roll(ring, -1, axis=0) - ring, ring[None, :, :] - ring[:, None, :]
    left = along[:, None, 0] * to_each[:, :, 1] - along[:, None, 1] * to_each[:, :, 0] > 0
    outer = np.flatnonzero(left.sum(axis=1) == len(ring) - 2)
    return outer if len(outer) else np.arange(len(ring))


def touching(rng, world, n):
    """Bodies on the outer side of one edge of a unit, from end to end of that edge."""
    base = rng.integers(0, len(world.units), n)
    rings, outside = [], np.zeros(n, bool)
    for i, (unit, count) in enumerate(zip(world.units[base], vertex_counts(rng, n))):
        ring = milliseconds(shapely.get_coordinates(unit)[:-1])
        start = rng.choice(outer_edges(ring))
        first, last = ring[start], ring[(start + 1) % len(ring)]
        edge, size = last - first, np.sqrt(shapely.area(unit) / np.pi) * MILLISECONDS
        length = np.hypot(*edge)
        ahead, outward = edge / length, np.array([edge[1], -edge[0]]) / length
        turn = np.pi * (np.arange(1, count - 1) + rng.uniform(-0.3, 0.3, count - 2)) / (count - 1)
        wide, deep = max(length / 2, size * rng.uniform(0.4, 1.2)), size * rng.uniform(0.6, 1.6)
        arc = deep * np.sin(turn)[:, None] * outward - wide * np.cos(turn)[:, None] * ahead
        body = np.rint((first + last) / 2 + arc * bends(rng, count - 2)).astype(np.int64)
        outside[i] = (edge[0] * (body - first)[:, 1] - edge[1] * (body - first)[:, 0] < 0).all()
        rings.append(np.vstack([last, first, body]) / MILLISECONDS)
    geoms = build(rings)
    return geoms, base, outside & shapely.touches(geoms, world.units[base])


def blobs(rng, places):
    """Wavy outlines about the places."""
    n = len(places)
    return build(
        [
            place + radius * wavy(rng, count)
            for place, radius, count in zip(places, radii(rng, n), vertex_counts(rng, n))
        ]
    )


def ashore(rng, world, n):
    """Outlines about points of the shoreline, drawn by length; kept if part of them is land and part is not."""
    ends = world.shoreline
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    chosen = ends[rng.choice(len(ends), n, p=length / length.sum())]
    geoms = blobs(rng, chosen[:, 0] + rng.uniform(0, 1, (n, 1)) * (chosen[:, 1] - chosen[:, 0]))
    share = shapely.area(shapely.intersection(geoms, world.land)) / shapely.area(geoms)
    return geoms, np.full(n, -1), (share > 0) & (share < 1)


def in_the_open(rng, world, n):
    """Outlines scattered about units as units are about their clusters; kept if they meet no unit and no land."""
    near = shapely.get_coordinates(shapely.centroid(world.units[rng.integers(0, len(world.units), n)]))
    geoms = blobs(rng, near + rng.normal(0, 0.05, (n, 2)))
    return geoms, np.full(n, -1), ~world.meets_unit(geoms) & ~shapely.intersects(geoms, world.land)


MAKERS = {"copy": copies, "touch": touching, "shore": ashore, "free": in_the_open}


def gather(make, rng, world, n):
    """The first n sound drafts that `make` gives, batch after batch, with the places of their base units."""
    geoms, base = np.empty(0, object), np.empty(0, int)
    while len(geoms) < n:
        batch, of, good = make(rng, world, max(100, n - len(geoms)))
        good &= is_sound(batch)
        geoms, base = np.append(geoms, batch[good]), np.append(base, of[good])
    return geoms[:n], base[:n]


def drafts(world, n, seed):
    """The table of n drafts."""
    ends = np.rint(np.cumsum(list(SHARES.values())) * n).astype(int)
    counts = np.diff(ends, prepend=0)
    parts = [
        gather(MAKERS[kind], np.random.default_rng([seed, i]), world, count)
        for i, (kind, count) in enumerate(zip(SHARES, counts))
    ]
    rng = np.random.default_rng([seed, len(SHARES)])
    order = rng.permutation(n)
    base = np.concatenate([base for _, base in parts])[order]
    geometry = np.concatenate([geoms for geoms, _ in parts])[order]
    return gpd.GeoDataFrame(
        {
            "draft_id": np.arange(1, n + 1),
            "kind": np.repeat(list(SHARES), counts)[order],
            "base_unit": np.where(base < 0, 0, world.ids[base]),
            **attributes(rng, n, {"future": 1}),
        },
        geometry=geometry,
        crs=CRS,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", metavar="UNITS.parquet", help="what gen_units.py wrote")
    parser.add_argument("n", type=int, metavar="N", help="how many drafts")
    parser.add_argument("out", metavar="OUT", help=".gpkg or .parquet")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--land", default=LAND, help="polygons of land in longitude and latitude (default: %(default)s)"
    )
    args = parser.parse_args()
    world = World(read(args.units, columns=["unit_id"]), gpd.read_file(args.land).geometry.to_numpy())
    table = drafts(world, args.n, args.seed)
    write(table, args.out, "drafts")
    kinds = ", ".join(f"{count} {kind}" for kind, count in table.kind.value_counts().items())
    print(f"{len(table)} drafts ({kinds}), sha256 {fingerprint(table)}")


if __name__ == "__main__":
    main()
