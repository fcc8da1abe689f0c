"""Ring notation of units, as sheets print it: `1-2-3-1`, holes after `;`, an ellipsis counting up or down (register.md §1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from marine.findings import Refusal
from marine.polygons import Point, Polygon, Ring

ELLIPSIS = "…"
# Shorter runs are printed in full: `1-2-…-4` would hide one number and save nothing.
_SHORTEST_RUN = 5
# No parcel has more points than the largest file that is read; a slip like 1-…-99999999 must not fill the memory.
_MOST_NUMBERS = 1_000_000
_SEPARATORS = re.compile("[-\u2010\u2011\u2012–—\u2015−→、,，\\s]+")
_DOTS = re.compile(r"(?:[…⋯~～]|\.{2,}|·{2,})+")


class NotationError(Refusal):
    """A ring notation that cannot be read; the facts name the ring (from 1) and the piece."""


def parse(text: str) -> tuple[tuple[int, ...], ...]:
    """Point numbers of each ring, unclosed: the exterior, then the holes.

    >>> parse("2-3-…-10-2")
    ((2, 3, 4, 5, 6, 7, 8, 9, 10),)
    >>> parse("12-11-…-9-1-12;20-21-22-20")
    ((12, 11, 10, 9, 1), (20, 21, 22))
    """
    rings = re.split(r"[;；]", text)
    return tuple(_parse_ring(ring, place) for place, ring in enumerate(rings, start=1))


def _parse_ring(text: str, place: int) -> tuple[int, ...]:
    marked = _DOTS.sub(f"-{ELLIPSIS}-", text.strip().strip("()（）[]"))
    pieces = [piece for piece in _SEPARATORS.split(marked) if piece]
    numbers: list[int] = []
    counting = False
    for piece in pieces:
        if piece == ELLIPSIS:
            if not numbers or counting:
                raise NotationError("notation.dangling_ellipsis", ring=place, text=text)
            counting = True
            continue
        number = _number(piece, place)
        if counting:
            numbers.extend(_between(numbers[-1], number, place, text))
            counting = False
        numbers.append(number)
    if counting:
        raise NotationError("notation.dangling_ellipsis", ring=place, text=text)
    if len(set(numbers)) < 3:
        raise NotationError("notation.too_few", ring=place, text=text, count=len(set(numbers)))
    if numbers[0] != numbers[-1]:
        raise NotationError("notation.not_closed", ring=place, text=text, first=numbers[0], last=numbers[-1])
    return tuple(numbers[:-1])


def _number(piece: str, place: int) -> int:
    digits = unicodedata.normalize("NFKC", piece).upper().removeprefix("J")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise NotationError("notation.not_a_number", ring=place, piece=piece)
    return int(digits)


def _between(low: int, high: int, place: int, text: str) -> range:
    """The numbers that an ellipsis stands for, up or down; it must stand for at least one."""
    step = 1 if high > low else -1
    hidden = range(low + step, high, step)
    if not 0 < len(hidden) <= _MOST_NUMBERS:
        raise NotationError("notation.nothing_between", ring=place, text=text, first=low, last=high)
    return hidden


def show(rings: Sequence[Sequence[int]], *, brief: bool = False) -> str:
    """The closed notation of rings of point numbers; `brief` folds long runs as sheets do.

    >>> show([(1, 2, 3), (7, 8, 9)]), show([(2, 3, 4, 5, 6, 7, 8, 9, 10)], brief=True)
    ('1-2-3-1;7-8-9-7', '2-3-…-10-2')
    """
    return ";".join(_show_ring(ring, brief) for ring in rings)


def _show_ring(ring: Sequence[int], brief: bool) -> str:
    if not brief:
        return "-".join(map(str, (*ring, *ring[:1])))
    pieces: list[str] = []
    start = 0
    while start < len(ring):
        end = _run_end(ring, start)
        if end - start + 1 >= _SHORTEST_RUN:
            pieces += [str(ring[start]), str(ring[start + 1]), ELLIPSIS, str(ring[end])]
        else:
            pieces += [str(number) for number in ring[start : end + 1]]
        start = end + 1
    return "-".join((*pieces, *map(str, ring[:1])))


def _run_end(ring: Sequence[int], start: int) -> int:
    """Index of the last member of the run of consecutive numbers (up or down) that begins at `start`."""
    end = start
    step = 0
    while end + 1 < len(ring):
        ahead = ring[end + 1] - ring[end]
        if ahead not in (1, -1) or (step and ahead != step):
            break
        step = ahead
        end += 1
    return end


def polygon_from(text: str, points: Mapping[int, Point]) -> Polygon:
    """The polygon that a notation draws over numbered points.

    >>> polygon_from("1-2-3-1", {1: (0, 0), 2: (4, 0), 3: (0, 4)}).exterior
    ((0, 0), (4, 0), (0, 4))
    """
    rings = tuple(_ring(numbers, points, place) for place, numbers in enumerate(parse(text), start=1))
    return Polygon(rings[0], rings[1:])


def _ring(numbers: Sequence[int], points: Mapping[int, Point], place: int) -> Ring:
    for number in numbers:
        if number not in points:
            raise NotationError("notation.unknown_point", ring=place, number=number)
    return tuple(points[number] for number in numbers)
