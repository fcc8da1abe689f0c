"""Small files of every kind, made where they are needed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pypdf
from PIL import Image

DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
DOCX_MAIN = '<?xml version="1.0"?><w:document xmlns:w="http://w"><w:body/></w:document>'


def pdf(pages: int = 1, password: str | None = None, size: tuple[float, float] = (595, 842)) -> bytes:
    """A PDF of empty pages, A4 unless told otherwise (points)."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(*size)
    if password is not None:
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **given: Any) -> bytes:
    """One colour."""
    out = io.BytesIO()
    Image.new(mode, size, given.pop("colour", 0)).save(out, kind, **given)
    return out.getvalue()


def tiff(pages: int) -> bytes:
    """A scan of several pages."""
    return picture("TIFF", save_all=True, append_images=[Image.new("1", (20, 10))] * (pages - 1))


def archive(entries: dict[str, bytes | str]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(types: str = DOCX_TYPES, main: str = DOCX_MAIN) -> bytes:
    """The least that a Word document is."""
    return archive({"[Content_Types].xml": types, "word/document.xml": main})


def xlsx() -> bytes:
    """A workbook with one cell."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = "点号"
    book.save(out)
    return out.getvalue()


def shapefile(**changed: bytes | None) -> bytes:
    """A zipped shapefile of no shapes; `shx=None` leaves a part out."""
    head = (9994).to_bytes(4, "big") + bytes(20) + (50).to_bytes(4, "big") + bytes(72)
    parts: dict[str, bytes | None] = {"shp": head, "shx": head, "dbf": b"\x03", "prj": b"GEOGCS[]", **changed}
    return archive({f"宗海/a.{name}": content for name, content in parts.items() if content is not None})
