"""The folium map of the page: markup and script apart, so that a page under a strict policy can place them with its nonce.

folium's own head (links to other servers, a viewport that forbids zooming, style elements) is left out: the page links local
copies. The script hands the map over as `globalThis.haiyuMap`; what is drawn on it comes from the register by box.
"""

from __future__ import annotations

from dataclasses import dataclass

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

Bounds = tuple[float, float, float, float]


class ChartMap(folium.Map):
    """A Leaflet map without tiles, foreign links or head elements; controls are the page's own, reachable by keyboard."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id="{{ this.get_name() }}" role="img" aria-label="{{ this.label|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                crs: L.CRS.EPSG3857, zoomControl: false, attributionControl: false, preferCanvas: false,
                zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 120, minZoom: 6, maxZoom: 20,
                keyboardPanDelta: 80, maxBoundsViscosity: 0.6, center: {{ this.location|tojson }}, zoom: 9
            });
        {% endmacro %}
        """
    )

    def __init__(self, centre: tuple[float, float], label: str) -> None:
        """`centre` is (longitude, latitude) in degrees; `label` names the picture for those who do not see it."""
        super().__init__(location=[centre[1], centre[0]], tiles=None)
        self.label = label
        self._children.clear()


class HandedOver(MacroElement):
    """Gives the page's modules the map under one name, whatever name folium drew for it."""

    _template = Template(
        "{% macro script(this, kwargs) %}globalThis.haiyuMap = {{ this._parent.get_name() }};{% endmacro %}"
    )


@dataclass(frozen=True, slots=True)
class MapParts:
    """The two parts of a rendered map."""

    html: str
    script: str


def page_map(home: Bounds, label: str) -> MapParts:
    """The map of the page, opened on `home` (west, south, east, north in degrees)."""
    chart = ChartMap(((home[0] + home[2]) / 2, (home[1] + home[3]) / 2), label)
    chart.add_child(HandedOver())
    figure = Figure()
    figure.add_child(chart)
    chart.render()
    return MapParts(figure.html.render(), figure.script.render())
