"""Zipped shapefiles: several layers, `.prj`, `.cpg`, and names and attributes in GBK."""

from __future__ import annotations

import codecs
import io
import zipfile

from marine.findings import Severity
from parcels.readers import archives, gdal
from parcels.readers.archives import Archive, Entry
from parcels.readers.polygons import Collector
from parcels.readers.values import Content, Declared, Option, Question, Report, refuse
from parcels.uploads import Choices, Limits

NAME = "shapefile"
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# Language driver byte of dBASE tables (offset 29): 0x4D is Windows 936 (GBK), 0x57 the system's own, which says nothing.
_LANGUAGE_OFFSET, _LANGUAGE_GBK = 29, 0x4D
_CODE_PAGES = {
    "936": "gb18030",
    "cp936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "65001": "utf-8",
    "utf8": "utf-8",
}
_HEADER_BYTES = 100
HEAD_BYTES = 28
_WORKBOOK = "[Content_Types].xml"


def sniff(data: bytes) -> bool:
    """A zip archive that is no workbook; what it should have held is said when it is read."""
    return archives.is_zip(data) and _WORKBOOK not in archives.names(data)


def read(data: bytes, choices: Choices, limits: Limits, report: Report) -> Content:
    """All polygons of the one layer, or of the layer that `choices.sheet` names; x comes first in every shapefile."""
    archive = Archive(data, limits)
    layers = _layers(archive)
    if not layers:
        _nothing_to_read(archive)
    stem = _choose(layers, choices)
    if stem is None:
        options = tuple(Option(option="--sheet", value=name) for name in layers)
        return Content(
            format=NAME,
            pieces=(),
            questions=(Question(id="sheet", code="question.layer", option="--sheet", options=options),),
        )
    files = layers[stem]
    if ".shx" not in files:
        refuse("file.shapefile_part_missing", layer=stem, missing=".shx")
    if ".dbf" not in files:
        report.add("file.shapefile_without_table", Severity.NOTES, layer=stem)
    parts = {suffix: archive.read(entry) for suffix, entry in files.items()}
    _whole(stem, parts)
    others = sorted(
        {
            e.base
            for e in archive.entries
            if e.suffix in (".tab", ".gdbtable", ".gpkg", ".kml", ".dxf", *archives._NESTED)
        }
    )
    if others:
        report.add("file.other_formats_left", Severity.NOTES, count=len(others), example=others[0])
    return _content(stem, parts, choices, limits, report)


def _content(stem: str, parts: dict[str, bytes], choices: Choices, limits: Limits, report: Report) -> Content:
    encoding, by = _encoding(parts, choices)
    layer = gdal.read_layer(_packed(parts), None, "ISO-8859-1", limits.features)
    collector = Collector(limits, report)
    gdal.collect(layer, collector, report, encoding)
    prj = parts.get(".prj", b"").decode("utf-8", errors="replace").strip("\ufeff \t\r\n\x00")
    declared = Declared(crs=prj or None, crs_by="prj" if prj else None, axis="lonlat", axis_by="format")
    if not prj:
        report.add("crs.prj_missing", Severity.NOTES, layer=stem)
    decisions = {"layer": stem, "encoding": encoding, "encoding_by": by, "prj": prj or None}
    return Content(format=NAME, pieces=tuple(collector.pieces), declared=declared, decisions=decisions)


def _whole(stem: str, parts: dict[str, bytes]) -> None:
    """Refuse a layer that was cut off: GDAL reads what is left of it in silence, and shapes would be lost unseen."""
    for suffix in (".shp", ".shx"):
        refuse_cut_off(f"{stem}{suffix}", parts[suffix][:HEAD_BYTES], len(parts[suffix]))


def refuse_cut_off(name: str, head: bytes, has: int) -> None:
    """Refuse a `.shp` or `.shx` of `has` bytes that says in its first `HEAD_BYTES` that it is longer."""
    # Bytes 24–27 of either file: its length in words of 16 bits, big-endian. Shorter is lost, longer is harmless.
    said = max(2 * int.from_bytes(head[24:28], "big"), _HEADER_BYTES)
    if has < said:
        refuse("file.shapefile_cut_off", part=name[-80:], said=said, has=has)


def _layers(archive: Archive) -> dict[str, dict[str, Entry]]:
    """Layers by their path without suffix; parts belong together whatever their case."""
    shapes = {e.stem: e for e in archive.entries if e.suffix == ".shp"}
    found: dict[str, dict[str, Entry]] = {}
    for stem in sorted(shapes):
        found[stem] = {e.suffix: e for e in archive.entries if e.suffix in _PARTS and e.stem.lower() == stem.lower()}
    return found


def _choose(layers: dict[str, dict[str, Entry]], choices: Choices) -> str | None:
    if choices.sheet is None:
        return next(iter(layers)) if len(layers) == 1 else None
    wanted = choices.sheet.removesuffix(".shp").lower()
    named = [stem for stem in layers if wanted in (stem.lower(), stem.rsplit("/", 1)[-1].lower())]
    if len(named) != 1:
        refuse("file.no_such_sheet", sheet=choices.sheet[:80], found=", ".join(layers)[:200])
    return named[0]


def _nothing_to_read(archive: Archive) -> None:
    if not archive.entries:
        refuse("file.zip_empty")
    if archive.nested:
        refuse("file.zip_in_zip", entry=archive.nested[0][:80])
    lone = [e.base for e in archive.entries if e.suffix in (".dbf", ".shx", ".prj")]
    if lone:
        refuse("file.shapefile_part_missing", layer=lone[0][:80], missing=".shp")
    refuse("file.zip_without_shapefile", entry=archive.entries[0].name[:80], count=len(archive.entries))


def _encoding(parts: dict[str, bytes], choices: Choices) -> tuple[str, str]:
    """The encoding of the attribute table: chosen, from `.cpg`, from the table's language byte, or tried out."""
    table = parts.get(".dbf", b"")
    page = parts.get(".cpg", b"").decode("ascii", errors="ignore").strip("\x00 \r\n\t").lower()
    for name, by in ((choices.encoding, "choice"), (page, "cpg")):
        if name:
            known = _CODE_PAGES.get(name.lower(), name.lower().replace("ansi ", "cp"))
            try:
                return codecs.lookup(known).name, by
            except LookupError:
                if by == "choice":
                    refuse("file.encoding_not_known", encoding=name[:40])
    if len(table) > _LANGUAGE_OFFSET and table[_LANGUAGE_OFFSET] == _LANGUAGE_GBK:
        return "gb18030", "table"
    start = int.from_bytes(table[8:10], "little")
    for name in ("utf-8", "gb18030"):
        try:
            (table[32:start] + table[start:]).decode(name)
            return name, "tried"
        except UnicodeDecodeError:
            continue
    return "latin-1", "tried"


def _packed(parts: dict[str, bytes]) -> bytes:
    """The layer alone, under a plain name and uncompressed, for GDAL to open in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for suffix in (".shp", ".shx", ".dbf"):
            if suffix in parts:
                archive.writestr(f"layer{suffix}", parts[suffix])
    return buffer.getvalue()
