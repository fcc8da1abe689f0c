"""A scene as one HTML file with everything inside: opens from a disk, asks no server for anything, and its policy says so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maps.scenes import Scene, SceneLayer, degrees
from maps.styles import INK, INK2, PAPER, SEA, STYLES
from maps.views import page_map

FOLDER = Path(__file__).parent
LEGEND = {"zh": "图例", "en": "Legend"}

SHEET = f"""
html,body{{margin:0;height:100%;background:{PAPER};color:{INK};font:14px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}}
:lang(en){{font-variant-east-asian:proportional-width}}
body{{display:flex;flex-direction:column}}header{{padding:10px 18px;background:#fff;border-bottom:1px solid #E0DACB}}h1{{margin:0;font-size:17px}}p{{margin:0;color:{INK2}}}
main{{position:relative;flex:1}}.leaflet-container{{position:absolute;inset:0;background:{SEA};font:inherit}}
#legend{{position:absolute;right:12px;top:12px;z-index:900;margin:0;padding:10px 14px;list-style:none;background:#fff;border:1px solid #E0DACB;border-radius:8px;font-size:13px}}
#legend label{{display:flex;gap:8px;align-items:center;min-height:26px}}#legend i{{width:24px;height:12px;display:inline-block}}
.leaflet-tooltip.name{{padding:0 6px;border:0;border-radius:3px;background:#fffc;color:{INK};box-shadow:none;font-weight:600}}
#credit{{position:absolute;right:60px;bottom:4px;z-index:900;font-size:11px;background:#fffc;padding:0 6px}}
"""


def standalone_html(scene: Scene, *, leaflet: Path, lang: str = "zh") -> str:
    """The file's text. `leaflet` is the folder with `leaflet.js` and `leaflet.css` that set-up copied."""
    parts = page_map(scene.bounds(), scene.title)
    library = _one_line_end((leaflet / "leaflet.js").read_text(encoding="utf-8"))
    script = f"{parts.script}\n{(FOLDER / 'standalone.js').read_text(encoding='utf-8')}"
    # The library's images belong to controls that are not used here; a file has no folder beside it to fetch them from.
    sheet = re.sub(r"url\([^)]*\)", "none", (leaflet / "leaflet.css").read_text(encoding="utf-8")) + SHEET + _swatches()
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("standalone.html").render(
        scene=scene,
        lang=lang,
        legend_label=LEGEND[lang],
        parts=parts,
        data={"bounds": scene.bounds(), "layers": [_layer(layer) for layer in _ordered(scene)]},
        leaflet=library,
        script=script,
        style=sheet,
        policy=_policy(sheet, library, script),
    )


def _ordered(scene: Scene) -> list[SceneLayer]:
    order = list(STYLES)
    return sorted(scene.layers, key=lambda layer: order.index(layer.kind))


def _layer(layer: SceneLayer) -> dict[str, Any]:
    style = STYLES[layer.kind]
    features = [
        {
            "type": "Feature",
            "properties": {"label": shape.label},
            "geometry": json.loads(shapely.to_geojson(degrees(shape.geometry))),
        }
        for shape in layer.shapes
    ]
    told = {
        "stroke": style.stroke,
        "width": style.width,
        "fill": style.fill,
        "opacity": style.opacity,
        "dash": list(style.dash),
        "pattern": style.pattern,
    }
    return {"kind": layer.kind, "label": layer.label, "style": told, "features": features}


def _swatches() -> str:
    """The legend's samples as rules: a style attribute would break the policy."""
    rules = []
    for kind, style in STYLES.items():
        fill = f"{style.fill}{round(style.opacity * 255):02X}" if style.fill else "none"
        border = "dashed" if style.dash else "solid"
        rules.append(
            f"#legend i.{kind}{{background:{_pattern(style.pattern, fill, style.stroke)};border:{min(style.width, 2.5)}px {border} {style.stroke}}}"
        )
    return "".join(rules)


def _pattern(pattern: str, fill: str, stroke: str) -> str:
    """A grade's pattern as a background."""
    stripes = {"hatch": (135,), "cross": (45, 135), "lines": (0,), "dots": (90,)}.get(pattern, ())
    drawn = [f"repeating-linear-gradient({turn}deg,{stroke} 0 1px,transparent 1px 4px)" for turn in stripes]
    return ",".join([*drawn, "transparent" if fill == "none" else fill])


def _policy(sheet: str, *scripts: str) -> str:
    """Only these scripts and this sheet, known by their digests, and no address at all."""
    return f"default-src 'none'; img-src data:; style-src {_digest(sheet)}; script-src {' '.join(map(_digest, scripts))}; base-uri 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _one_line_end(script: str) -> str:
    """A script that may stand inside an HTML element: no closing tag in it, no map address behind it, line ends as HTML reads them."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", script.replace("\r\n", "\n")).replace("</script", "<\\/script")
