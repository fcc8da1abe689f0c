"""What a file is, told from its content and never from its name; the file is opened before it is believed."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import NoReturn

import filetype  # type: ignore[import-untyped]

from approvals import viewing
from approvals.material_kinds import MaterialKind, packaged_kinds
from data.answers import Refusal
from marine.findings import Finding, Severity
from parcels.readers.archives import Archive, is_zip
from parcels.readers.shapefile import HEAD_BYTES, refuse_cut_off
from parcels.readers.texts import decode
from parcels.readers.values import Report
from parcels.uploads import Limits

PDF = "application/pdf"
TEXT, CSV, GEOJSON = "text/plain", "text/csv", "application/geo+json"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = "application/octet-stream"

# PDFium, like every reader, looks for the mark of a PDF in the first kilobyte: mail programs put lines before it.
_PDF_WINDOW = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Text to a program that asks for text only, but a page, a drawing or a document to the program that opens it.
_MARKUP = re.compile(r"\s*(?:<[!?a-zA-Z]|\{\\rtf|%!)")
# One part of an archive is held in memory while it is looked at.
_ARCHIVES = Limits(entries=10_000, unpacked_bytes=256 * 1024 * 1024)
_CONTENT_TYPES = "[Content_Types].xml"
_TYPES_BYTES = 1 << 20
_PART = re.compile(r'<Override\b(?=[^>]*\bPartName="(?P<part>[^"]+)")(?=[^>]*\bContentType="(?P<type>[^"]+)")')
_MAIN = {f"{DOCX}.main+xml": (DOCX, "document"), f"{XLSX}.main+xml": (XLSX, "workbook")}
_BUNDLE = frozenset([".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".xml"])
_SHAPE_MARK = (9994).to_bytes(4, "big")
_GEOJSON_TYPES = frozenset(
    [
        "FeatureCollection",
        "Feature",
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    ]
)


@dataclass(frozen=True, slots=True)
class MediaKind:
    """What a file is: the kind of the house's table, the media type, and its pages where it has some."""

    kind: str
    media_type: str
    pages: int | None = None


def sniff(content: bytes, name: str) -> MediaKind:
    """Tell a file's kind and open it: a PDF, a picture, a docx or xlsx, a text, or a zipped shapefile.

    `name` only names the file in the refusal: material.empty, .too_large, .too_many_pages, .too_many_pixels,
    .kind_not_allowed, .broken, .locked, .too_costly, .viewer_busy.
    """
    if not content.strip():
        raise Refusal("material.empty", name=name)
    _size(content, packaged_kinds().greatest_bytes, name)
    media_type = _signature(content, name)
    kind = packaged_kinds().of(media_type)
    if kind is None:
        _not_allowed(name, media_type)
    _size(content, kind.bytes, name)
    if kind.preview != "picture":
        return MediaKind(kind.kind, media_type)
    return _opened(content, name, media_type, kind)


def _size(content: bytes, limit: int, name: str) -> None:
    if len(content) > limit:
        raise Refusal("material.too_large", name=name, bytes=len(content), limit=limit)


def _signature(content: bytes, name: str) -> str:
    """The media type by the first bytes; archives and texts are looked into."""
    guess = filetype.guess_mime(content)
    told = PDF if guess is None and b"%PDF-" in content[:_PDF_WINDOW] else guess
    if is_zip(content):
        return _archive(content, name)
    if content.startswith(_OLE):
        # Word and Excel wrap a file with a password in the container of their old formats.
        if _ENCRYPTED in content:
            raise Refusal("material.locked", name=name)
        return "application/x-ole-storage"
    if told is not None and packaged_kinds().of(told) is not None:
        return str(told)
    # Some signatures are two letters that a text may begin with; what can be read as text is text.
    return _text(content, name, str(told or UNKNOWN))


def _opened(content: bytes, name: str, media_type: str, kind: MaterialKind) -> MediaKind:
    """A PDF or a picture as it shows itself when it is opened."""
    most = kind.pages or 1
    seen = viewing.look(content, media_type, name=name, pages=most, pixels=kind.pixels or 0)
    if seen.media_type != media_type:
        raise Refusal("material.broken", name=name)
    if seen.pages > most:
        raise Refusal("material.too_many_pages", name=name, pages=seen.pages, limit=most)
    return MediaKind(kind.kind, media_type, seen.pages)


def _text(content: bytes, name: str, guess: str) -> str:
    """Plain text, a table or GeoJSON; anything else is not taken."""
    try:
        text, _ = decode(content, None, Report(1))
    except Refusal as why:
        _not_allowed(name, guess, why)
    if _MARKUP.match(text):
        _not_allowed(name, "text/html" if "<html" in text[:2000].lower() else "text/xml")
    if text.lstrip().startswith("{") and _is_geojson(text):
        return GEOJSON
    return CSV if _is_table(text) else TEXT


def _is_geojson(text: str) -> bool:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("type") in _GEOJSON_TYPES


def _is_table(text: str) -> bool:
    """Whether the first lines have the same number of fields, at least two, by one of the usual delimiters."""
    lines = [line for line in text[:65_536].splitlines()[:50] if line.strip()]
    return len(lines) > 1 and any(_is_divided(lines, delimiter) for delimiter in ",;\t")


def _is_divided(lines: list[str], delimiter: str) -> bool:
    try:
        widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    except csv.Error:
        return False
    return len(widths) == 1 and widths.pop() > 1


def _archive(content: bytes, name: str) -> str:
    """The kind of a zip archive: an Office file, or the parts of shapefiles and nothing else."""
    try:
        archive = Archive(content, _ARCHIVES)
        if any(entry.name == _CONTENT_TYPES for entry in archive.entries):
            return _office(archive, name)
        return _bundle(archive, name)
    except Refusal as why:
        if why.code.startswith("material."):
            raise
        if why.code == "file.zip_encrypted":
            raise Refusal("material.locked", name=name) from why
        raise Refusal("material.broken", [_behind(why)], name=name) from why


def _office(archive: Archive, name: str) -> str:
    """docx or xlsx by the type of the main part, which must be there and be what it is called; no macros."""
    entries = {entry.name: entry for entry in archive.entries}
    if entries[_CONTENT_TYPES].info.file_size > _TYPES_BYTES:
        raise Refusal("material.broken", name=name)
    told = archive.read(entries[_CONTENT_TYPES]).decode("utf-8", errors="replace")
    parts = {match["type"]: match["part"] for match in _PART.finditer(told)}
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in parts):
        _not_allowed(name, "application/vnd.ms-office.vbaProject")
    found = next((each for each in _MAIN if each in parts), None)
    if found is None:
        _not_allowed(name, next(iter(parts), ZIP))
    media_type, root = _MAIN[found]
    main = entries.get(parts[found].lstrip("/"))
    if main is None or not re.search(rf"<(?:\w+:)?{root}[\s>]", archive.read(main)[:8192].decode("utf-8", "replace")):
        raise Refusal("material.broken", name=name)
    return media_type


def _bundle(archive: Archive, name: str) -> str:
    """Zipped shapefiles: every .shp has its .shx and .dbf, is whole, and nothing else lies beside them."""
    other = [entry for entry in archive.entries if entry.suffix not in _BUNDLE]
    shapes = [entry for entry in archive.entries if entry.suffix == ".shp"]
    if other or not shapes:
        _not_allowed(name, f"{ZIP}: {other[0].base[:80]}" if other else ZIP)
    known = {(entry.stem.lower(), entry.suffix) for entry in archive.entries}
    for shape in shapes:
        lost = [suffix for suffix in (".shx", ".dbf") if (shape.stem.lower(), suffix) not in known]
        if lost:
            raise Refusal("file.shapefile_part_missing", layer=shape.base[:80], missing=lost[0])
        data = archive.read(shape)
        if not data.startswith(_SHAPE_MARK):
            raise Refusal("material.broken", name=name)
        refuse_cut_off(shape.base, data[:HEAD_BYTES], len(data))
    return ZIP


def _not_allowed(name: str, found: str, why: Refusal | None = None) -> NoReturn:
    behind = [_behind(why)] if why else []
    raise Refusal("material.kind_not_allowed", behind, name=name, found=found, taken=packaged_kinds().suffixes) from why


def _behind(why: Refusal) -> Finding:
    """The refusal of a reader as the finding behind ours, with its place in the file."""
    return Finding(code=why.code, severity=Severity.BLOCKS, facts=dict(why.facts))
