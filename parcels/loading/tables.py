"""A table of features read through GDAL, with its geometries brought onto whole milliseconds of arc."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from data.answers import Refusal
from marine.coordinates import MS_PER_DEGREE
from parcels.readers.shapefile import HEAD_BYTES, refuse_cut_off
from parcels.readers.systems import System, system

SIZED = (".shp", ".shx")
SIDECARS = (".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features in file order. `geometries` are shapely in milliseconds of arc (None where nothing could be read)."""

    name: str
    digest: str
    geometries: npt.NDArray[Any]
    columns: Mapping[str, npt.NDArray[Any]]
    crs: str
    decisions: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.geometries)


def read_table(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    axis: str | None = None,
    encoding: str | None = None,
) -> FeatureTable:
    """Read a file of polygons or lines; raises Refusal: `file.*`, or `choice.*` where layer or reference system is open."""
    source = _source(path)
    try:
        chosen = _layer(source, layer)
        meta, _, binary, fields = pyogrio.raw.read(source, layer=chosen, encoding=encoding, force_2d=True)
    except (DataSourceError, DataLayerError, ValueError, UnicodeDecodeError) as error:
        raise Refusal("load.unreadable", file=path.name, detail=_short(error)) from error
    if binary is None or len(binary) == 0:
        raise Refusal("load.no_features", file=path.name)
    declared = meta.get("crs")
    if crs is None and not declared:
        raise Refusal("choice.crs_missing_in_file", option="--crs", file=path.name)
    reference = system(crs or declared)
    geometries = _milliseconds(shapely.from_wkb(binary, on_invalid="ignore"), reference, axis)
    columns = {str(name): column for name, column in zip(meta["fields"], fields, strict=True)}
    return FeatureTable(
        name=path.name,
        digest=digest_of(path) + (f"#{chosen}" if layer else ""),
        geometries=geometries,
        columns=columns,
        crs=reference.name,
        decisions={
            "crs": reference.name,
            "crs_from": "option" if crs else "file",
            "axis": axis or "lonlat",
            "layer": chosen,
        },
    )


def layers_of(path: Path) -> tuple[str, ...]:
    """The names of the layers of a file."""
    try:
        return tuple(str(name) for name, _ in pyogrio.list_layers(_source(path)))
    except DataSourceError as error:
        raise Refusal("load.unreadable", file=path.name, detail=_short(error)) from error


def _source(path: Path) -> str:
    if not path.is_file():
        raise Refusal("load.no_file", file=str(path))
    if path.stat().st_size == 0:
        raise Refusal("file.empty")
    _refuse_cut_off(path)
    return f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path)


def _refuse_cut_off(path: Path) -> None:
    """GDAL reads what is left of a shapefile that was cut off in silence, and rights would be lost unseen."""
    if path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    if entry.filename.lower().endswith(SIZED):
                        with archive.open(entry) as file:
                            refuse_cut_off(entry.filename, file.read(HEAD_BYTES), entry.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Refusal("load.unreadable", file=path.name, detail=_short(error)) from error
    elif path.suffix.lower() == ".shp":
        for part in (path, path.with_suffix(".shx")):
            if part.is_file():
                with part.open("rb") as file:
                    refuse_cut_off(part.name, file.read(HEAD_BYTES), part.stat().st_size)


def _layer(source: str, wanted: str | None) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(source)]
    if wanted is not None:
        if wanted not in names:
            raise Refusal("load.no_layer", layer=wanted, layers=names)
        return wanted
    if len(names) != 1:
        raise Refusal("choice.layer", option="--layer", choices=names)
    return names[0]


def _milliseconds(geometries: npt.NDArray[Any], reference: System, axis: str | None) -> npt.NDArray[Any]:
    """Points as (longitude, latitude) on whole milliseconds; a geometry that leaves the map becomes None."""

    def to_grid(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        ordered = points[:, ::-1] if axis == "latlon" else points
        return np.rint(reference.to_degrees(ordered) * MS_PER_DEGREE)

    moved: npt.NDArray[Any] = shapely.transform(geometries, to_grid)
    coordinates, owner = shapely.get_coordinates(moved, return_index=True)
    lost = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    moved[lost] = None
    return moved


def digest_of(path: Path) -> str:
    """SHA-256 of the file; a bare shapefile is named by all its parts together."""
    digest = hashlib.sha256()
    parts = [path]
    if path.suffix.lower() == ".shp":
        parts += [path.with_suffix(end) for end in SIDECARS if path.with_suffix(end).is_file()]
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return "sha256:" + digest.hexdigest()


def _short(error: Exception) -> str:
    return " ".join(word for word in str(error).split() if "/" not in word)[:200]
