"""Scenes as PNG: everything drawn is seen, grades differ by pattern, Chinese names have their glyphs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from maps.pictures import font_families, png
from maps.scenes import Scene, SceneLayer
from maps.styles import STYLES

SQUARE = shapely.box(440_000_000, 133_000_000, 440_010_000, 133_008_000)


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def drawn(tmp_path: Path, kind: str) -> np.ndarray:
    """The middle of a square of one kind, as pixels."""
    scene = Scene("", (SceneLayer.of(kind, "", [SQUARE]),), focus=SQUARE.bounds)
    picture = pixels(png(scene, tmp_path / f"{kind}.png", width=600, height=400))
    return picture[150:250, 250:390]


def test_the_picture_has_the_size_asked_for(tmp_path: Path) -> None:
    assert pixels(png(Scene("空", ()), tmp_path / "deep" / "empty.png", width=640, height=480)).shape == (480, 640, 3)


def test_every_kind_of_shape_can_be_drawn(tmp_path: Path) -> None:
    line, hole = (
        shapely.LineString([(440_000_000, 133_000_000), (440_005_000, 133_004_000)]),
        SQUARE.difference(SQUARE.buffer(-2_000)),
    )
    shapes = [
        SQUARE,
        line,
        hole,
        shapely.MultiPolygon([SQUARE]),
        shapely.GeometryCollection([SQUARE, line]),
        shapely.Polygon(),
    ]
    layers = tuple(SceneLayer.of(kind, kind, shapes) for kind in STYLES)
    assert png(Scene("全部", layers), tmp_path / "all.png").stat().st_size > 5_000


@pytest.mark.parametrize("kind", ["conflict", "needs_consent", "compatible", "within_tolerance"])
def test_a_grade_that_matters_has_a_pattern(tmp_path: Path, kind: str) -> None:
    """Printed without colour, a conflict must still not look like what fits."""
    assert drawn(tmp_path, kind).sum(axis=2).std() > 15


def test_clear_is_plain_and_patterns_differ_from_each_other(tmp_path: Path) -> None:
    assert drawn(tmp_path, "clear").sum(axis=2).std() < 1
    darkness = {
        kind: (drawn(tmp_path, kind).sum(axis=2) < 500).mean() for kind in ("conflict", "needs_consent", "compatible")
    }
    assert len({round(float(share), 2) for share in darkness.values()}) == 3


def test_chinese_names_find_a_font_and_are_drawn(tmp_path: Path) -> None:
    """matplotlib warns for each missing glyph, and warnings are errors here."""
    assert len(font_families()) > 1
    with_name = Scene("海域", (SceneLayer.of("draft", "我的草稿", [SQUARE], ["桑沟湾北筏式养殖"]),), note="示例")
    without = Scene("海域", (SceneLayer.of("draft", "我的草稿", [SQUARE]),), note="示例")
    assert (pixels(png(with_name, tmp_path / "a.png")) != pixels(png(without, tmp_path / "b.png"))).any()


def test_a_square_on_the_earth_is_a_square_in_the_picture(tmp_path: Path) -> None:
    """At 37° north a degree of longitude is 0.8 of a degree of latitude."""
    lat = 133_200_000
    height = 20_000
    width = height / np.cos(np.radians((lat + height / 2) / 3_600_000))
    square = shapely.box(440_000_000, lat, 440_000_000 + width, lat + height)
    picture = pixels(
        png(Scene("", (SceneLayer.of("granted", "", [square]),)), tmp_path / "s.png", width=900, height=900)
    )
    edge = np.abs(picture - (0x0B, 0x6B, 0x57)).sum(axis=2) < 30
    rows, columns = np.nonzero(edge[150:850, 100:800].any(axis=1))[0], np.nonzero(edge[150:850, 100:800].any(axis=0))[0]
    assert np.ptp(rows) > 300 and np.ptp(rows) == pytest.approx(np.ptp(columns), abs=4)
