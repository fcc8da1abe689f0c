"""What a file of a layer must be before GDAL opens it: GDAL goes by content, and some of its formats open other files or addresses."""

from __future__ import annotations

import io
import json
import zipfile

from data.answers import Refusal

SHAPE_MAGIC = b"\x00\x00\x27\x0a"
GEOPACKAGE_MAGIC = b"SQLite format 3\x00"
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml", ".txt")
MOST_ENTRIES = 200
SUFFIXES = (".geojson", ".json", ".zip", ".gpkg")


def demand_plain(name: str, content: bytes) -> None:
    """Refuse all but GeoJSON, a GeoPackage and a zipped shapefile, as the content says itself.

    >>> demand_plain("a.geojson", b'{"type": "FeatureCollection", "features": []}')
    """
    ending = name.lower()[name.rfind(".") :]
    fits = {".geojson": _is_geojson, ".json": _is_geojson, ".zip": _is_shapefile, ".gpkg": _is_geopackage}
    if not content:
        raise Refusal("file.empty")
    if ending not in fits or not fits[ending](content):
        raise Refusal("load.not_a_layer_file", file=name)


def _is_geojson(content: bytes) -> bool:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return False
    # A reference system that is a link would be fetched.
    is_linked = isinstance(told, dict) and isinstance(told.get("crs"), dict) and told["crs"].get("type") != "name"
    return isinstance(told, dict) and told.get("type") == "FeatureCollection" and not is_linked


def _is_geopackage(content: bytes) -> bool:
    return content.startswith(GEOPACKAGE_MAGIC)


def _is_shapefile(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = [entry.filename.lower() for entry in entries]
            if len(names) > MOST_ENTRIES or not all(each.endswith(SHAPE_PARTS) for each in names):
                return False
            shapes = [entry for entry in entries if entry.filename.lower().endswith(".shp")]
            return bool(shapes) and all(archive.open(entry).read(4) == SHAPE_MAGIC for entry in shapes)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError):
        return False
