"""What a file is, by its content: each kind that is taken, each that is not, and each that only says it is one."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from approvals import viewing
from approvals.material_kinds import kinds_from, packaged_kinds
from approvals.sniffing import CSV, DOCX, GEOJSON, PDF, TEXT, XLSX, ZIP, sniff
from data import messages
from data.answers import Refusal
from tests.approvals import material_files as made
from tests.support.effort import effort_of_run

TAKEN = {
    "pdf": (made.pdf(3), PDF, 3),
    "pdf after a line of a mail program": (b"\r\n--x\r\n" + made.pdf(), PDF, 1),
    "pdf that only its owner may change": (made.pdf(password=""), PDF, 1),
    "jpeg": (made.picture("JPEG"), "image/jpeg", 1),
    "png": (made.picture("PNG", mode="RGBA"), "image/png", 1),
    "webp": (made.picture("WEBP"), "image/webp", 1),
    "scan": (made.tiff(3), "image/tiff", 3),
    "docx": (made.docx(), DOCX, None),
    "xlsx": (made.xlsx(), XLSX, None),
    "text": ("北纬三十七度".encode(), TEXT, None),
    "text of Windows": ("北纬三十七度".encode("gbk"), TEXT, None),
    "text that begins as a bitmap does": (b"BM is Bohrmeister", TEXT, None),
    "table": ("点号,经度\r\n1,122.5\r\n".encode("gbk"), CSV, None),
    "table by tabulators": (b"a\tb\n1\t2\n", CSV, None),
    "geojson": (b'{"type": "FeatureCollection", "features": []}', GEOJSON, None),
    "json that is no map": (b'{"type": "invoice"}', TEXT, None),
    "shapefile": (made.shapefile(), ZIP, None),
}


@pytest.mark.parametrize("what", TAKEN)
def test_every_kind_that_is_taken_is_told_by_its_content_whatever_its_name(what: str) -> None:
    content, media_type, pages = TAKEN[what]
    seen = sniff(content, "wrong.exe")
    assert (seen.media_type, seen.pages) == (media_type, pages)
    kind = packaged_kinds().of(media_type)
    assert kind is not None and seen.kind == kind.kind


BROKEN_OFFICE = made.DOCX_TYPES.replace("/word/document.xml", "/word/other.xml")
MACROS = made.DOCX_TYPES.replace("openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main")  # fmt: skip
REFUSED = {
    "nothing": (b"", "material.empty"),
    "only blanks": (b" \r\n ", "material.empty"),
    "a program": (b"MZ" + bytes(400), "material.kind_not_allowed"),
    "a film": (b"\x00\x00\x00\x18ftypmp42" + bytes(400), "material.kind_not_allowed"),
    "noise": (bytes(range(256)) * 4, "material.kind_not_allowed"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "material.kind_not_allowed"),
    "a drawing that runs scripts": (b"<svg xmlns='x' onload='alert(1)'/>", "material.kind_not_allowed"),
    "rich text": (b"{\\rtf1 text}", "material.kind_not_allowed"),
    "an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "material.kind_not_allowed"),
    "a docx with macros": (made.docx(MACROS), "material.kind_not_allowed"),
    "an archive of anything": (made.archive({"a.exe": b"MZ"}), "material.kind_not_allowed"),
    "a program beside a shapefile": (made.archive({"a.shp": b"", "a.exe": b"MZ"}), "material.kind_not_allowed"),
    "an empty archive": (made.archive({}), "material.kind_not_allowed"),
    "a picture of a kind that is not taken": (made.picture("GIF"), "material.kind_not_allowed"),
    "a pdf by its first bytes only": (b"%PDF-1.7 rate", "material.broken"),
    "half a picture": (made.picture("PNG", (400, 400), colour=9)[:-60], "material.broken"),
    "a picture by its first bytes only": (b"\xff\xd8\xff\xe0" + bytes(200), "material.broken"),
    "half a docx": (made.docx()[:-30], "material.broken"),
    "a docx without its main part": (made.docx(BROKEN_OFFICE), "material.broken"),
    "a docx whose main part is a page": (made.docx(main="<html/>"), "material.broken"),
    "a shapefile without its index": (made.shapefile(shx=None), "material.broken"),
    "a shapefile that was cut off": (made.shapefile(shp=(9994).to_bytes(4, "big") + b"\0" * 20 + b"\0\0\xff\xff"), "material.broken"),
    "a pdf with a password": (made.pdf(password="secret"), "material.locked"),
    "an Office file with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "material.locked"),
    "an archive that unpacks without end": (made.archive({"a.shp": bytes(90_000_000)}), "material.broken"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_refused_by_name_and_in_both_languages(what: str) -> None:
    content, code = REFUSED[what]
    with pytest.raises(Refusal) as refusal:
        sniff(content, "论证.pdf")
    assert refusal.value.code == code
    for lang in messages.LANGUAGES:
        assert "论证.pdf" in messages.text(code, lang, **refusal.value.facts)
        assert messages.text(f"{code}.mend", lang, **refusal.value.facts)
        for finding in refusal.value.findings:
            assert messages.text(finding.code, lang, **finding.facts)


def test_the_limits_of_a_kind_hold_for_that_kind() -> None:
    """A text of eleven million bytes is too large for a text, though a PDF of that size is taken."""
    for content, code in (
        (b"a,b\n" * 2_750_000, "material.too_large"),
        (b"x" * 50_000_001, "material.too_large"),
        (made.pdf(2_001), "material.too_many_pages"),
        (made.tiff(201), "material.too_many_pages"),
    ):
        with pytest.raises(Refusal) as refusal:
            sniff(content, "a")
        assert refusal.value.code == code


def png_that_says(width: int, height: int) -> bytes:
    """A picture that is a few bytes long and says that it is as large as that."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_head() -> None:
    with pytest.raises(Refusal) as refusal:
        sniff(png_that_says(60_000, 60_000), "a.png")
    assert refusal.value.code == "material.too_many_pixels"


def test_the_process_that_opens_files_has_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    big = made.picture("PNG", (6000, 6000))
    assert viewing.look(big, "image/png", name="a", pages=1, pixels=10**8).pages == 1
    monkeypatch.setattr(viewing, "MEMORY_BYTES", 120 * 1024 * 1024)
    with pytest.raises(Refusal) as refusal:
        viewing.look(big, "image/png", name="a", pages=1, pixels=10**8)
    assert refusal.value.code == "material.too_costly"


def test_the_process_that_opens_files_holds_no_secret_of_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever breaks a decoder finds neither the address of the database nor a key in its environment."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, os, sys\nsys.stdin.buffer.read()\nprint(json.dumps({'media_type': sorted(os.environ), 'pages': 0}))",
        encoding="utf-8",
    )
    monkeypatch.setattr(viewing, "_APART", probe)
    assert set(viewing.look(b"x", "image/png", name="a", pages=1, pixels=1).media_type) <= {"LC_CTYPE"}


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "WALL_SECONDS", 0.001)
    with pytest.raises(Refusal) as refusal:
        viewing.look(made.pdf(), "application/pdf", name="a", pages=1, pixels=1)
    assert refusal.value.code == "material.too_costly"


def test_a_server_opens_two_files_at_a_time_and_says_so_to_whoever_waited_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(viewing, "WAIT_SECONDS", 0.01)
    with viewing.SEATS, viewing.SEATS, pytest.raises(Refusal) as refusal:
        viewing.look(made.pdf(), "application/pdf", name="a", pages=1, pixels=1)
    assert refusal.value.code == "material.viewer_busy"
    assert viewing.look(made.pdf(), "application/pdf", name="a", pages=1, pixels=1).pages == 1


def test_a_page_is_shown_upright_on_white_and_never_larger_than_asked() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter to the right
    lying = made.picture("JPEG", (300, 200), exif=exif)
    shown = Image.open(io.BytesIO(viewing.picture(lying, "image/jpeg", name="a", page=0, width=100, pixels=10**8)))
    assert shown.size == (100, 150) and shown.format == "PNG"
    clear = made.picture("PNG", (10, 10), "RGBA")
    shown = Image.open(io.BytesIO(viewing.picture(clear, "image/png", name="a", page=0, width=100, pixels=10**8)))
    assert shown.size == (10, 10) and shown.getpixel((5, 5)) == (255, 255, 255)
    roll = made.pdf(size=(10, 14_000))
    shown = Image.open(io.BytesIO(viewing.picture(roll, PDF, name="a", page=0, width=100, pixels=1)))
    assert shown.height == 400


def test_a_page_that_is_not_there_is_not_shown() -> None:
    for content, media_type in ((made.pdf(2), PDF), (made.tiff(2), "image/tiff"), (made.picture(), "image/png")):
        with pytest.raises(Refusal) as refusal:
            viewing.picture(content, media_type, name="a", page=2, width=100, pixels=10**8)
        assert refusal.value.code == "material.no_such_page"


def test_the_table_of_kinds_is_closed() -> None:
    good = "cite: 本系统设定\nseen: house\nlongest_name: 200\nkinds:\n  pdf: {title: {zh: 一, en: a}, media_types: [a/b], suffixes: [.a], bytes: 9, preview: none}\n"
    assert kinds_from(good, "x").greatest_bytes == 9
    for wrong in (
        good.replace("seen: house\n", ""),
        good.replace("bytes: 9", "bytes: 0"),
        good.replace("bytes: 9", "bytes: true"),
        good.replace("preview: none", "preview: film"),
        good.replace("preview: none", "preview: none, colour: red"),
        good.replace("media_types: [a/b]", "media_types: []"),
        good.replace("media_types: [a/b]", "media_types: [a/b, a/b]"),
    ):
        with pytest.raises(ValueError):
            kinds_from(wrong, "x")
    assert all(kind.zh and kind.en for kind in packaged_kinds().kinds.values())
    assert packaged_kinds().seen == "house"


@settings(max_examples=min(effort_of_run().fuzz // 2, 1_000))
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda told: told.encode("utf-8", errors="surrogatepass"))
    | st.tuples(
        st.sampled_from([made.docx(), made.shapefile(), made.xlsx()]), st.integers(0, 2**16), st.binary(max_size=8)
    ).map(lambda told: told[0][: told[1] % len(told[0])] + told[2] + told[0][told[1] % len(told[0]) + len(told[2]) :])
)
def test_whatever_comes_is_told_or_refused_and_nothing_else(content: bytes) -> None:
    """Noise, texts, and archives with some bytes overwritten; PDFs and pictures open apart and are left to the tests above."""
    try:
        seen = sniff(content, "a")
    except Refusal as refusal:
        assert refusal.code.startswith("material.") and messages.has(refusal.code)
        return
    assert packaged_kinds().of(seen.media_type) is not None
