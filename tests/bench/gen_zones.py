"""Ten layers of zones over the same sea, one GeoPackage (EPSG:4490, points on the grid of 0.001 arc-second).

Columns of each layer: `zone_id`, `layer`, `effect` (forbid, restrict, consult, inform), `modes` (use modes that the effect
applies to, comma list), `buffer_m` (metres to add around the geometry before it is compared). The layers, effects and modes
are made to load the check, they state no law; only the widths beside cables are those of the real rule.
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from tests.bench.common import BOX, CRS, fingerprint, is_sound, pick, polygons, rounded, wavy, write

ALL = "11,12,13,21,22,23,31,32,33,41,42,43,44,51,52,53,54,55,56,57"
FARMS = "33,41"
FIXED = "21,22,23,33,41,51,52,54"
# Effect and modes of planning zones; percent.
RULES = {("forbid", FARMS): 15, ("restrict", ALL): 35, ("consult", ALL): 20, ("inform", ALL): 30}
# Metres beside a cable in open sea, in bays, in ports; percent.
CABLE_BUFFERS = {500.0: 70, 100.0: 20, 50.0: 10}

# layer: polygons, points of each, radius in degrees, length to width, effect, modes
BLOBS = {
    "ecological_red_line": (60, 10_000, 0.12, 1.5, "forbid", ALL),  # 生态保护红线
    "coastal_protection": (50, 10_000, 0.10, 4, "restrict", ALL),  # 海岸带保护
    "fairways": (250, 120, 0.05, 15, "forbid", FIXED),  # 航道
    "anchorages": (150, 16, 0.02, 1, "forbid", FIXED),  # 锚地
    "military_zones": (50, 40, 0.05, 2, "consult", ALL),  # 军事
    "no_aquaculture": (2_000, 60, 0.012, 2, "forbid", FARMS),  # 禁养区
    "limited_aquaculture": (3_000, 60, 0.015, 2, "restrict", FARMS),  # 限养区
}
# layer: columns, rows, points inside each side
MESHES = {"planning_zones": (100, 50, 8), "sea_limits": (10, 6, 60)}  # 海洋功能分区, 县际海域界线
CABLES = 120


def blobs(rng, n, count, radius, stretch):
    """n wavy outlines anywhere in the box, of one size give or take a third, drawn out to `stretch` times their width."""
    west, south, east, north = BOX
    drawn = []
    while len(drawn) < n:
        turn, size, wide = rng.uniform(0, np.pi), radius * rng.uniform(0.67, 1.33), np.sqrt(stretch)
        outline = wavy(rng, count, waves=min(200, count // 4)) * [wide, 1 / wide] * size
        turned = outline @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        middle = np.array([rng.uniform(west, east), rng.uniform(south, north)])
        shape = polygons(turned + middle, np.array([count]))
        drawn += [*shape[is_sound(shape)]]
    return np.array(drawn)


def sides(rng, start, end, inside, size):
    """Wavy sides from each start to each end, without the end: `inside` points between, bent by up to 0.08 of `size`."""
    t = np.arange(inside + 1)[:, None] / (inside + 1)
    bend = rng.uniform(-0.06, 0.06, start.shape[:2])[..., None, None] * np.sin(np.pi * t) + rng.uniform(
        -0.02, 0.02, start.shape[:2]
    )[..., None, None] * np.sin(2 * np.pi * t)
    along = (end - start)[:, :, None, :]
    across = along[..., ::-1] * [-1, 1] / np.linalg.norm(along, axis=-1, keepdims=True)
    return start[:, :, None, :] + t * along + bend * size * across


def mesh(rng, columns, rows, inside):
    """Cells that fill the sea without gap or overlap: neighbours share every point of their common side."""
    west, south, east, north = BOX[0] - 0.3, BOX[1] - 0.3, BOX[2] + 0.3, BOX[3] + 0.3
    cell = np.array([(east - west) / columns, (north - south) / rows])
    corner = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1)
    corner = (corner + rng.uniform(-0.1, 0.1, corner.shape)) * cell + [west, south]
    flat = sides(rng, corner[:, :-1], corner[:, 1:], inside, cell.min())  # towards the east
    steep = sides(rng, corner[:-1], corner[1:], inside, cell.min())  # towards the north

    def back(side, end):
        return np.concatenate([end[:, :, None, :], side[:, :, :0:-1]], axis=2)

    rings = np.concatenate(
        [flat[:-1], steep[:, 1:], back(flat[1:], corner[1:, 1:]), back(steep[:, :-1], corner[1:, :-1])], axis=2
    )
    return polygons(rings.reshape(-1, 2), np.full(columns * rows, rings.shape[2]))


def cables(rng, n):
    """n lines of 50 to 400 points that wander across the sea in steps of about 500 m."""
    west, south, east, north = BOX
    lines = []
    for count in rng.integers(50, 401, n):
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.06, count))
        steps = 0.005 * np.c_[np.cos(heading), np.sin(heading)]
        start = [rng.uniform(west, east), rng.uniform(south, north)]
        lines.append(shapely.linestrings(rounded(start + np.cumsum(steps, axis=0))))
    return np.array(lines)


def layers(seed):
    """Name and table of each layer."""

    def table(name, geometry, effect, modes, buffer_m=0.0):
        return name, gpd.GeoDataFrame(
            {
                "zone_id": np.arange(1, len(geometry) + 1),
                "layer": name,
                "effect": effect,
                "modes": modes,
                "buffer_m": buffer_m,
            },
            geometry=geometry,
            crs=CRS,
        )

    streams = iter([np.random.default_rng([seed, i]) for i in range(10)])  # one for each layer
    for name, shape in MESHES.items():
        rng = next(streams)
        cells = mesh(rng, *shape)
        rules = pick(rng, RULES, len(cells)) if name == "planning_zones" else [("inform", ALL)] * len(cells)
        yield table(name, cells, *zip(*rules))
    for name, (n, count, radius, stretch, effect, modes) in BLOBS.items():
        yield table(name, blobs(next(streams), n, count, radius, stretch), effect, modes)
    rng = next(streams)
    yield table(
        "submarine_cables", cables(rng, CABLES), "forbid", "23,33,41,54", pick(rng, CABLE_BUFFERS, CABLES).astype(float)
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", metavar="OUT.gpkg")
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    Path(args.out).unlink(missing_ok=True)
    for name, table in layers(args.seed):
        assert table.is_valid.all(), name
        write(table, args.out, name)
        points = shapely.get_num_coordinates(table.geometry.values).sum()
        print(f"{name:20} {len(table):5} rows, {points:7} points, sha256 {fingerprint(table)}")


if __name__ == "__main__":
    main()
