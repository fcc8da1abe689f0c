"""Files that others wrote to break readers: every one gives shapes or a located refusal; validity agrees with GEOS.

`index.csv` is a witness of what GDAL made of each file, not a judge: a lone .shp is refused here because half of it is missing.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from marine.coordinates import degrees
from marine.findings import Refusal
from parcels.drafts import draft_parcel
from parcels.uploads import LIMITS
from tests.parcels.readers.reading import codes, drafted, read, tell, tell_all, zipped

WHAT_LONE_FILES_ARE = {
    ".shp": "file.shapefile_alone",
    ".dbf": "file.table_alone",
    ".dxf": "file.drawing",
    ".kml": "file.kml",
    ".gpx": "file.gpx",
}


def index(realdata: Path) -> list[dict[str, str]]:
    with (realdata / "difficult" / "index.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_difficult_file_gives_shapes_or_a_located_refusal(realdata: Path):
    outcomes = {"shapes": 0, "refused": 0}
    for row in index(realdata):
        data = (realdata / "difficult" / row["file"]).read_bytes()
        try:
            reading = read(data)
        except Refusal as refusal:
            tell_all(refusal)
            expected = WHAT_LONE_FILES_ARE.get(Path(row["file"]).suffix)
            assert expected is None or refusal.code == expected, row["file"]
            outcomes["refused"] += 1
            continue
        outcomes["shapes"] += 1
        assert reading.shapes and ("Polygon" in row["types"] or "GeometryCollection" in row["types"]), row["file"]
        if not reading.questions:
            for shape in reading.shapes[:50]:
                settled = draft_parcel(shape)
                assert settled.boundary is not None or settled.settled.faults
                for finding in settled.all_findings:
                    tell(finding)
    assert outcomes["shapes"] >= 20
    assert sum(outcomes.values()) == len(index(realdata))


def test_lone_shapefiles_zipped_with_their_companions_agree_with_the_witness(realdata: Path):
    """Polygons that GDAL read are read; what is no polygon or has no .shx is refused, each with its reason."""
    read_as_polygons = 0
    for row in index(realdata):
        path = realdata / "difficult" / row["file"]
        if path.suffix != ".shp":
            continue
        family = {p.name: p.read_bytes() for p in path.parent.glob(f"{path.stem}.*")}
        try:
            reading = read(zipped(family), limits=LIMITS)
        except Refusal as refusal:
            tell_all(refusal)
            assert "Polygon" not in row["types"] or refusal.code == "file.shapefile_part_missing", (
                row["file"],
                refusal.code,
            )
            continue
        assert "Polygon" in row["types"], row["file"]
        features = {shape.feature_number for shape in reading.shapes}
        unreadable = sum(
            1 for finding in reading.findings if finding.code in ("file.geometry_unreadable", "file.feature_empty")
        )
        assert len(features) + unreadable == int(row["rows"]), row["file"]
        read_as_polygons += 1
    assert read_as_polygons >= 4


def test_the_upload_sample_is_read_and_what_lies_beside_it_is_said(realdata: Path):
    (path,) = (realdata / "difficult" / "upload_samples").glob("*.zip")
    reading = read(path.read_bytes())
    assert len({shape.feature_number for shape in reading.shapes}) == 202
    assert {"file.other_formats_left", "crs.other_datum", "file.parts_become_parcels"} <= codes(reading)


@pytest.mark.parametrize(
    ("name", "features"), [("leases_tas_marine", 202), ("leases_fl_aquaculture", 1352), ("leases_nc_shellfish", 611)]
)
def test_real_leases_are_read_whole(realdata: Path, name: str, features: int):
    reading = read((realdata / "leases" / f"{name}.gpkg").read_bytes())
    assert not reading.questions
    empty = sum(1 for finding in reading.findings if finding.code == "file.feature_empty")
    assert len({shape.feature_number for shape in reading.shapes}) + empty == features


def test_validity_agrees_with_the_geos_and_jts_cases(realdata: Path):
    """Every polygon of whole numbers in geometries.csv, one unit as 0.1″: a boundary comes out exactly where it is valid."""
    compared = 0
    with (realdata / "difficult" / "geometries.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            text = _as_geojson(row) if row["type"] == "Polygon" else None
            if text is None:
                continue
            found = drafted(text)
            assert (found.boundary is not None) == (row["is_valid"] == "True"), (
                row["file"],
                row["case"],
                row["reason"],
            )
            compared += 1
    assert compared >= 150


def _as_geojson(row: dict[str, str]) -> str | None:
    polygon = shapely.from_wkt(row["wkt"], on_invalid="ignore")
    if polygon is None or polygon.is_empty:
        return None
    values = shapely.get_coordinates(polygon)
    if not np.isfinite(values).all() or (values != np.round(values)).any() or np.abs(values).max() > 1e6:
        return None
    rings = [
        [[f"{degrees(437_400_000 + int(x) * 100)}", f"{degrees(133_200_000 + int(y) * 100)}"] for x, y in ring.coords]
        for ring in (polygon.exterior, *polygon.interiors)
        if not ring.is_empty
    ]
    return '{"type":"Polygon","coordinates":' + json.dumps(rings).replace('"', "") + "}"
