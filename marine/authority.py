"""Which government approves: by group of use modes, hectares of the whole project, and place (法18, 山东14–17, 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data.rulebook import Answer, Inquiry
from marine.findings import Finding, Grade, Source

LEVELS = ("county", "city", "province", "state")
LEVEL_OF_KIND = {
    "zone": "county",
    "district": "county",
    "county_city": "county",
    "city": "city",
    "province": "province",
    "nation": "state",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A use unit of a project: its mode, hectares and the id of the place it lies in; earlier parts of the project count too."""

    mode: str
    hectares: Decimal
    place: str


@dataclass(frozen=True, slots=True)
class GroupLevel:
    """One group of modes: hectares summed over the project, and the level that they need (None where nobody has said).

    `at_least` is certain even then: the level of the last smaller band that the law does settle.
    """

    group: str
    modes: tuple[str, ...]
    hectares: Decimal
    level: str | None
    at_least: str
    basis: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """Who approves: the level and the place whose government it is; None where the book cannot say, then see `missing`.

    `least` is the lowest level that is certain even so. `groups` are approved each by its own power where they are
    separate parcels; one parcel with several groups goes to the highest.
    """

    level: str | None
    place: str | None
    least: str | None
    groups: tuple[GroupLevel, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]


def decide_authority(parts: Sequence[Part], inquiry: Inquiry, *, national_project: bool = False) -> Authority:
    """Who approves these parts of one project, summed by group so that splitting changes nothing."""
    if not parts:
        raise ValueError("an authority needs at least one part")
    book = inquiry.book
    missing: dict[str, None] = {}
    places = tuple(dict.fromkeys(part.place for part in parts))
    common = book.places.common_superior(places)
    asked = inquiry.at(place=book.places.chain(common))
    groups = _groups(parts, asked, missing)
    across = LEVEL_OF_KIND[book.places[common].kind]
    certain = [group.level or group.at_least for group in groups] + [across]
    least = max(certain, key=LEVELS.index)
    stop = _reclamation(parts, asked, national_project)
    if stop and stop.facts["goes_to"]:
        least = str(stop.facts["goes_to"])
    level: str | None = least if all(group.level for group in groups) or least == "state" else None
    if least == "state":
        missing = {}
    if level == "county" and not _county_may(common, asked, missing):
        level = None
    place = government(inquiry, common, level) if level else None
    basis = tuple(dict.fromkeys(source for group in groups for source in group.basis))
    basis += _rules_behind(places, groups, asked)
    facts: dict[str, Any] = {"level": level, "place": place, "least": least, "missing": tuple(missing)}
    told = Finding(code="authority.decided" if level else "authority.not_judged", facts=facts, basis=basis)
    return Authority(level, place, least, groups, (told, stop) if stop else (told,), tuple(missing))


def government(inquiry: Inquiry, place: str, level: str) -> str:
    """The place at or above `place` whose government has this level; a development zone's is its district's.

    >>> from data.rulebook import packaged, on
    >>> from datetime import date
    >>> government(packaged().inquire(dates=on(date(2027, 1, 1))), "371072", "county")
    '371002'
    """
    for each in reversed(inquiry.book.places.chain(place)):
        kind = inquiry.book.places[each].kind
        if kind != "zone" and LEVEL_OF_KIND[kind] == level:
            return each
    raise ValueError(f"no government of level {level} at or above {place}")


def _groups(parts: Sequence[Part], asked: Inquiry, missing: dict[str, None]) -> tuple[GroupLevel, ...]:
    summed: dict[str, list[Part]] = {}
    sources: dict[str, Source] = {}
    for part in parts:
        told = asked.ask("authority.mode_group", mode=part.mode)
        group = str(told.value) if told.value is not None else f"mode_{part.mode}"
        if told.value is None:
            missing[f"authority.mode_group.{part.mode}"] = None
        summed.setdefault(group, []).append(part)
        sources[group] = told.source
    made = []
    for group, members in summed.items():
        hectares = sum((part.hectares for part in members), Decimal(0))
        modes = tuple(dict.fromkeys(part.mode for part in members))
        if group.startswith("mode_"):
            made.append(GroupLevel(group, modes, hectares, None, LEVELS[0], (sources[group],)))
            continue
        told = asked.ask("authority.level", mode_group=group, hectares=hectares)
        if told.value is None:
            missing[f"authority.level.{group}"] = None
        made.append(
            GroupLevel(group, modes, hectares, told.value, _at_least(told, hectares), (told.source, sources[group]))
        )
    return tuple(made)


def _at_least(told: Answer, hectares: Decimal) -> str:
    """The highest level named by a band that begins at or below these hectares; larger areas never go lower."""
    bands = told.fact.value or () if told.fact else ()
    levels = [str(band["value"]) for band in bands if band["value"] and band["from"] <= hectares]
    return max(levels, key=LEVELS.index, default=LEVELS[0])


def _county_may(common: str, asked: Inquiry, missing: dict[str, None]) -> bool:
    """Whether the county level of this place may approve; a district's power is set by its city (山东17)."""
    place = government(asked, common, "county")
    told = asked.ask("authority.county_power", place=place)
    if told.value is None:
        missing[f"authority.county_power.{place}"] = None
    return bool(told.value)


def _reclamation(parts: Sequence[Part], asked: Inquiry, national_project: bool) -> Finding | None:
    """The stop of reclamation: a conflict, or, for a national major project, the level to which it goes."""
    rule = asked.ask("reclamation.stop")
    if rule.value is None:
        return None
    stopped = tuple(dict.fromkeys(part.mode for part in parts if part.mode in rule.value["modes"]))
    if not stopped:
        return None
    facts: dict[str, Any] = {"modes": stopped, "except": rule.value["except"], "goes_to": None}
    if national_project and "national_project" in rule.value["except"]:
        facts["goes_to"] = rule.value["goes_to"]
        return Finding(code="reclamation.national_project", facts=facts, basis=(rule.source,))
    return Finding(code="reclamation.stopped", grade=Grade.CONFLICT, facts=facts, basis=(rule.source,))


def _rules_behind(places: tuple[str, ...], groups: tuple[GroupLevel, ...], asked: Inquiry) -> tuple[Source, ...]:
    """The rules that shaped the answer beside the bands: summing, several groups, several places."""
    rules = []
    if _has(asked, "authority.sum_parts"):
        rules.append("authority.sum_parts")
    if len(groups) > 1:
        rules.append("authority.one_parcel_several_groups")
    if len(places) > 1 and _has(asked, "authority.across_places"):
        rules.append("authority.across_places")
    return tuple(asked.ask(rule).source for rule in rules)


def _has(asked: Inquiry, rule: str) -> bool:
    return any(cell.place in asked.place for cell in asked.book.values(rule))
