"""Opens files that strangers sent, in a process of its own (`apart.py`) with bounded memory and time; nothing is executed.

PDFium is not made for threads and both it and the decoders of pictures are written in C: a file that breaks one of them ends
a process that holds nothing, and the answer is a refusal.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from data.answers import Refusal

# 1.5 GiB holds a picture of 100 million pixels with transparency, decoded; a page of a scan takes a second.
MEMORY_BYTES = 1_536 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 30
WAIT_SECONDS = 5
# So many files are opened at the same time by one server process; the next one waits.
SEATS = BoundedSemaphore(2)
_APART = Path(__file__).with_name("apart.py")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file turned out to be, and its pages (frames of a TIFF; 1 for other pictures)."""

    media_type: str
    pages: int


def look(content: bytes, media_type: str, *, name: str, pages: int, pixels: int) -> Seen:
    """Open a PDF or a picture and decode it; no more than `pages` pages are opened, and no page of more than `pixels`.

    `name` is the file's, for the refusal: material.locked, .broken, .too_many_pixels, .too_costly or .viewer_busy.
    """
    head, _ = _apart({"do": "look", "what": _what(media_type), "pages": pages, "pixels": pixels}, content, name)
    return Seen(head["media_type"], head["pages"])


def picture(content: bytes, media_type: str, *, name: str, page: int, width: int, pixels: int) -> bytes:
    """A page (from 0) of a PDF or picture as a PNG at most `width` pixels wide and four times as high.

    Refuses as `look` does, and with material.no_such_page.
    """
    order = {"do": "picture", "what": _what(media_type), "page": page, "width": width, "pixels": pixels}
    return _apart(order, content, name)[1]


def _what(media_type: str) -> str:
    return "pdf" if media_type == "application/pdf" else "picture"


def _apart(order: Mapping[str, Any], content: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    """The answer of the process to one order."""
    told = json.dumps({**order, "memory": MEMORY_BYTES, "seconds": CPU_SECONDS})
    if not SEATS.acquire(timeout=WAIT_SECONDS):
        raise Refusal("material.viewer_busy", name=name)
    try:
        # Its own empty environment: the address of the database and the keys stay here.
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_APART), told],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal("material.too_costly", name=name) from None
    finally:
        SEATS.release()
    first, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not first:
        # A negative code is the signal that ended it: too much CPU time, no memory, or a decoder that fell.
        raise Refusal("material.too_costly" if done.returncode < 0 else "material.broken", name=name)
    head: dict[str, Any] = json.loads(first)
    if "refused" in head:
        # The words of `apart.RefusedError` are the last parts of our codes.
        raise Refusal(f"material.{head['refused']}", name=name)
    return head, rest
