"""Helpers of the reader tests: read bytes or text, catch a refusal, and see that everything told can be said in both languages."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

import geopandas
import shapefile
import shapely

from data import messages
from marine.findings import Finding, Refusal
from parcels import readers
from parcels.drafts import Drafted, draft_parcel
from parcels.readers import Reading
from parcels.uploads import LIMITS, Choices, Limits, Upload

# A small parcel in the bay of Weihai: longitude and latitude in degrees, counter-clockwise.
SQUARE = ((122.1, 37.4), (122.11, 37.4), (122.11, 37.41), (122.1, 37.41))
CGCS2000_GK_120 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
XIAN_1980 = (
    'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)


def read(data: bytes | str, limits: Limits = LIMITS, name: str = "upload", **choices: Any) -> Reading:
    """Read, and check that every finding and question can be told in both languages."""
    content = data.encode() if isinstance(data, str) else data
    reading = readers.read(Upload(name, content), Choices(**choices), limits)
    for finding in reading.findings:
        tell(finding)
    for question in reading.questions:
        for lang in messages.LANGUAGES:
            assert messages.text(question.code, lang, **question.facts)
            for option in question.options:
                assert messages.text(option.code, lang, **option.told)
    return reading


def refused(data: bytes | str, limits: Limits = LIMITS, **choices: Any) -> Refusal:
    """The refusal of an upload; fails when it is read."""
    try:
        reading = read(data, limits, **choices)
    except Refusal as refusal:
        return tell_all(refusal)
    raise AssertionError(f"was read: {reading.decisions}")


def tell_all(refusal: Refusal) -> Refusal:
    """The same refusal, after each of its findings was told in both languages."""
    assert refusal.findings, "a refusal without a located finding"
    for finding in refusal.findings:
        tell(finding)
    return refusal


def tell(finding: Finding) -> dict[str, str]:
    """The finding's text in both languages, with how to mend it where there is one."""
    told = {}
    for lang in messages.LANGUAGES:
        told[lang] = messages.text(finding.code, lang, **finding.facts)
        if messages.has(f"{finding.code}.mend"):
            told[lang] += " " + messages.text(f"{finding.code}.mend", lang, **finding.facts)
    return told


def codes(reading: Reading) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in reading.findings}


def drafted(data: bytes | str, **choices: Any) -> Drafted:
    """The one shape of an upload, settled."""
    (shape,) = read(data, **choices).shapes
    return draft_parcel(shape)


def shapefile_zip(
    rings: Any = None,
    *,
    records: tuple[Mapping[str, Any], ...] = (),
    prj: str | None = None,
    cpg: str | None = None,
    encoding: str = "utf-8",
    stem: str = "layer",
    without: tuple[str, ...] = (),
) -> bytes:
    """A zipped shapefile made on the spot: one polygon per element of `rings`."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    shapes = [[list(reversed([*SQUARE, SQUARE[0]]))]] if rings is None else rings
    rows = records or tuple({"name": f"n{i}"} for i in range(len(shapes)))
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        for key in rows[0]:
            writer.field(key, "C", 40)
        for shape, row in zip(shapes, rows, strict=True):
            writer.poly(shape)
            writer.record(**row)
    parts = {".shp": shp.getvalue(), ".shx": shx.getvalue(), ".dbf": dbf.getvalue()}
    if prj is not None:
        parts[".prj"] = prj.encode()
    if cpg is not None:
        parts[".cpg"] = cpg.encode()
    return zipped({f"{stem}{suffix}": data for suffix, data in parts.items() if suffix not in without})


def geopackage(crs: str = "EPSG:4490", layer: str = "宗海") -> bytes:
    """A GeoPackage made on the spot: one polygon in one layer."""
    buffer = io.BytesIO()
    frame = geopandas.GeoDataFrame({"名称": ["示例"]}, geometry=[shapely.Polygon(SQUARE)], crs=crs)
    with warnings.catch_warnings():
        # GDAL misses the suffix of a file that lies in memory.
        warnings.simplefilter("ignore")
        frame.to_file(buffer, driver="GPKG", layer=layer, engine="pyogrio")
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of named bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
