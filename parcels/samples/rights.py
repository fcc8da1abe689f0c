"""About 200 invented sea-use rights round Weihai's bays, drawn from a seed; dates are relative to the day asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely

from parcels.samples.coast import MS, land

SEED = 20261123
ALL_LAYERS: None = None  # a right from before layered registration: it occupies all four


@dataclass(frozen=True, slots=True)
class Block:
    """A block of equal parcels: `anchor` is its south-west corner (lon, lat), sizes in metres, `turn` in degrees."""

    code: str
    zh: str
    en: str
    anchor: tuple[float, float]
    rows: int
    columns: int
    size: tuple[float, float]
    gap: float
    turn: float
    use_type: str
    use_mode: str
    layers: tuple[str, ...] | None
    months: int = 4095


@dataclass(frozen=True, slots=True)
class SampleRight:
    """One invented right: geometry in whole milliseconds of arc, dates with both days included."""

    number: str
    zh: str
    en: str
    ring: tuple[tuple[int, int], ...]
    use_type: str
    use_mode: str
    layers: tuple[str, ...] | None
    months: int
    first_day: date
    last_day: date
    holder: int
    surveyed_m: float | None


RAFT = ("surface", "water_column")
SEABED = ("seabed",)
FLOOR = ("seabed", "subsoil")
BLOCKS = (
    Block("SGB", "桑沟湾北筏式", "Sanggou Bay north rafts", (122.515, 37.105), 4, 6, (500, 390), 40, 14, "13", "41", RAFT),
    Block("SGN", "桑沟湾南筏式", "Sanggou Bay south rafts", (122.525, 37.062), 3, 6, (620, 400), 0, 6, "13", "41", RAFT),
    Block("ALW", "爱莲湾藻类", "Ailian Bay kelp", (122.640, 37.170), 3, 5, (560, 420), 60, 20, "13", "41", RAFT, 0b111000000111),
    Block("JHW", "靖海湾底播", "Jinghai Bay seabed beds", (122.200, 36.790), 4, 4, (700, 520), 0, 4, "13", "41", SEABED),
    Block("RSN", "乳山南黄牡蛎", "Rushan Nanhuang oysters", (121.755, 36.800), 5, 6, (460, 360), 30, 28, "13", "41", RAFT),
    Block("RSB", "乳山白沙湾牡蛎", "Rushan Baisha Bay oysters", (121.665, 36.735), 4, 6, (480, 380), 0, 12, "13", "41", ALL_LAYERS),
    Block("WDN", "文登近海筏式", "Wendeng coastal rafts", (121.960, 36.850), 4, 5, (540, 400), 50, 16, "13", "41", RAFT),
    Block("HCB", "环翠北部网箱", "Huancui north cages", (122.060, 37.600), 3, 5, (320, 260), 80, 10, "13", "41", RAFT),
    Block("RGJ", "人工鱼礁", "Artificial reefs", (122.690, 37.280), 2, 4, (380, 300), 120, 8, "14", "23", FLOOR),
    Block("JQC", "经区海工码头港池", "Economic zone quay basins", (122.262, 37.482), 1, 4, (260, 180), 0, 12, "24", "31", ALL_LAYERS),
    Block("SDG", "石岛港池", "Shidao harbour basins", (122.470, 36.872), 2, 3, (240, 190), 20, 0, "31", "31", ALL_LAYERS),
    Block("LHT", "海水浴场", "Bathing beach", (122.175, 37.445), 1, 2, (240, 130), 20, 30, "42", "42", ("surface", "water_column")),
    Block("GTB", "刘公岛航道锚位", "Liugong mooring", (122.225, 37.520), 1, 3, (420, 320), 30, 18, "33", "44", RAFT),
    Block("YHD", "荣成湾底播增殖", "Rongcheng Bay seabed stock", (122.660, 37.330), 3, 5, (640, 460), 0, 22, "13", "41", SEABED),
    Block("CFK", "乳山口外海藻类", "Rushankou outer kelp", (121.545, 36.640), 3, 6, (520, 400), 40, 5, "13", "41", RAFT),
)  # fmt: skip
CABLE = ((122.5550, 36.9850), (122.6200, 36.9600), (122.7600, 36.9350))


def rights(today: date) -> tuple[SampleRight, ...]:
    """All sample rights as of `today`; the same day always gives the same rights."""
    rng = np.random.default_rng(SEED)
    dry = shapely.STRtree(np.array(land()))
    made = [right for block in BLOCKS for right in _of_block(block, today, rng, dry)]
    return (*made, _cable(today))


def _of_block(block: Block, today: date, rng: np.random.Generator, dry: shapely.STRtree) -> Iterator[SampleRight]:
    width, height = block.size
    for row in range(block.rows):
        for column in range(block.columns):
            first_day, last_day = _dates(today, rng)
            holder, surveyed = int(rng.integers(0, 6)), float(rng.choice([0.1, 0.5, 1.0]))
            shift = np.array([column * (width + block.gap), row * (height + block.gap)])
            ring = _ring(block, shift + np.array([[0, 0], [width, 0], [width, height], [0, height]]))
            if len(dry.query(shapely.Polygon(np.array(ring) / MS), predicate="intersects")):
                continue
            number = f"示例-{block.code}-{row * block.columns + column + 1:02d}"
            yield SampleRight(
                number, f"{block.zh}{row + 1}-{column + 1}", f"{block.en} {row + 1}-{column + 1}", ring,
                block.use_type, block.use_mode, block.layers, block.months, first_day, last_day, holder, surveyed,
            )  # fmt: skip


def _ring(block: Block, metres: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Corners in metres from the anchor, turned, as whole milliseconds; equal corners of neighbours stay equal."""
    turn = np.radians(block.turn)
    turned = metres @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lon0, lat0 = block.anchor
    north, east = 30.92 / 1000, 30.92 / 1000 * np.cos(np.radians(lat0))  # metres per millisecond of arc, near enough
    points = np.rint(np.array([lon0 * MS, lat0 * MS]) + turned / np.array([east, north])).astype(int)
    return tuple((int(x), int(y)) for x, y in points)


def _dates(today: date, rng: np.random.Generator) -> tuple[date, date]:
    """First and last day: mostly running, some about to end, some ended, a few that begin later."""
    years = int(rng.choice([5, 8, 10, 12, 15]))
    kind = rng.random()
    if kind < 0.78:
        first = today - timedelta(days=int(rng.integers(30, years * 365 - 200)))
    elif kind < 0.86:
        first = today - timedelta(days=years * 365 - int(rng.integers(20, 170)))
    elif kind < 0.95:
        first = today - timedelta(days=years * 365 + int(rng.integers(30, 900)))
    else:
        first = today + timedelta(days=int(rng.integers(30, 200)))
    first = first.replace(day=1)
    return first, first.replace(year=first.year + years) - timedelta(days=1)


def _cable(today: date) -> SampleRight:
    """A submarine cable, 20 m wide: the outer edge of the cable moved out by 10 m on both sides."""
    scale = np.array([np.cos(np.radians(36.97)), 1.0])
    line = shapely.LineString(np.array(CABLE) * scale).buffer(10 / 111_320, cap_style="flat", join_style="mitre")
    points = np.rint(shapely.get_coordinates(line)[:-1] / scale * MS).astype(int)
    first = (today - timedelta(days=900)).replace(day=1)
    return SampleRight(
        "示例-DL-01", "海底电缆", "Submarine cable", tuple((int(x), int(y)) for x, y in points),
        "51", "53", FLOOR, 4095, first, first.replace(year=first.year + 25) - timedelta(days=1), 5, 0.5,
    )  # fmt: skip
