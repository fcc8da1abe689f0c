"""GeoPackage: one SQLite file with one or several layers, each with its reference system."""

from __future__ import annotations

from parcels.readers import gdal
from parcels.readers.polygons import Collector
from parcels.readers.values import Content, Declared, Option, Question, Report, refuse
from parcels.uploads import Choices, Limits

NAME = "geopackage"


def sniff(data: bytes) -> bool:
    """SQLite's first sixteen bytes."""
    return data[:16] == b"SQLite format 3\x00"


def read(data: bytes, choices: Choices, limits: Limits, report: Report) -> Content:
    """All polygons of the one layer, or of the layer that `choices.sheet` names; x comes first in every GeoPackage."""
    layers = gdal.layers(data)
    if not layers:
        refuse("file.no_layers")
    if choices.sheet is not None and choices.sheet not in layers:
        refuse("file.no_such_sheet", sheet=choices.sheet[:80], found=", ".join(layers)[:200])
    name = choices.sheet or (layers[0] if len(layers) == 1 else None)
    if name is None:
        options = tuple(Option(option="--sheet", value=layer) for layer in layers)
        return Content(
            format=NAME,
            pieces=(),
            questions=(Question(id="sheet", code="question.layer", option="--sheet", options=options),),
        )
    layer = gdal.read_layer(data, name, None, limits.features)
    collector = Collector(limits, report)
    gdal.collect(layer, collector, report)
    declared = Declared(crs=layer.crs, crs_by="layer" if layer.crs else None, axis="lonlat", axis_by="format")
    return Content(format=NAME, pieces=tuple(collector.pieces), declared=declared, decisions={"layer": name})
