"""Files that people send by mistake, known by their first bytes, so that the answer can say what they are."""

from __future__ import annotations

from parcels.readers.values import refuse

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x00\x27\x0a", "file.shapefile_alone"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.office_old"),
    (b"%PDF", "file.pdf"),
    (b"\xff\xd8\xff", "file.picture"),
    (b"\x89PNG", "file.picture"),
    (b"GIF8", "file.picture"),
    (b"II*\x00", "file.picture"),
    (b"MM\x00*", "file.picture"),
    (b"BM", "file.picture"),
    (b"AC10", "file.drawing"),
    (b"AutoCAD Binary DXF", "file.drawing"),
    (b"Rar!", "file.other_archive"),
    (b"7z\xbc\xaf\x27\x1c", "file.other_archive"),
    (b"\x1f\x8b", "file.other_archive"),
    (b"BZh", "file.other_archive"),
    (b"\xfd7zXZ", "file.other_archive"),
    (b"MZ", "file.program"),
    (b"\x7fELF", "file.program"),
)
# dBASE tables begin with a version byte and the date of the last change; months and days bound the two bytes after it.
_TABLE_VERSIONS = frozenset((0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB))


def refuse_known(data: bytes) -> None:
    """Refuse a file of a known kind that is not a parcel file of ours."""
    for signature, code in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:200]):
            refuse(code)
    if len(data) > 32 and data[0] in _TABLE_VERSIONS and data[2] <= 12 and data[3] <= 31 and b"\x00" in data[:32]:
        refuse("file.table_alone")
    head = data[:2000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    lower = head.lower()
    if lower.startswith(b"<"):
        for mark, code in (
            (b"<kml", "file.kml"),
            (b"<gpx", "file.gpx"),
            (b"<html", "file.web_page"),
            (b"<!doctype html", "file.web_page"),
        ):
            if mark in lower:
                refuse(code)
        refuse("file.xml")
    lines = head.split(None, 3)
    if len(lines) >= 2 and lines[0] in (b"0", b"999") and (lines[1] == b"SECTION" or lines[0] == b"999"):
        refuse("file.drawing")
    if lower.startswith((b"projcs[", b"geogcs[", b"projcrs[", b"geogcrs[")):
        refuse("file.shapefile_part_alone")
