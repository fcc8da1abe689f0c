"""The demonstration's map, as one HTML file and as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import text

from api.demo.stage import Stage
from api.demo.telling import Told
from data import messages
from maps.pictures import png
from maps.scenes import Scene, SceneLayer
from maps.standalone import standalone_html
from parcels.queries import in_milliseconds
from parcels.samples.coast import ATTRIBUTION, land

FOCUS_MARGIN_MS = 3_000
KINDS = ("granted", "draft", "ended", "conflict", "needs_consent")
STYLE_OF = {"ended": "claim"}


def scene(stage: Stage, told: Told, lang: str) -> Scene:
    """Everything registered before the stories in the ground, the stories on top, opened on where they played."""
    with stage.sessions() as session:
        stored = session.scalars(
            text("SELECT geom::bytea FROM occupation o JOIN sea_right r ON r.id = o.right_id WHERE r.door = 'adopted'")
        ).all()
    rights = in_milliseconds([bytes(shape) for shape in stored])
    ground = [shapely.transform(polygon, lambda degrees: degrees * 3_600_000) for polygon in land()]
    layers = [
        SceneLayer.of("land", messages.text("cli.demo.map.land", lang), ground),
        SceneLayer.of("right", messages.text("cli.demo.map.right", lang), rights),
    ]
    for kind in KINDS:
        shapes = [
            (geometry, label and messages.text("page.hectares", lang, n=label))
            for found, label, geometry in told.shapes
            if found == kind
        ]
        if shapes:
            label = messages.text(f"cli.demo.map.{kind}", lang)
            layers.append(
                SceneLayer.of(
                    STYLE_OF.get(kind, kind), label, [shape for shape, _ in shapes], [name for _, name in shapes]
                )
            )
    note = messages.text("cli.demo.map.note", lang)
    if stage.leases:
        note += " · " + messages.text("cli.demo.map.shapes", lang)
    return Scene(
        messages.text("cli.demo.map.title", lang), tuple(layers), note=note, credit=ATTRIBUTION, focus=_focus(told)
    )


def _focus(told: Told) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(np.array([geometry for _, _, geometry in told.shapes])).tolist()
    margin = FOCUS_MARGIN_MS
    return west - margin, south - margin, east + margin, north + margin


def draw(stage: Stage, told: Told, folder: Path, leaflet: Path, lang: str) -> tuple[Path, Path]:
    """Write `demo.html` and `demo.png` into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = scene(stage, told, lang)
    page = folder / "demo.html"
    page.write_text(standalone_html(drawn, leaflet=leaflet, lang=lang), encoding="utf-8")
    return page, png(drawn, folder / "demo.png", width=1400, height=900)
