"""GeoPackages: the layer's own system and attributes, and a damaged one refused."""

from __future__ import annotations

import pytest

from parcels.drafts import draft_parcel
from tests.parcels.readers.reading import codes, geopackage, read, refused


def test_a_layer_is_read_with_its_system_and_attributes():
    reading = read(geopackage())
    (shape,) = reading.shapes
    assert (shape.crs, shape.origin, shape.name) == ("EPSG:4490", "cgcs2000", "示例")
    assert reading.decisions["layer"] == "宗海"
    assert codes(reading) == {"crs.read"}
    assert draft_parcel(shape).boundary is not None


def test_a_layer_that_is_not_there_is_refused():
    assert refused(geopackage(), sheet="航道").code == "file.no_such_sheet"


@pytest.mark.parametrize("cut", [16, 600, 5_000])
def test_a_truncated_geopackage_is_refused(cut: int):
    assert refused(geopackage()[:cut]).code in ("file.layer_unreadable", "file.no_layers")
