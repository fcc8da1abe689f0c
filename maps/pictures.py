"""A scene as a PNG picture: the grade patterns of the interface guide, a graticule, a legend, and Chinese names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import ceil, cos, floor, radians
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.ticker import FixedLocator, FuncFormatter

from maps.scenes import Scene, SceneLayer, degrees
from maps.styles import GRATICULE, INK, INK2, SEA, STYLES, Style

# Debian's fonts-noto-cjk is a collection whose first face is the Japanese one; it holds the Chinese characters too.
CJK = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
)
HATCHES = {"cross": "xxxx", "hatch": "////", "lines": "----", "dots": "....", "": None}
POINTS_PER_PIXEL = 0.75
MARGIN = 0.2
LABEL_PIXELS = 66
MOST_LINES = 6
SWATCH = 3
FULL = 0.95
STEPS_SECONDS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000)


@cache
def font_families() -> tuple[str, ...]:
    """The families that are installed, Chinese ones first; matplotlib's own comes last."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return (*(name for name in CJK if name in known), "DejaVu Sans")


def png(scene: Scene, path: Path, *, width: int = 1200, height: int = 800) -> Path:
    """Write the picture, `width` by `height` pixels; returns its path."""
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    left = LABEL_PIXELS / width
    axes = figure.add_axes((left, 0.06, 0.985 - left, 0.84), facecolor=SEA)
    families = list(font_families())
    for order, layer in enumerate(sorted(scene.layers, key=lambda each: list(STYLES).index(each.kind))):
        _draw(axes, layer, order + 2, families)
    _frame(axes, scene, ((0.985 - left) * width) / (0.84 * height), families)
    figure.text(left, 0.955, scene.title, fontfamily=families, fontsize=15, fontweight="bold", color=INK, va="center")
    figure.text(left, 0.918, scene.note, fontfamily=families, fontsize=10, color=INK2, va="center")
    figure.text(0.985, 0.012, scene.credit, fontfamily=families, fontsize=8, color=INK2, ha="right")
    _legend(axes, scene, families)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    return path


def _draw(axes: Axes, layer: SceneLayer, order: int, families: list[str]) -> None:
    style = STYLES[layer.kind]
    dashes: Any = (0, tuple(each * POINTS_PER_PIXEL for each in style.dash)) if style.dash else "solid"
    for shape in layer.shapes:
        geometry = degrees(shape.geometry)
        for polygon in _parts(geometry, "Polygon"):
            axes.add_patch(_patch(polygon, style, dashes, order))
        for line in _parts(geometry, "LineString"):
            xy = shapely.get_coordinates(line)
            axes.add_line(
                Line2D(
                    xy[:, 0],
                    xy[:, 1],
                    color=style.stroke,
                    linewidth=style.width * POINTS_PER_PIXEL,
                    linestyle=dashes,
                    zorder=order,
                )
            )
        if shape.label:
            at = _name_place(geometry)
            axes.text(at.x, at.y, shape.label, fontfamily=families, fontsize=9, color=INK, ha="center", va="center", zorder=90, clip_on=True,
                      bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.75})  # fmt: skip


def _name_place(geometry: Any) -> Any:
    """Where a name stands: the middle of a full shape, the middle of the widest place of one that is bent or hollow."""
    if not geometry.geom_type.endswith("Polygon"):
        return shapely.point_on_surface(geometry)
    if geometry.area >= FULL * geometry.convex_hull.area:
        return geometry.centroid
    return shapely.get_point(shapely.maximum_inscribed_circle(geometry), 0)


def _patch(polygon: Any, style: Style, dashes: Any, order: int) -> PathPatch:
    rings = [polygon.exterior, *polygon.interiors]
    outline = Outline.make_compound_path(*(Outline(np.asarray(ring.coords), closed=True) for ring in rings))
    face = (*_rgb(style.fill), style.opacity) if style.fill else "none"
    return PathPatch(
        outline,
        facecolor=face,
        edgecolor=style.stroke,
        linewidth=style.width * POINTS_PER_PIXEL,
        linestyle=dashes,
        hatch=HATCHES[style.pattern],
        zorder=order,
    )


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _parts(geometry: Any, kind: str) -> Iterator[Any]:
    for part in shapely.get_parts(geometry):
        if part.geom_type.startswith(("Multi", "Geometry")):
            yield from _parts(part, kind)
        elif part.geom_type == kind and not part.is_empty:
            yield part


def _frame(axes: Axes, scene: Scene, ratio: float, families: list[str]) -> None:
    """The view: the scene's box with a margin, widened to the picture's shape, a degree of longitude shortened by latitude."""
    west, south, east, north = scene.bounds()
    squeeze = cos(radians((south + north) / 2))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half_y = max((north - south), (east - west) * squeeze / ratio, 1e-4) / 2 * (1 + MARGIN)
    half_x = half_y * ratio / squeeze
    axes.set_xlim(middle_x - half_x, middle_x + half_x)
    axes.set_ylim(middle_y - half_y, middle_y + half_y)
    axes.set_aspect(1 / squeeze)
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        axis.set_major_locator(FixedLocator(round_places(low, high)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: _degrees_minutes(value)))
    axes.tick_params(labelsize=8, labelcolor=INK2, length=0, labelfontfamily=families[-1])
    axes.grid(color=GRATICULE, linewidth=0.45, zorder=1)
    for side in axes.spines.values():
        side.set_color(INK)


def round_places(low: float, high: float) -> list[float]:
    """Degrees between two bounds at whole seconds, minutes or degrees, about six of them: a label never rounds its line.

    >>> [_degrees_minutes(place) for place in round_places(122.0, 122.1)]
    ['122°00′', '122°01′', '122°02′', '122°03′', '122°04′', '122°05′', '122°06′']
    """
    step = next((each for each in STEPS_SECONDS if (high - low) * 3600 / each <= MOST_LINES), STEPS_SECONDS[-1])
    first, last = ceil(round(low * 3600 / step, 6)), floor(round(high * 3600 / step, 6))
    return [number * step / 3600 for number in range(first, last + 1)]


def _degrees_minutes(value: float) -> str:
    """Degrees and minutes, with seconds where the view is close.

    >>> _degrees_minutes(122.5), _degrees_minutes(122.5125)
    ('122°30′', '122°30′45″')
    """
    seconds = round(value * 3600)
    rest = f"{seconds % 60:02d}″" if seconds % 60 else ""
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{rest}"


def _legend(axes: Axes, scene: Scene, families: list[str]) -> None:
    """What is drawn, each once, with its count."""
    handles = []
    for layer in scene.layers:
        if not layer.shapes or layer.kind == "land":
            continue
        style = STYLES[layer.kind]
        face = (*_rgb(style.fill), style.opacity) if style.fill else "none"
        # A swatch is small: dashes of the map would show it half drawn.
        dashes = (0, tuple(each * POINTS_PER_PIXEL / SWATCH for each in style.dash)) if style.dash else "solid"
        handles.append(Rectangle((0, 0), 1, 1, facecolor=face, edgecolor=style.stroke, linewidth=min(style.width, 2.5), linestyle=dashes,
                                 hatch=HATCHES[style.pattern], label=f"{layer.label} {len(layer.shapes)}"))  # fmt: skip
    if handles:
        axes.legend(
            handles=handles,
            loc="upper right",
            prop={"family": families, "size": 9},
            framealpha=0.95,
            edgecolor="#E0DACB",
        ).set_zorder(99)
