"""Everything near a draft that a check looks at, fetched in two round trips; nothing is judged here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from parcels.checks.disclosure import grown_to_cells
from parcels.checks.subject import Subject
from parcels.queries import Box
from parcels.queries.occupations import Neighbour, neighbours, occupations_by_id
from parcels.queries.places import AreaRow, areas_by_id, whole_areas
from parcels.queries.zones import (
    Memory,
    Near,
    VersionRow,
    ZoneRow,
    near,
    published_versions,
    versions_by_id,
    whole_zones,
    zones_by_id,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Candidates by kind, and the catalogue of published layer versions."""

    neighbours: tuple[Neighbour, ...]
    zones: tuple[ZoneRow, ...]
    areas: tuple[AreaRow, ...]
    versions: tuple[VersionRow, ...]
    audits_pending: bool


def gather(
    session: Session,
    memory: Memory,
    subject: Subject,
    cell: int,
    *,
    exempt_rights: Collection[int] = (),
    exempt_claims: Collection[int] = (),
) -> Gathered:
    """All candidates of a draft; `cell` is the side in milliseconds of the largest cell behind which sources hide.

    Exempt are the right that the case renews or changes, and the case's own claim.
    """
    return gather_in(
        session, memory, subject, subject.box, cell, exempt_rights=exempt_rights, exempt_claims=exempt_claims
    )


def gather_in(
    session: Session,
    memory: Memory,
    subject: Subject,
    box: Box,
    cell: int,
    *,
    exempt_rights: Collection[int] = (),
    exempt_claims: Collection[int] = (),
) -> Gathered:
    """The same for any box, on the draft's days: what a search for free sea about the draft has to keep clear of."""
    hidden_box = grown_to_cells(box, cell)
    found, versions = _near(session, memory, box, hidden_box)
    start, end = subject.days
    # An end before the beginning is a fault that is told; no day is held, so nothing can be met.
    held = neighbours(session, box, hidden_box, start, end) if start < end else []
    return Gathered(
        neighbours=tuple(
            row for row in held if row.right_id not in exempt_rights and row.claim_id not in exempt_claims
        ),
        zones=tuple(whole_zones(session, memory, found.zones)),
        areas=tuple(whole_areas(session, memory, found.areas)),
        versions=versions,
        audits_pending=found.audits_pending,
    )


def gather_again(
    session: Session, *, occupations: Sequence[int], zones: Sequence[int], areas: Sequence[int], versions: Sequence[int]
) -> Gathered:
    """The candidates of a stored report by their ids; rows are never edited, so they are what they were."""
    return Gathered(
        neighbours=tuple(occupations_by_id(session, occupations)),
        zones=tuple(zones_by_id(session, zones)),
        areas=tuple(areas_by_id(session, areas)),
        versions=versions_by_id(session, versions),
        audits_pending=False,
    )


def _near(session: Session, memory: Memory, box: Box, hidden_box: Box) -> tuple[Near, tuple[VersionRow, ...]]:
    """What lies near by the catalogue in memory; where the catalogue has changed meanwhile it is read, and the question repeated."""
    found = near(session, box, hidden_box, _hiding(memory.versions))
    if memory.stamp == found.versions:
        return found, memory.versions
    memory.versions, memory.stamp = published_versions(session)
    return near(session, box, hidden_box, _hiding(memory.versions)), memory.versions


def _hiding(versions: tuple[VersionRow, ...]) -> list[int]:
    return [version.id for version in versions if version.hides]
