"""Three invented zone layers, the shoreline and the land, each a first published version."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import shapely

from parcels.samples.coast import land, on_grid, shoreline

AQUACULTURE_MODES = ("33", "41")


@dataclass(frozen=True, slots=True)
class SampleZone:
    """One zone in CGCS2000 degrees (lon, lat); `use_types` and `use_modes` empty mean all."""

    identity: str
    zh: str
    en: str
    effect: str
    geometry: shapely.Geometry
    use_types: tuple[str, ...] = ()
    use_modes: tuple[str, ...] = ()
    buffer_m: float = 0
    answer_days: int | None = None
    cite: str | None = None
    disclosure: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleLayer:
    """A layer of the sample world with its zones."""

    code: str
    kind: str
    zh: str
    en: str
    zones: tuple[SampleZone, ...]
    office_zh: str | None = None
    office_en: str | None = None
    accuracy_m: float = 0.1


def _polygon(*points: tuple[float, float]) -> shapely.Polygon:
    return on_grid(shapely.Polygon(points))


def _band(*points: tuple[float, float]) -> shapely.LineString:
    return on_grid(shapely.LineString(points))


PLANNING = (
    SampleZone("P1", "桑沟湾渔业用海区", "Sanggou Bay fishery zone", "inform",
               _polygon((122.470, 37.030), (122.620, 37.030), (122.640, 37.150), (122.480, 37.150)), cite="示例规划"),
    SampleZone("P2", "荣成东部渔业用海区", "Rongcheng east fishery zone", "inform",
               _polygon((122.620, 37.150), (122.760, 37.150), (122.780, 37.360), (122.640, 37.360)), cite="示例规划"),
    SampleZone("P3", "石岛交通运输用海区", "Shidao transport zone", "restrict",
               _polygon((122.430, 36.840), (122.520, 36.840), (122.520, 36.900), (122.430, 36.900)),
               use_types=("13", "12", "14"), answer_days=7, cite="示例规划"),
    SampleZone("P4", "乳山渔业用海区", "Rushan fishery zone", "inform",
               _polygon((121.500, 36.600), (121.840, 36.600), (121.840, 36.860), (121.640, 36.740), (121.500, 36.690)),
               cite="示例规划"),
    SampleZone("P5", "经区工业用海区", "Economic zone industry zone", "restrict",
               _polygon((122.190, 37.440), (122.330, 37.440), (122.330, 37.510), (122.210, 37.510)),
               use_types=("13", "12"), answer_days=7, cite="示例规划"),
)  # fmt: skip
PROTECTION = (
    SampleZone("R1", "鸭岛周边保护区", "Ya Island reserve", "forbid",
               _polygon((122.576, 37.095), (122.612, 37.095), (122.612, 37.130), (122.576, 37.130)), cite="示例红线"),
    SampleZone("R2", "塔岛湾保护区", "Tadao Bay reserve", "forbid",
               _polygon((121.730, 36.735), (121.790, 36.735), (121.790, 36.775), (121.730, 36.775)), cite="示例红线"),
    SampleZone("R3", "成山头海珍品保护区", "Chengshantou reserve", "forbid",
               _polygon((122.710, 37.380), (122.780, 37.380), (122.780, 37.430), (122.710, 37.430)), cite="示例红线"),
)  # fmt: skip
FAIRWAYS = (
    SampleZone("F1", "桑沟湾习惯航路", "Sanggou Bay customary fairway", "consult",
               _band((122.470, 37.1380), (122.560, 37.1375), (122.700, 37.1300)), buffer_m=500, answer_days=7,
               cite="示例航路"),
    SampleZone("F2", "乳山习惯航路", "Rushan customary fairway", "consult",
               _band((121.600, 36.690), (121.720, 36.710), (121.860, 36.700)), buffer_m=500, answer_days=7,
               cite="示例航路"),
    SampleZone("F3", "石岛锚地", "Shidao anchorage", "forbid",
               _polygon((122.540, 36.830), (122.600, 36.830), (122.600, 36.870), (122.540, 36.870)),
               use_modes=AQUACULTURE_MODES, cite="示例锚地"),
    SampleZone("F4", "示例保留水域", "Sample reserved water", "consult",
               _polygon((122.715, 37.185), (122.735, 37.185), (122.735, 37.205), (122.715, 37.205)),
               answer_days=7, disclosure="officer"),
)  # fmt: skip


@cache
def layers() -> tuple[SampleLayer, ...]:
    """The layers of the sample world in drawing order."""
    shore = tuple(
        SampleZone(f"S{n}", "示例岸线", "Sample shoreline", "none", s.line, attributes={"kind": s.kind})
        for n, s in enumerate(shoreline(), 1)
    )
    dry = tuple(SampleZone(f"L{n}", "陆地", "Land", "none", polygon) for n, polygon in enumerate(land(), 1))
    return (
        SampleLayer("planning", "zones", "示例海域规划分区", "Sample planning zones", PLANNING, "自然资源部门", "Natural resources office"),
        SampleLayer("protection", "zones", "示例生态保护红线", "Sample ecological red line", PROTECTION, "生态环境部门", "Ecology office"),
        SampleLayer("fairways", "zones", "示例航路与锚地", "Sample fairways and anchorages", FAIRWAYS, "海事部门", "Maritime safety office"),
        SampleLayer("shoreline", "shoreline", "示例岸线", "Sample shoreline", shore, accuracy_m=5.0),
        SampleLayer("land", "land", "陆地", "Land", dry, accuracy_m=5.0),
    )  # fmt: skip
