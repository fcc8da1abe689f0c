"""How a file is shown and handed out: drawn once, kept whole, thrown away when it grows too much, never a page of ours."""

from __future__ import annotations

import io
import os
import threading
import time
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from api import previews
from api.downloads import download_headers, shown_headers
from api.previews import PNG, TEXT, Shelf, preview
from approvals.sniffing import CSV, DOCX, PDF, ZIP
from data.answers import Refusal
from tests.approvals import material_files as made

DIGEST = "sha256:" + "a" * 64


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def never() -> bytes:
    raise AssertionError("the original was fetched although the page is kept")


def test_a_page_is_drawn_at_one_of_a_few_widths() -> None:
    shown = preview(made.pdf(2), PDF, 2, 300)
    assert (shown.media_type, size_of(shown.content)) == (PNG, (480, 679))
    assert size_of(preview(made.pdf(), PDF, 1, 99_999).content)[0] == 1600
    assert size_of(preview(made.picture("JPEG", (4000, 1000)), "image/jpeg", 1, 240).content) == (240, 60)
    assert size_of(preview(made.tiff(2), "image/tiff", 2, 240).content) == (20, 10)


def test_a_text_is_shown_as_text_whatever_it_was_written_in_and_a_page_in_it_stays_text() -> None:
    shown = preview("点号,经度\n1,<b>122.5</b>".encode("gbk"), CSV, 1, 480)
    assert (shown.content.decode(), shown.media_type) == ("点号,经度\n1,<b>122.5</b>", TEXT)
    assert len(preview(b"x" * 5_000_000, "text/plain", 1, 480).content) == previews.TEXT_SIGNS


@pytest.mark.parametrize(
    ("content", "media_type", "page", "code"),
    [
        (made.docx(), DOCX, 1, "material.no_preview"),
        (made.shapefile(), ZIP, 1, "material.no_preview"),
        (b"x", "text/html", 1, "material.no_preview"),
        (made.pdf(), PDF, 2, "material.no_such_page"),
        (made.pdf(), PDF, 0, "material.no_such_page"),
        (b"a", "text/plain", 2, "material.no_such_page"),
    ],
)
def test_what_cannot_be_shown_is_refused(content: bytes, media_type: str, page: int, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        preview(content, media_type, page, 480, name="a")
    assert refusal.value.code == code


def test_a_page_that_was_drawn_is_taken_from_the_shelf_and_no_other_user_may_read_it(tmp_path: Path) -> None:
    shelf = Shelf.of(tmp_path)
    first = shelf.preview(DIGEST, made.pdf, PDF, 1, 300)
    assert shelf.preview(DIGEST, never, PDF, 1, 310) == first
    (kept,) = (tmp_path / "previews").iterdir()
    assert kept.read_bytes() == first.content
    assert (kept.stat().st_mode & 0o077, kept.parent.stat().st_mode & 0o077) == (0, 0)
    shelf.preview(DIGEST, made.pdf, PDF, 1, 900)
    shelf.preview("sha256:" + "b" * 64, made.pdf, PDF, 1, 300)
    assert len(list(kept.parent.iterdir())) == 3
    with pytest.raises(ValueError):
        shelf.preview("sha256:../../etc/passwd", never, PDF, 1, 300)


def test_a_refused_page_leaves_nothing_on_the_shelf(tmp_path: Path) -> None:
    shelf = Shelf.of(tmp_path)
    for _ in range(2):
        with pytest.raises(Refusal):
            shelf.preview(DIGEST, lambda: b"%PDF-1.7 nothing", PDF, 1, 300)
    assert not (tmp_path / "previews").exists()


def test_two_requests_at_once_show_the_same_whole_page(tmp_path: Path) -> None:
    shelf, found, together = Shelf.of(tmp_path), list[bytes](), threading.Barrier(6)

    def ask() -> None:
        together.wait(10)
        found.append(shelf.preview(DIGEST, made.pdf, PDF, 1, 240).content)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6 and len(set(found)) == 1 and size_of(found[0])[0] == 240
    assert [path.suffix for path in shelf.folder.iterdir()] == [".png"]


def test_a_disk_that_takes_nothing_keeps_nobody_from_seeing_the_page(tmp_path: Path) -> None:
    (tmp_path / "previews").write_bytes(b"a file where the folder should be")
    assert Shelf.of(tmp_path).preview(DIGEST, made.pdf, PDF, 1, 240).media_type == PNG


def test_the_shelf_throws_away_what_was_looked_at_longest_ago_and_what_a_killed_process_left(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, greatest_bytes=250)
    now = time.time()
    for name, age in (("old.png", 300), ("seen.png", 200), ("new.png", 100), ("lost.part", 7_200), ("going.part", 10)):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (now - age, now - age))
    shelf.tidy()
    assert {path.name for path in tmp_path.iterdir()} == {"new.png", "going.part"}


def test_looking_at_a_page_keeps_it_on_the_shelf(tmp_path: Path) -> None:
    shelf = Shelf.of(tmp_path)
    shelf.preview(DIGEST, made.pdf, PDF, 1, 240)
    (kept,) = shelf.folder.iterdir()
    os.utime(kept, (1, 1))
    shelf.preview(DIGEST, never, PDF, 1, 240)
    assert kept.stat().st_mtime > 1_000_000_000


@given(st.text(max_size=60))
def test_a_name_comes_out_of_the_header_as_it_went_in_and_ends_nothing(name: str) -> None:
    for headers in (download_headers(name), shown_headers(name)):
        told = headers["Content-Disposition"]
        assert told.isascii() and told.isprintable()
        message = Message()
        message["Content-Disposition"] = told
        assert message.get_content_disposition() in {"attachment", "inline"}
        extended = told.rpartition("filename*=UTF-8''")[2]
        expected = (name or "file").encode("utf-8", errors="replace").decode()
        assert unquote(extended) == expected
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert download_headers(name)["Content-Disposition"].startswith("attachment; ")
