"""What is drawn in a PDF, read from its content streams: every painted path with its colours, pen and points on the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdf
from pypdf.generic import ContentStream

MM_PER_POINT = 25.4 / 72
Array = npt.NDArray[np.float64]
PAINTED = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"}


@dataclass(frozen=True)
class Path:
    """One painted path: its subpaths in millimetres (right and up from the page's lower left corner), colours 0–255, pen in mm."""

    parts: tuple[Array, ...]
    stroke: tuple[int, ...] | None
    fill: tuple[int, ...] | None
    pen: float


def pages(pdf: bytes) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def placed_words(pdf: bytes, page: int = 0) -> list[tuple[float, float, str]]:
    """Every piece of text with the place where it begins, in millimetres right and up from the lower left corner."""
    found: list[tuple[float, float, str]] = []

    def visit(words: str, matrix: Any, line: Any, *_: Any) -> None:
        x, y = np.array([line[4], line[5], 1.0]) @ np.array(matrix).reshape(3, 2)
        found.append((float(x) * MM_PER_POINT, float(y) * MM_PER_POINT, words))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres."""
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return [(round(float(box.width) * MM_PER_POINT, 2), round(float(box.height) * MM_PER_POINT, 2)) for box in boxes]


def paths(pdf: bytes, page: int = 0) -> list[Path]:
    """Every painted path of a page, in the order of painting, those of pictures inside it too; curves count by their end points."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    drawn = reader.pages[page]
    return list(_painted(reader, drawn.get_contents(), drawn["/Resources"], np.eye(3)))


def operators(pdf: bytes, page: int = 0) -> bytes:
    """The content of a page as it is written, decompressed."""
    content = pypdf.PdfReader(io.BytesIO(pdf)).pages[page].get_contents()
    return b"" if content is None else content.get_data()


def _painted(reader: pypdf.PdfReader, content: Any, resources: Any, matrix: Array) -> Iterator[Path]:
    kept = []
    stroke: tuple[int, ...] = (0, 0, 0)
    fill: tuple[int, ...] = (0, 0, 0)
    pen = 1.0
    parts: list[list[Array]] = []
    for given, operator in ContentStream(content, reader).operations:
        if operator == b"q":
            kept.append((matrix, stroke, fill, pen))
        elif operator == b"Q":
            matrix, stroke, fill, pen = kept.pop()
        elif operator == b"cm":
            matrix = _matrix(given) @ matrix
        elif operator == b"Do":
            picture = resources["/XObject"][given[0]].get_object()
            if picture["/Subtype"] == "/Form":
                inner = _matrix(picture.get("/Matrix", (1, 0, 0, 1, 0, 0))) @ matrix
                yield from _painted(reader, picture, picture.get("/Resources", resources), inner)
        elif operator in (b"SCN", b"RG"):
            stroke = _colour(given)
        elif operator in (b"scn", b"rg"):
            fill = _colour(given)
        elif operator == b"w":
            pen = float(given[0])
        elif operator == b"m":
            parts.append([_at(given, matrix)])
        elif operator in (b"l", b"c"):
            parts[-1].append(_at(given[-2:], matrix))
        elif operator == b"re":
            x, y, width, height = map(float, given)
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            parts.append([_at(corner, matrix) for corner in corners])
        elif operator in PAINTED:
            if operator != b"n":
                painted = tuple(np.array(part) for part in parts)
                is_stroked, is_filled = operator in b"S s B B* b b*".split(), operator not in (b"S", b"s")
                across = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
                yield Path(
                    painted, stroke if is_stroked else None, fill if is_filled else None, pen * across * MM_PER_POINT
                )
            parts = []


def _matrix(given: Any) -> Array:
    a, b, c, d, e, f = map(float, given)
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])


def _colour(given: list[object]) -> tuple[int, ...]:
    """Grey has one part, other colours three."""
    told = tuple(round(float(str(part)) * 255) for part in given)
    return told * 3 if len(told) == 1 else told


def _at(given: object, matrix: Array) -> Array:
    x, y = (float(value) for value in given)  # type: ignore[attr-defined]
    point: Array = (np.array([x, y, 1.0]) @ matrix)[:2] * MM_PER_POINT
    return point
