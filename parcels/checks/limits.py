"""What the rule book says to every check alike: tolerances, layer pairs, cells; asked once for a book, a day and a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from data.rulebook import Inquiry, RuleBook
from marine.findings import Source
from marine.overlaps import ForbiddenPair, Tolerance
from marine.spaces import Layer

TOLERANCES = {
    "within": "boundary.tolerance.within_m",
    "resurvey": "boundary.tolerance.resurvey_m",
    "touch_gap": "boundary.tolerance.touch_m",
    "rounding": "boundary.tolerance.rounding_m",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Metres, modes and types as plain values, and the sources behind them by rule id."""

    tolerance: Tolerance
    forbidden: tuple[ForbiddenPair, ...]
    types_never_layered: frozenset[str]
    excluded_modes: frozenset[str]
    zone_accuracy_least: float
    sources: Mapping[str, Source]


_INQUIRIES: dict[tuple[Any, ...], tuple[Inquiry, Iterator[int]]] = {}
# An inquiry remembers every number of hectares that it was asked about: after so many checks a fresh one takes its place.
_USES = 500


def inquiry_for(book: RuleBook, dates: Mapping[str, date], place: tuple[str, ...], today: date) -> Inquiry:
    """An inquiry that remembers what it was asked; checks of one day, place and first day of use share it for a while."""
    key = (book.hash, tuple(dates.values()), place, today)
    kept = _INQUIRIES.get(key)
    if kept is not None and next(kept[1]) < _USES:
        return kept[0]
    if len(_INQUIRIES) >= _MOST_KEPT:
        _INQUIRIES.clear()
    found = book.inquire(dates=dates, place=place, today=today)
    _INQUIRIES[key] = (found, count())
    return found


_KEPT: dict[tuple[Any, ...], Limits] = {}
_MOST_KEPT = 512


def limits_for(inquiry: Inquiry) -> Limits:
    """The limits in force for an inquiry; the same book, day and place are asked once per process."""
    key = (inquiry.book.hash, tuple(sorted(inquiry.dates.items())), inquiry.place, inquiry.today)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _asked(inquiry)
    return _KEPT[key]


def _asked(inquiry: Inquiry) -> Limits:
    sources: dict[str, Source] = {}

    def value(rule: str, **keys: Any) -> Any:
        answer = inquiry.ask(rule, **keys)
        sources[rule] = answer.source
        return answer.value

    tolerance = Tolerance(**{name: float(value(rule)) for name, rule in TOLERANCES.items()})
    pairs = tuple(_forbidden_pair(entry) for entry in value("layers.never_together") or ())
    # What a sea-use right is (法2): exclusive, and in all four layers unless it names them.
    value("use.occupies_by_default")
    modes = [code.code for code in inquiry.book.codes["use_modes"].leaves()]
    return Limits(
        tolerance=tolerance,
        forbidden=pairs,
        types_never_layered=frozenset(value("layers.never_with_type") or ()),
        excluded_modes=frozenset(mode for mode in modes if value("use.mode_changes_nature", mode=mode)),
        zone_accuracy_least=float(value("boundary.zone_accuracy_least_m")),
        sources=sources,
    )


def _forbidden_pair(entry: Mapping[str, Any]) -> ForbiddenPair:
    """Two modes that never lie over each other, in whatever layers."""
    one, other = entry["modes"]
    return ForbiddenPair(
        layers=Layer.ALL,
        other_layers=Layer.ALL,
        modes=(one,),
        other_modes=(other,),
        reason=f"layers.never_together.{entry['ground']}",
    )
