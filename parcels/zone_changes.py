"""What a version would change before it is published: which uses of the sea would be newly hit, hit harder, milder, or freed.

Judged as the check judges (`parcels.checks.zones`): the effect of each zone on a use's type and mode, beyond the layer's accuracy.
Zones that are alike in both versions change nothing, so only what lies under the others is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from data.rulebook import Inquiry, RuleBook, on
from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.checks.limits import inquiry_for, limits_for
from parcels.checks.zones import STRICTNESS, Demand, compare, effect_on
from parcels.models import LayerVersion
from parcels.queries import in_milliseconds
from parcels.queries.layers import likeness, lines_of, occupations_under
from parcels.queries.zones import VersionRow, ZoneRow, versions_by_id, zones_by_id

MOST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of the sea: a unit of a right, a claim or a draft. `shape` is shapely in milliseconds of arc, days [first, until)."""

    kind: str
    key: str
    use_type: str | None
    use_mode: str | None
    first: date | None
    until: date | None
    shape: Any
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A use whose strictest effect differs between the version in force and the new one; zones as (identity, zh, en)."""

    use: Use
    before: str
    after: str
    zones: tuple[tuple[str, str, str], ...]
    overlap_m2: float

    @property
    def kind(self) -> str:
        """hit, harder, milder or freed."""
        if self.before == "none":
            return "hit"
        if self.after == "none":
            return "freed"
        return "harder" if STRICTNESS.index(self.after) > STRICTNESS.index(self.before) else "milder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The preview of a version: what it replaces, how many zones are new, gone or stay alike, and every use that it changes.

    `looked_at` is how many uses lie under zones that differ; `is_whole` is false where there were more than could be looked at.
    """

    first: date
    replaces: int | None
    zones_new: int
    zones_gone: int
    zones_alike: int
    looked_at: int
    is_whole: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One version's zones, with a tree over those that could concern anybody."""

    version: VersionRow
    zones: Sequence[ZoneRow]
    tree: Any

    @classmethod
    def of(cls, session: Session, version: int, ids: Sequence[int]) -> _Side:
        zones = zones_by_id(session, ids)
        return cls(versions_by_id(session, [version])[0], zones, shapely.STRtree([zone.geometry for zone in zones]))


def changes_of(
    session: Session, version: LayerVersion, *, drafts: Sequence[Use], book: RuleBook, today: date, most: int = MOST
) -> Changes:
    """Compare a version of zones with the one of its layer that is in force on its first day; `drafts` are uses not yet claimed."""
    first = max(version.valid.lower or today, today)
    old = _in_force(session, version, first)
    new_like, old_like = likeness(session, version.id), likeness(session, old) if old else {}
    alike = set(new_like.values()) & set(old_like.values())
    differing = [zone for like in (new_like, old_like) for zone, told in like.items() if told not in alike]
    rows = occupations_under(session, differing, first, most + 1) if differing else []
    uses = [*_uses(rows[:most]), *(use for use in drafts if use.until is None or use.until > first)]
    sides = [_Side.of(session, which, list(like)) for which, like in ((old, old_like), (version.id, new_like)) if which]
    inquiry = inquiry_for(book, on(first), ("cn",), today)
    found = [change for change in _judged(uses, sides, bool(old), inquiry, first) if change is not None]
    return Changes(
        first=first,
        replaces=next((line.number for line in lines_of(session) if line.id == old), None),
        zones_new=sum(like not in alike for like in new_like.values()),
        zones_gone=sum(like not in alike for like in old_like.values()),
        zones_alike=sum(like in alike for like in new_like.values()),
        looked_at=len(uses),
        is_whole=len(rows) <= most,
        changes=tuple(found),
    )


def _in_force(session: Session, version: LayerVersion, first: date) -> int | None:
    """The published version of the same layer that governs on the day, if there is one beside this one."""
    mine = next(line for line in lines_of(session) if line.id == version.id)
    others = [line for line in lines_of(session, mine.layer) if line.id != version.id]
    return next((line.id for line in others if line.phase(first) == "in_force"), None)


def _uses(rows: Sequence[Mapping[str, Any]]) -> list[Use]:
    if not rows:
        return []
    shapes = in_milliseconds([row["shape"] for row in rows])
    return [
        Use(
            kind="right" if row["standing"] == "registered" else "claim",
            key=row["parcel_code"] or row["register_number"] or row["legacy"] or row["case_number"] or f"#{row['id']}",
            use_type=row["use_type"],
            use_mode=row["use_mode"],
            first=row["held_from"],
            until=row["held_to"],
            shape=shape,
            facts={name: value for name, value in row.items() if name != "shape"},
        )
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _judged(
    uses: Sequence[Use], sides: Sequence[_Side], has_old: bool, inquiry: Inquiry, first: date
) -> list[Change | None]:
    """For each use the strictest effect before and after; None where they are the same."""
    told = [_strictest(uses, side, inquiry, first) for side in sides]
    before = told[0] if has_old else [("none", (), 0.0)] * len(uses)
    return [
        None
        if was[0] == now[0]
        else Change(use=use, before=was[0], after=now[0], zones=now[1] or was[1], overlap_m2=now[2] or was[2])
        for use, was, now in zip(uses, before, told[-1], strict=True)
    ]


def _strictest(uses: Sequence[Use], side: _Side, inquiry: Inquiry, first: date) -> list[tuple[str, Any, float]]:
    """Each use's strictest effect with the zones that have it and the largest overlap (m²)."""
    owners, demands = [], []
    for at, use in enumerate(uses):
        shapely.prepare(use.shape)
        for near in np.sort(side.tree.query(use.shape)):
            zone = side.zones[near]
            effect = _effect(use, zone, side.version, inquiry, first)
            if effect != "none":
                owners.append(at)
                demands.append(Demand(zone, side.version, effect, use.shape, use.shape, ()))
    found: list[tuple[str, Any, float]] = [("none", (), 0.0)] * len(uses)
    for at, demand, meeting in zip(owners, demands, compare(demands, limits_for(inquiry)), strict=True):
        if meeting.overlaps:
            found[at] = _stricter(found[at], demand, meeting.overlap_m2)
    return found


def _stricter(known: tuple[str, Any, float], demand: Demand, overlap_m2: float) -> tuple[str, Any, float]:
    named = (demand.zone.identity, demand.zone.name_zh, demand.zone.name_en)
    ahead = STRICTNESS.index(demand.effect) - STRICTNESS.index(known[0])
    if ahead > 0:
        return demand.effect, (named,), overlap_m2
    return (known[0], (*known[1], named), max(known[2], overlap_m2)) if ahead == 0 else known


def _effect(use: Use, zone: ZoneRow, version: VersionRow, inquiry: Inquiry, first: date) -> str:
    """What a zone demands of a use from a day on. A use of unknown type or mode counts as concerned: somebody must look."""
    start = max(first, use.first or first).toordinal()
    end = OPEN_TO if use.until is None else use.until.toordinal()
    if zone.held_from >= end or zone.held_to <= max(start, OPEN_FROM):
        return "none"
    if zone.use_types is not None and use.use_type is not None and use.use_type not in zone.use_types:
        return "none"
    if zone.use_modes is not None and use.use_mode is not None and use.use_mode not in zone.use_modes:
        return "none"
    return effect_on(use.use_type, zone, version, inquiry)[0]
