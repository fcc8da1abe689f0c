"""The layers of a layered right in words: which units occupy which part of the sea, between which heights."""

from __future__ import annotations

from data.messages import text
from maps.sheets.values import LayerBand, SheetRequest
from marine.spaces import layer_names


def layer_lines(request: SheetRequest) -> list[str]:
    """One line for each band that was passed in; none for a right that is not layered."""
    return [layer_line(band, request) for band in request.layers]


def layer_line(band: LayerBand, request: SheetRequest) -> str:
    """`空间层：水面、水体，高程 −8.00 至 0.00 米（1985国家高程基准，实测）`, with its units where it does not hold for all."""
    lang = request.lang
    facts = {"layers": layers_in_words(band.layers, lang), "heights": _heights(band, request)}
    if not band.units:
        return text("sheets.layers.parcel", lang, **facts)
    names = [_unit(request, unit) for unit in band.units]
    return text("sheets.layers.units", lang, units=_list(names, lang), **facts)


def layers_in_words(layers: int, lang: str) -> str:
    """Names of layers from top to bottom.

    >>> layers_in_words(0b0011, "en")
    'surface, water column'
    """
    return _list([text(f"layers.{name}", lang) for name in layer_names(layers)], lang)


def _heights(band: LayerBand, request: SheetRequest) -> str:
    """The heights with datum and origin; what is not known is said, never left blank."""
    lang = request.lang
    if band.low is None and band.high is None:
        return text("sheets.heights.unknown", lang)
    return text(
        "sheets.heights.between",
        lang,
        low=_metres(band.low, lang),
        high=_metres(band.high, lang),
        datum=request.vertical_datum or text("sheets.heights", lang),
        origin=text("sheets.heights.surveyed" if band.is_surveyed else "sheets.heights.stated", lang),
    )


def _metres(height: float | None, lang: str) -> str:
    return text("sheets.heights.open", lang) if height is None else f"{height:.2f}".replace("-", "−")


def _unit(request: SheetRequest, unit: int) -> str:
    named = request.unit_names[unit] if unit < len(request.unit_names) else ""
    return named or str(unit + 1)


def _list(names: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(names)
