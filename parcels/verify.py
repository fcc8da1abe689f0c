"""Whether the register is what its events tell: rows of occupation, rights and their ends, and every boundary's own hash.

The event log proves itself in `data.verify`; here its bodies are replayed and compared with the tables, and each boundary is
measured again from its geometry (register.md §7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from marine.boundary import canonical_text
from marine.findings import Finding, Severity
from marine.polygons import Polygon
from parcels.queries import in_milliseconds
from parcels.queries import verify as queries


@dataclass
class Told:
    """What the events tell, gathered in their order."""

    opened: list[Sequence[int]] = field(default_factory=list)
    rights: list[Sequence[int]] = field(default_factory=list)
    closed: dict[int, datetime] = field(default_factory=dict)
    ended: dict[int, tuple[date, str]] = field(default_factory=dict)
    claims: dict[int, tuple[str, str]] = field(default_factory=dict)
    notes: dict[int, tuple[int, str]] = field(default_factory=dict)


def findings(session: Session) -> Iterator[Finding]:
    """Every difference between the events and the tables; none where all is well. Read one snapshot while others write."""
    told = Told()
    for number, kind, at, body in queries.telling_events(session):
        yield from _occupation(session, told, number, at, body.get("occupation") or {})
        yield from _rights(session, told, number, kind, body)
        _claims(told, kind, body)
        _notes(told, kind, body)
    yield from _ends(session, told)
    yield from _standings(session, told)
    yield from _boundaries(session)


def _occupation(session: Session, told: Told, event: int, at: datetime, body: Mapping[str, Any]) -> Iterator[Finding]:
    """The rows that an event opened still hold what it digested; those it closed are remembered."""
    for first, last in body.get("closed", ()):
        told.closed.update(dict.fromkeys(range(first, last + 1), at))
    opened = body.get("opened", ())
    if not opened:
        return
    told.opened.extend(opened)
    ids = [number for first, last in opened for number in range(first, last + 1)]
    absent = queries.absent_occupations(session, ids)
    for number in absent:
        yield _fault("verify.occupation_missing", id=number, event=event)
    if not absent and queries.occupation_digest(session, ids) != body["digest"]["value"]:
        yield _fault("verify.occupation_differs", event=event)


def _rights(session: Session, told: Told, event: int, kind: str, body: Mapping[str, Any]) -> Iterator[Finding]:
    """The rights that an event entered still hold what it digested; those it ended are remembered."""
    if kind == "right.ended":
        told.ended[body["right"]] = (date.fromisoformat(body["ended_on"]), body["how"])
    if kind == "right.registered":
        runs = [[body["right"], body["right"]]]
    elif kind == "rights.adopted":
        runs = body["rights"]
    else:
        return
    told.rights.extend(runs)
    ids = [number for first, last in runs for number in range(first, last + 1)]
    if ids and queries.right_digest(session, ids) != body["right_digest"]:
        yield _fault("verify.right_differs", event=event)


# What a claim stands at after an event of its case.
_STANDING = {
    "sea.claimed": "claimed",
    "sea.approved": "approved",
    "sea.registered": "registered",
}


def _claims(told: Told, kind: str, body: Mapping[str, Any]) -> None:
    """Each claim's standing and the hash of its boundary, as its last event tells."""
    if not kind.startswith("sea."):
        return
    standing, boundary = told.claims.get(body["claim"], ("", ""))
    standing = body["how"] if kind == "sea.freed" else _STANDING.get(kind, standing)
    told.claims[body["claim"]] = (standing, body.get("boundary", boundary))


def _notes(told: Told, kind: str, body: Mapping[str, Any]) -> None:
    """The notes that an act put on a right."""
    if kind in ("right.registered", "right.noted"):
        told.notes.update(dict.fromkeys(body.get("notes", ()), (body["right"], "layered")))


def _standings(session: Session, told: Told) -> Iterator[Finding]:
    """Claims stand where their events leave them, notes are there, and a right's parcel has the boundary that occupies the sea."""
    claims = queries.claims(session)
    for number in sorted(claims.keys() | told.claims.keys()):
        if claims.get(number) != told.claims.get(number):
            yield _fault("verify.claim_differs", id=number)
    notes = queries.layering_notes(session)
    for number in sorted(notes.keys() | told.notes.keys()):
        if notes.get(number) != told.notes.get(number):
            yield _fault("verify.note_differs", id=number)
    for number in queries.parcels_of_another_boundary(session):
        yield _fault("verify.parcel_boundary", id=number)


def _ends(session: Session, told: Told) -> Iterator[Finding]:
    """Nothing stands in the tables that no event told, and everything ended when its event says."""
    for number in queries.untold_occupations(session, told.opened):
        yield _fault("verify.occupation_unknown", id=number)
    closed = queries.closed_occupations(session)
    for number in sorted(closed.keys() | told.closed.keys()):
        if closed.get(number) != told.closed.get(number):
            yield _fault("verify.occupation_ends_differ", id=number)
    for number in queries.untold_rights(session, told.rights):
        yield _fault("verify.right_unknown", id=number)
    ended = queries.ended_rights(session)
    for number in sorted(ended.keys() | told.ended.keys()):
        if ended.get(number) != told.ended.get(number):
            yield _fault("verify.right_ending_differs", id=number)


def _boundaries(session: Session) -> Iterator[Finding]:
    """Every hash is that of its text, and every text that of its geometry."""
    for number, name, text, parcel, units in queries.hashed_boundaries(session):
        if _hash_of(text) != name:
            yield _fault("verify.boundary_hash", id=number)
        if _text_of(parcel, units) != text:
            yield _fault("verify.boundary_geometry", id=number)


def boundary_holds(session: Session, name: str) -> bool | None:
    """Whether every stored boundary that bears a hash still has the geometry that it names; None where none bears it."""
    found = queries.boundaries_named(session, name)
    if not found:
        return None
    return all(_hash_of(text) == name and _text_of(parcel, units) == text for _, text, parcel, units in found)


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("ascii", "replace")).hexdigest()


def _text_of(parcel: bytes, units: Sequence[bytes]) -> str:
    """The canonical text of stored geometries."""
    whole, *parts = (Polygon.from_shapely(shape) for shape in in_milliseconds([parcel, *units]))
    return canonical_text(whole, parts)


def _fault(code: str, **facts: Any) -> Finding:
    return Finding(code=code, severity=Severity.BLOCKS, facts=facts)
