"""Parcel codes (宗海代码, 19 characters) and real-estate unit codes (不动产单元代码, 28), GB/T 37346-2019."""

from __future__ import annotations

import re
from dataclasses import dataclass

ATTACHED = {"W": "no attached object", "F": "building or structure", "L": "trees", "Q": "other"}
PARCEL_LENGTH, UNIT_LENGTH = 19, 28
_GROUPS = (6, 6, 7, 9)
_PARCEL = re.compile(
    r"(?P<county>[0-9]{6})(?P<zone>[0-9]{3})(?P<subzone>[0-9]{3})(?P<owner>[GJZ])(?P<kind>[A-Z])(?P<sequence>[0-9]{5})"
)
_OBJECT = re.compile(r"(?P<feature>[FLQW])(?P<number>[0-9]{8})")


class CodeError(ValueError):
    """A code that cannot be; `code` names the message, `facts` say where it fails."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class SeaCode:
    """The parts of a code: `kind` is H (sea-area parcel) or G (uninhabited island); `feature` is None in a parcel code."""

    county: str
    zone: str
    subzone: str
    kind: str
    sequence: int
    feature: str | None = None
    object_number: int | None = None

    @property
    def parcel_code(self) -> str:
        """The first 19 characters; the sea is the State's, so the thirteenth is G."""
        return f"{self.county}{self.zone}{self.subzone}G{self.kind}{self.sequence:05d}"

    @property
    def unit_code(self) -> str | None:
        """All 28 characters, where the attached object is known."""
        return None if self.feature is None else f"{self.parcel_code}{self.feature}{self.object_number or 0:08d}"


def parcel_code(county: str, zone: str, subzone: str, sequence: int) -> str:
    """The code of a sea-area parcel.

    >>> parcel_code("371082", "001", "002", 17)
    '371082001002GH00017'
    """
    _digits("county", county, 6)
    _digits("zone", zone, 3)
    _digits("subzone", subzone, 3)
    if not 1 <= sequence <= 99_999:
        raise CodeError("code.sequence", sequence=sequence)
    return SeaCode(county, zone, subzone, "H", sequence).parcel_code


def unit_code(parcel: str, feature: str = "W", number: int = 0) -> str:
    """The code of a real-estate unit on a parcel; W (no attached object) always has the number 0.

    >>> unit_code("371082001002GH00017")
    '371082001002GH00017W00000000'
    """
    if feature not in ATTACHED:
        raise CodeError("code.feature", feature=feature)
    if (feature == "W") != (number == 0) or not 0 <= number <= 99_999_999:
        raise CodeError("code.object_number", feature=feature, number=number)
    found = parse(parcel)
    if found.feature is not None:
        raise CodeError("code.length", length=UNIT_LENGTH)
    return f"{found.parcel_code}{feature}{number:08d}"


def display(code: str) -> str:
    """A code in its printed groups of 6, 6, 7 and 9.

    >>> display("371082001002GH00017W00000000")
    '371082 001002 GH00017 W00000000'
    """
    compact = _compact(code)
    parts, at = [], 0
    for length in _GROUPS:
        parts.append(compact[at : at + length])
        at += length
    return " ".join(part for part in parts if part)


def parse(code: str) -> SeaCode:
    """The parts of a parcel or unit code of the sea, spaces allowed; raises CodeError saying what is wrong.

    >>> parse("371082 001002 GH00017").sequence
    17
    """
    compact = _compact(code)
    if len(compact) not in (PARCEL_LENGTH, UNIT_LENGTH):
        raise CodeError("code.length", length=len(compact))
    parcel = _PARCEL.fullmatch(compact[:PARCEL_LENGTH])
    if parcel is None:
        raise CodeError("code.form", at=_first_wrong(compact))
    if parcel["owner"] != "G":
        raise CodeError("code.owner", owner=parcel["owner"])
    if parcel["kind"] not in "HG":
        raise CodeError("code.kind", kind=parcel["kind"])
    if int(parcel["sequence"]) == 0:
        raise CodeError("code.sequence", sequence=0)
    found = (parcel["county"], parcel["zone"], parcel["subzone"], parcel["kind"], int(parcel["sequence"]))
    if len(compact) == PARCEL_LENGTH:
        return SeaCode(*found)
    attached = _OBJECT.fullmatch(compact[PARCEL_LENGTH:])
    if attached is None:
        raise CodeError("code.form", at=_first_wrong(compact))
    number = int(attached["number"])
    if (attached["feature"] == "W") != (number == 0):
        raise CodeError("code.object_number", feature=attached["feature"], number=number)
    return SeaCode(*found, attached["feature"], number)


def _compact(code: str) -> str:
    return "".join(code.split()).upper()


def _digits(name: str, text: str, length: int) -> None:
    if len(text) != length or not (text.isascii() and text.isdigit()):
        raise CodeError("code.digits", part=name, text=text, length=length)


def _first_wrong(compact: str) -> int:
    """Number (from 1) of the first character that cannot stand where it stands."""
    pattern = "9" * 12 + "AA" + "9" * 5 + "A" + "9" * 8
    for number, (wanted, found) in enumerate(zip(pattern, compact, strict=False), start=1):
        fits = found.isascii() and (found.isdigit() if wanted == "9" else found.isalpha())
        if not fits or (number == 13 and found not in "GJZ") or (number == 20 and found not in ATTACHED):
            return number
    return len(compact)
