"""What one check judges with: the draft, what lies near it, where it is, the rules for that place, and what the asker may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import Inquiry, RuleBook
from marine.spaces import Spaces
from parcels.checks import disclosure
from parcels.checks.limits import Limits, inquiry_for, limits_for
from parcels.checks.places import COUNTRY, Whereabouts, locate
from parcels.checks.report import Judged, NotJudged
from parcels.checks.rights import Band, Opposed, against_rights, bands, capped, spaces_of, spaces_of_draft
from parcels.checks.shoreline import on_land
from parcels.checks.sources import Gathered, gather, gather_again, gather_in
from parcels.checks.subject import Subject, grown_by
from parcels.checks.versions import CaseDates, Layering, governing
from parcels.checks.zones import Demand, against_zones, demands
from parcels.drafts import ParcelDraft
from parcels.queries import Box
from parcels.queries.occupations import Neighbour, rights_with_layering_papers, unaudited_runs
from parcels.queries.zones import Memory, kilometres_offshore


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One check's inputs; everything that is derived from them is derived once."""

    session: Session
    memory: Memory
    subject: Subject
    asker: Actor
    book: RuleBook
    dates: CaseDates
    exempt_rights: frozenset[int] = field(default_factory=frozenset)
    exempt_claims: frozenset[int] = field(default_factory=frozenset)
    judged: Judged | None = None

    @property
    def today(self) -> date:
        """The legal day of asking."""
        return self.subject.today

    def inquiry_at(self, place: Sequence[str]) -> Inquiry:
        """The rule book asked for the case's dates at a chain of places; fees go by the first day of the use."""
        first = (self.subject.draft.held or (None, None))[0]
        return inquiry_for(self.book, self.dates.plain(first or self.today), tuple(place), self.today)

    @cached_property
    def largest_cell(self) -> int:
        """Milliseconds: the side of the largest cell behind which anything hides; the same for the whole country."""
        return disclosure.cell_size(self.inquiry_at((COUNTRY,)), disclosure.OFFICER)

    @cached_property
    def gathered(self) -> Gathered:
        """What lies near; for a stored report, what lay near."""
        if self.judged:
            past = self.judged
            return gather_again(
                self.session,
                occupations=past.occupations,
                zones=past.zones,
                areas=past.areas,
                versions=(*past.layer_versions, *past.later_versions, *past.lapsed_versions),
            )
        return gather(
            self.session,
            self.memory,
            self.subject,
            self.largest_cell,
            exempt_rights=self.exempt_rights,
            exempt_claims=self.exempt_claims,
        )

    @cached_property
    def where(self) -> Whereabouts:
        """The draft's places."""
        return locate(self.subject, self.gathered.areas, limits_for(self.inquiry_at((COUNTRY,))), self.today)

    @cached_property
    def inquiry(self) -> Inquiry:
        """The rule book asked for the draft's own place."""
        return self.inquiry_at(self.where.codes(self.book, self.today))

    @cached_property
    def limits(self) -> Limits:
        """Tolerances and layer rules of the draft's place."""
        return limits_for(self.inquiry)

    @cached_property
    def layering(self) -> Layering:
        """The layer versions that govern, and the later ones."""
        if self.judged:
            past, versions = self.judged, self.gathered.versions
            return Layering(
                tuple(version for version in versions if version.id in past.layer_versions),
                tuple(version for version in versions if version.id in past.later_versions),
                tuple(version for version in versions if version.id in past.lapsed_versions),
            )
        return governing(self.gathered.versions, self.dates)

    @cached_property
    def sees_everything(self) -> bool:
        """Whether the asker may see true edges here."""
        return disclosure.sees_everything(self.asker, (place.id for place in self.where.chain))

    def shows(self, disclosed: str) -> bool:
        """Whether a source of this disclosure is judged by its true edge for this asker; what is sealed has none here."""
        return disclosed == disclosure.PUBLIC or (self.sees_everything and disclosed != disclosure.SEALED)

    @cached_property
    def visible_neighbours(self) -> tuple[Neighbour, ...]:
        """Rights and claims that the asker may see."""
        return tuple(row for row in self.gathered.neighbours if self.shows(row.disclosure))

    @cached_property
    def hidden_neighbours(self) -> tuple[Neighbour, ...]:
        """The others, as far as they share a month with the draft."""
        return tuple(
            row
            for row in self.gathered.neighbours
            if not self.shows(row.disclosure) and row.months & self.subject.months
        )

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Visible rows, those of one right that differ only in place taken together."""
        return tuple(bands(self.visible_neighbours))

    @cached_property
    def band_spaces(self) -> Spaces:
        """The bands as `marine.overlaps` reads them."""
        return spaces_of(self.bands, self.limits, self.cap)

    @cached_property
    def all_demands(self) -> tuple[tuple[Demand, ...], tuple[NotJudged, ...]]:
        """Every zone that concerns the draft by type, mode and days, seen or unseen."""
        found, unjudged = demands(self.subject, self.gathered.zones, self.layering.governing, self.inquiry)
        return tuple(found), tuple(unjudged)

    @cached_property
    def cap(self) -> float:
        """Metres: the most that a survey's accuracy counts here, by the distance offshore; asked only where it can matter."""
        limit = self.limits.tolerance.resurvey
        mine = self.subject.draft.accuracy
        theirs = [row.accuracy for row in self.visible_neighbours if row.accuracy is not None]
        distance: float | None = None
        if mine is not None and theirs and mine + max(theirs) > limit:
            shores = [version.id for version in self.layering.governing if version.kind == "shoreline"]
            distance = kilometres_offshore(self.session, self.subject.box, shores) if shores else None
        # An unknown distance counts as none: the nearest band allows least.
        return float(self.inquiry.ask("accuracy.cap", distance_km=distance or 0).value)

    @cached_property
    def papers(self) -> frozenset[int]:
        """The earlier rights whose layering papers name this very boundary."""
        if self.judged:
            return frozenset(self.judged.papers)
        layered = [band.first.right_id for band in self.bands if band.first.is_layered and band.first.right_id]
        if not self.subject.draft.layered or not layered:
            return frozenset()
        return rights_with_layering_papers(self.session, self.subject.draft.boundary.hash, layered)

    def opposed(self, draft: ParcelDraft) -> list[Opposed]:
        """Everything visible that the draft, or a remainder of it, stands against in the plane: rights, zones, land."""
        subject = self.subject if draft is self.subject.draft else Subject(draft=draft, today=self.today)
        found = [demand for demand in self.all_demands[0] if self.shows(demand.disclosure)]
        if subject is not self.subject:
            # What lies inside the draft meets a zone no more than the draft did; only what forbids has to be asked again.
            again = demands(subject, self.gathered.zones, self.layering.governing, self.inquiry)[0]
            found = [demand for demand in again if self.shows(demand.disclosure) and demand.effect == "forbid"]
        return [
            *self._against_rights(subject),
            *against_zones(found, self.limits, self.inquiry),
            *on_land(subject, self.gathered.zones, self.layering.governing, self.limits),
        ]

    @cached_property
    def audits(self) -> tuple[tuple[int, str], ...]:
        """Loads that brought a right near the draft and that nobody has audited: (run, name of its file)."""
        if self.judged:
            return self.judged.audits
        if not self.gathered.audits_pending:
            return ()
        rights = sorted({row.right_id for row in self.visible_neighbours if row.right_id is not None})
        return tuple(unaudited_runs(self.session, rights))

    @cached_property
    def search_km(self) -> float:
        """How far from the draft free sea is looked for."""
        return float(self.inquiry.ask("remedy.search_km").value)

    @cached_property
    def around(self) -> Gathered:
        """What lies within that distance; for a stored report, what lay there. Asked only where somebody wants to know."""
        if self.judged:
            past = self.judged
            return gather_again(
                self.session,
                occupations=past.around_occupations,
                zones=past.around_zones,
                areas=(),
                versions=past.layer_versions,
            )
        return gather_in(
            self.session,
            self.memory,
            self.subject,
            self.search_box,
            self.largest_cell,
            exempt_rights=self.exempt_rights,
            exempt_claims=self.exempt_claims,
        )

    @property
    def search_box(self) -> Box:
        """The draft's box grown by that distance (milliseconds of arc)."""
        return grown_by(self.subject, self.search_km)

    def past(self) -> Judged:
        """Everything that was looked at, seen or not, to be stored with the report."""
        around = self.__dict__.get("around")
        return Judged(
            occupations=tuple(row.id for row in self.gathered.neighbours),
            layer_versions=tuple(sorted(version.id for version in self.layering.governing)),
            later_versions=tuple(sorted(version.id for version in self.layering.newer)),
            lapsed_versions=tuple(sorted(version.id for version in self.layering.lapsed)),
            zones=tuple(zone.id for zone in self.gathered.zones),
            areas=tuple(area.id for area in self.gathered.areas),
            papers=tuple(sorted(self.papers)),
            audits=self.audits,
            around_occupations=tuple(row.id for row in around.neighbours) if around else (),
            around_zones=tuple(zone.id for zone in around.zones) if around else (),
        )

    def _against_rights(self, subject: Subject) -> list[Opposed]:
        if not self.bands:
            return []
        mine = spaces_of_draft(subject, self.limits, capped(subject.draft.accuracy, self.cap))
        return against_rights(subject, mine, self.bands, self.band_spaces, self.limits, papers=self.papers)

    @cached_property
    def sealed(self) -> tuple[Demand, ...]:
        """For an officer: the sealed areas that the draft lies in, for whose every use an office is asked; they have no edge here."""
        if not self.sees_everything:
            return ()
        size, draft = self.largest_cell, self.subject.geometry
        return tuple(
            demand
            for demand in self.all_demands[0]
            if demand.disclosure == disclosure.SEALED and len(disclosure.hit_cells(draft, [demand.zone.geometry], size))
        )

    def hidden(self) -> tuple[dict[str, list[Any]], list[Any]]:
        """Surfaces of hidden sources that concern the draft: by kind those told in outline, and those for offices only."""
        outlined: dict[str, list[Any]] = {}
        for_offices: list[Any] = []
        for kind, disclosed, geometry in self.hidden_sources():
            if disclosed == disclosure.OUTLINE:
                outlined.setdefault(kind, []).append(geometry)
            else:
                for_offices.append(geometry)
        return outlined, for_offices

    def hidden_sources(self) -> list[tuple[str, str, Any]]:
        """(kind, disclosure, surface) of everything that the asker may not see; a zone only where it demands something."""
        rows: Collection[Neighbour] = self.hidden_neighbours
        found: list[tuple[str, str, Any]] = [("claim", row.disclosure, row.geometry) for row in rows]
        found += [
            ("zone", demand.disclosure, demand.zone.geometry)
            for demand in self.all_demands[0]
            if not self.shows(demand.disclosure) and demand.effect != "inform" and demand not in self.sealed
        ]
        return found
