"""An old right's values as the database can hold them: what it cannot hold is left out and told, so that no chunk fails on it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from marine.spaces import ALL_YEAR, Layer
from parcels.registering.requests import AdoptRequest

Inconsistency = dict[str, Any]
# The columns: hectares numeric(14, 4), accuracy numeric(8, 2), both metres and hectares of nothing on this earth.
MOST_HECTARES, MOST_ACCURACY_M = Decimal(10) ** 10, 10**6
_TEXTS = ("name", "register_number", "use_type", "use_mode", "specific_use")


def storable(request: AdoptRequest) -> tuple[AdoptRequest, list[Inconsistency]]:
    """The request without what no column can hold, and what was left out or replaced."""
    told: list[Inconsistency] = []
    changed: dict[str, Any] = {
        name: cleaned
        for name in _TEXTS
        if (value := getattr(request, name)) is not None and (cleaned := clean(value)) != value
    }
    identifiers = tuple((clean(scheme), clean(value)) for scheme, value in request.identifiers)
    if identifiers != request.identifiers:
        changed["identifiers"] = identifiers
    holders = tuple(
        replace(holder, name=clean(holder.name), number=clean(holder.number) if holder.number else holder.number)
        for holder in request.holders
    )
    if holders != request.holders:
        changed["holders"] = holders
    if changed:
        told.append({"code": "text.unreadable", "fields": sorted(changed)})
    told += _numbers(request, changed)
    return (replace(request, **changed) if changed else request), told


def clean(text: str) -> str:
    """A text without what PostgreSQL's text cannot hold (NUL, half a surrogate pair), each replaced by the sign for that.

    >>> clean("养殖"), clean("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    ('养殖', True)
    """
    if "\0" not in text and text.isascii():
        return text
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _numbers(request: AdoptRequest, changed: dict[str, Any]) -> list[Inconsistency]:
    told: list[Inconsistency] = []
    area, accuracy = request.area_registered, request.accuracy_m
    if area is not None and not (area.is_finite() and abs(area) < MOST_HECTARES):
        changed["area_registered"] = None
        told.append({"code": "number.out_of_range", "field": "area_registered", "value": str(area)})
    if accuracy is not None and not 0 <= accuracy < MOST_ACCURACY_M:
        changed["accuracy_m"] = None
        told.append({"code": "number.out_of_range", "field": "accuracy_m", "value": str(accuracy)})
    for name, every in (("layers", int(Layer.ALL)), ("months", ALL_YEAR)):
        bits = getattr(request, name)
        if bits and bits != bits & every:
            changed[name] = 0
            told.append({"code": "number.out_of_range", "field": name, "value": str(bits)})
    return told
