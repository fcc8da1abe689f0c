"""What a drawing shows, apart from how it is drawn: a title, and layers of shapes in drawing order.

Geometries are shapely in whole milliseconds of arc, CGCS2000, longitude before latitude. `kind` chooses line, colour and pattern.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.coordinates import MS_PER_DEGREE

DECIMALS = 9


@dataclass(frozen=True, slots=True)
class SceneShape:
    """One geometry with the words that name it (never markup)."""

    geometry: Any
    label: str = ""


@dataclass(frozen=True, slots=True)
class SceneLayer:
    """Shapes of one kind; `kind` is a key of `maps.styles.STYLES`."""

    kind: str
    label: str
    shapes: tuple[SceneShape, ...]

    @classmethod
    def of(cls, kind: str, label: str, geometries: Iterable[Any], labels: Iterable[str] = ()) -> SceneLayer:
        """A layer from geometries and as many labels as there are."""
        names = list(labels)
        shapes = [SceneShape(geometry, names[at] if at < len(names) else "") for at, geometry in enumerate(geometries)]
        return cls(kind, label, tuple(shapes))


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole drawing; `note` stands below the title, `credit` in the corner, `focus` (ms) is what the view is opened on."""

    title: str
    layers: tuple[SceneLayer, ...]
    note: str = ""
    credit: str = ""
    focus: tuple[float, float, float, float] | None = None

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of what the view is opened on: `focus`, else everything but land and sea areas.

        >>> Scene("", (SceneLayer.of("draft", "", [shapely.box(0, 0, 3_600_000, 1_800_000)]),)).bounds()
        (0.0, 0.0, 1.0, 0.5)
        >>> Scene("", ()).bounds()
        (121.15, 36.65, 122.75, 37.65)
        """
        drawn = [
            shape.geometry for layer in self.layers if layer.kind not in ("land", "sea_area") for shape in layer.shapes
        ]
        box = np.array(self.focus or (shapely.total_bounds(drawn) if drawn else (np.nan,)))
        if not np.isfinite(box).all():
            return (121.15, 36.65, 122.75, 37.65)
        west, south, east, north = (float(value) / MS_PER_DEGREE for value in box)
        return west, south, east, north


def degrees(geometry: Any) -> Any:
    """A geometry of milliseconds of arc in degrees, with nine decimals (0.1 mm)."""
    return shapely.transform(geometry, lambda ms: np.round(ms / MS_PER_DEGREE, DECIMALS))
