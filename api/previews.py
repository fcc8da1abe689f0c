"""How a material looks: a page of a PDF or picture as a PNG, a text as plain text; kept on disk by the digest of the original.

What is kept can be made again at any time and is thrown away when it grows too large. It holds what the originals hold, so only
the user of the server may read it.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from structlog import get_logger

from approvals import viewing
from approvals.material_kinds import MaterialKind, packaged_kinds
from data.answers import Refusal
from parcels.readers.texts import decode
from parcels.readers.values import Report

log = get_logger("haiyu.previews")
PNG, TEXT = "image/png", "text/plain; charset=utf-8"
# Few widths, so that one page is drawn a few times and not once for every window size.
WIDTHS = (240, 480, 960, 1600)
TEXT_SIGNS = 200_000
# Counted up when drawing changes: what an older version drew is not shown any more.
DRAWN_BY = 1
GREATEST_BYTES = 1_000_000_000
_EVERY = 64
_PART = ".part"
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_written = count(1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown, and its media type."""

    content: bytes
    media_type: str


def preview(content: bytes, media_type: str, page: int, width: int, *, name: str = "") -> Preview:
    """A page (from 1) of a file, at most `width` pixels wide (rounded up to one of `WIDTHS`), or the beginning of a text.

    Raises `Refusal` material.no_preview, .no_such_page, and what `approvals.viewing` raises.
    """
    kind = _shown(media_type, name)
    if kind.preview == "text":
        if page != 1:
            raise Refusal("material.no_such_page", name=name)
        text, _ = decode(content, None, Report(1))
        return Preview(text[:TEXT_SIGNS].encode("utf-8", errors="replace"), TEXT)
    if page < 1:
        raise Refusal("material.no_such_page", name=name)
    drawn = viewing.picture(
        content, media_type, name=name, page=page - 1, width=width_for(width), pixels=kind.pixels or 0
    )
    return Preview(drawn, PNG)


def width_for(asked: int) -> int:
    """The width that is drawn: the next of `WIDTHS`, the greatest where more is asked.

    >>> width_for(1), width_for(481), width_for(9_999)
    (240, 960, 1600)
    """
    return next((width for width in WIDTHS if width >= asked), WIDTHS[-1])


def _shown(media_type: str, name: str) -> MaterialKind:
    kind = packaged_kinds().of(media_type)
    if kind is None or kind.preview == "none":
        raise Refusal("material.no_preview", name=name)
    return kind


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of drawn pages. Two requests at once draw twice and keep one: a file appears whole or not at all."""

    folder: Path
    greatest_bytes: int = GREATEST_BYTES

    @classmethod
    def of(cls, home: Path) -> Shelf:
        """The shelf of an installation."""
        return cls(home / "previews")

    def preview(
        self, digest: str, load: Callable[[], bytes], media_type: str, page: int, width: int, *, name: str = ""
    ) -> Preview:
        """The preview of a kept file; `load` fetches the original only where nothing has been drawn yet."""
        if _shown(media_type, name).preview == "text":
            return preview(load(), media_type, page, width, name=name)
        path = self._path(digest, page, width_for(width))
        try:
            drawn = path.read_bytes()
            os.utime(path)  # what is looked at stays longest
            return Preview(drawn, PNG)
        except OSError:
            made = preview(load(), media_type, page, width, name=name)
        self._keep(path, made.content)
        return made

    def _path(self, digest: str, page: int, width: int) -> Path:
        told = _DIGEST.fullmatch(digest)
        if told is None:
            raise ValueError(f"a preview is kept by a SHA-256, not by {digest!r}")
        return self.folder / f"{told[1]}-{page}-{width}-{DRAWN_BY}.png"

    def _keep(self, path: Path, drawn: bytes) -> None:
        """Write beside and rename; a disk that is full or closed keeps nobody from seeing the page."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, beside = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=_PART)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(drawn)
                os.replace(beside, path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            if next(_written) % _EVERY == 0:
                self.tidy()
        except OSError as fault:
            log.warning("preview not kept", why=str(fault))

    def tidy(self) -> None:
        """Throw away what was looked at longest ago until the shelf is within its limit."""
        found = []
        for entry in os.scandir(self.folder):
            with suppress(FileNotFoundError):
                seen = entry.stat()
                found.append((seen.st_mtime, seen.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in found)
        for seen_at, size, path in sorted(found):
            # A part that is an hour old belonged to a process that was killed while it wrote.
            lost = path.suffix == _PART and seen_at < time.time() - 3_600
            if lost or total > self.greatest_bytes:
                path.unlink(missing_ok=True)
                total -= size
