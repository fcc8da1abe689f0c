"""The law on the draft itself: its term, who approves it, the stop of reclamation, its own faults, and the fee beside.

Everything comes from the rule book, asked for the draft's place and the case's dates; what the book cannot say is not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from data.rulebook import CodeList, Inquiry
from marine.authority import Part, decide_authority
from marine.fees import FeeUnit, fee
from marine.findings import Finding, Grade, Severity
from marine.spaces import layer_names
from marine.terms import judge_term
from parcels.checks.places import Whereabouts, in_book
from parcels.checks.report import NotJudged
from parcels.checks.subject import Subject


@dataclass(frozen=True, slots=True)
class Law:
    """Findings that enter the grade, what could not be judged, and the fee as a side datum."""

    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    fee: Finding | None


def judge_law(
    subject: Subject,
    where: Whereabouts,
    inquiry: Inquiry,
    *,
    parts: Sequence[Part] = (),
    national_project: bool = False,
) -> Law:
    """Term, authority, reclamation, the draft's own faults, fee. `parts` are the earlier parts of the same project."""
    findings: list[Finding] = list(own_faults(subject, inquiry))
    missing: list[NotJudged] = list(_missing_options(subject))
    for judged in (_term(subject, inquiry), _authority(subject, where, inquiry, parts, national_project)):
        findings += judged[0]
        missing += judged[1]
    price, unpriced = _fee(subject, where, inquiry)
    return Law(tuple(findings), (*missing, *unpriced), price)


def _missing_options(subject: Subject) -> list[NotJudged]:
    """Options without which a whole judgement falls away."""
    missing = []
    if subject.draft.use_type is None:
        missing.append(NotJudged(code="not_judged.type", option="--type"))
    if None in subject.modes:
        at = [number for number, mode in enumerate(subject.modes, 1) if mode is None]
        missing.append(NotJudged(code="not_judged.mode", facts={"units": at}, option="--mode"))
    if not subject.has_dates:
        missing.append(NotJudged(code="not_judged.dates", option="--from"))
    return missing


def own_faults(subject: Subject, inquiry: Inquiry) -> list[Finding]:
    """What is wrong with the draft by itself: unknown codes, an end before the beginning, heights upside down."""
    draft, codes = subject.draft, inquiry.book.codes
    faults: list[Finding] = []
    if draft.use_type is not None and not _is_leaf(codes["use_types"], draft.use_type):
        faults.append(_fault("own.type_unknown", value=draft.use_type))
    for mode in sorted({mode for mode in subject.modes if mode and not _is_leaf(codes["use_modes"], mode)}):
        faults.append(_fault("own.mode_unknown", value=mode))
    first, last = draft.held or (None, None)
    if first is not None and last is not None and last < first:
        faults.append(_fault("own.dates_reversed", **{"from": first, "to": last}))
    heights = draft.heights
    if heights and heights.low is not None and heights.high is not None and not heights.low < heights.high:
        faults.append(_fault("own.heights_reversed", low=heights.low, high=heights.high))
    return [*faults, *draft.findings]


def _is_leaf(codes: CodeList, value: str) -> bool:
    """Whether a code is one that can be chosen: no heading of others."""
    return value in codes and not codes.children(value)


def _fault(code: str, **facts: object) -> Finding:
    return Finding(code=code, grade=Grade.CONFLICT, severity=Severity.BLOCKS, facts=facts)


Judged = tuple[list[Finding], list[NotJudged]]


def _term(subject: Subject, inquiry: Inquiry) -> Judged:
    """The asked term against the longest lawful one of the use type (海域使用管理法 art. 25)."""
    first, last = subject.draft.held or (None, None)
    if subject.draft.use_type is None or first is None or last is None or last < first:
        return [], []
    if not _is_leaf(inquiry.book.codes["use_types"], subject.draft.use_type):
        return [], []
    told = judge_term(inquiry, subject.draft.use_type, first, last)
    if told.code == "term.not_judged":
        return [], [NotJudged(code="not_judged.term_rule", facts=told.facts)]
    return [told], []


def _authority(
    subject: Subject, where: Whereabouts, inquiry: Inquiry, parts: Sequence[Part], national_project: bool
) -> Judged:
    """Who approves, the project's earlier parts summed in; and the stop of reclamation, which needs no place."""
    known = [mode for mode in subject.modes if mode and _is_leaf(inquiry.book.codes["use_modes"], mode)]
    if len(known) < len(subject.modes):
        return _stop_alone(known, inquiry, national_project), []
    places = _places(where, inquiry, subject.today)
    if places is None:
        # Outside every known sea area nobody is competent; `not_judged.place` says so already.
        nowhere = [] if not where.areas else [_place_unknown(where)]
        return _stop_alone(known, inquiry, national_project), nowhere
    asked = [
        Part(mode=mode, hectares=area * Decimal(repr(share)), place=place)
        for mode, area, held in zip(known, subject.draft.boundary.unit_areas, places, strict=True)
        for place, share in held
    ]
    decided = decide_authority([*asked, *parts], inquiry, national_project=national_project)
    findings = [_named(finding, inquiry) for finding in decided.findings if finding.code != "authority.not_judged"]
    if decided.level is not None:
        return findings, []
    facts = {"least": decided.least, "level": decided.least, "lacking": list(decided.missing)}
    return findings, [NotJudged(code="not_judged.authority_rule", facts=facts)]


def _place_unknown(where: Whereabouts) -> NotJudged:
    """The draft lies in the sea of a place that the rule book does not know, or partly in none."""
    own = where.areas[0].chain[-1]
    return NotJudged(code="not_judged.place_unknown", facts={"place_zh": own.name_zh, "place_en": own.name_en})


def _places(where: Whereabouts, inquiry: Inquiry, day: date) -> list[list[tuple[str, float]]] | None:
    """For each unit the rule book's places that hold it and their shares; None if some unit is nowhere, or in no place it knows."""
    found = []
    for unit in where.units:
        named = [(in_book(place, inquiry.book, day), share) for place, share in unit]
        held = [(name, share) for name, share in named if name is not None]
        if not held or len(held) < len(named):
            return None
        found.append(held)
    return found


def _named(finding: Finding, inquiry: Inquiry) -> Finding:
    """The same finding with the names of the place that it tells by its code."""
    place = finding.facts.get("place")
    if place is None:
        return finding
    named = inquiry.book.places[place]
    return replace(finding, facts={**finding.facts, "place_zh": named.zh, "place_en": named.en})


def _stop_alone(modes: Sequence[str], inquiry: Inquiry, national_project: bool) -> list[Finding]:
    """The stop of reclamation for a draft whose place or some mode is unknown."""
    rule = inquiry.ask("reclamation.stop")
    stopped = [mode for mode in dict.fromkeys(modes) if rule.value is not None and mode in rule.value["modes"]]
    if not stopped or (national_project and "national_project" in rule.value["except"]):
        return []
    return [
        Finding(
            code="reclamation.stopped",
            grade=Grade.CONFLICT,
            facts={"modes": tuple(stopped), "except": rule.value["except"], "goes_to": None},
            basis=(rule.source,),
        )
    ]


def _fee(subject: Subject, where: Whereabouts, inquiry: Inquiry) -> tuple[Finding | None, list[NotJudged]]:
    """The sea-use fee for the asked days, a side datum: an unknown rate never stands in the way of "fits"."""
    first, last = subject.draft.held or (None, None)
    known = [mode for mode in subject.modes if mode and _is_leaf(inquiry.book.codes["use_modes"], mode)]
    places = _places(where, inquiry, subject.today)
    if first is None or last is None or last < first or len(known) < len(subject.modes) or places is None:
        return None, []
    # A unit pays by the grade of the place that holds most of it.
    units = [
        FeeUnit(mode=mode, hectares=area, layers=_layers(subject), place=held[0][0])
        for mode, area, held in zip(known, subject.draft.boundary.unit_areas, places, strict=True)
    ]
    sheet = fee(units, places[0][0][0], first, inquiry=inquiry, end=last)
    basis = tuple(dict.fromkeys(source for line in sheet.lines for source in line.basis))
    if sheet.total_yuan is None:
        lacking = list(sheet.missing) + [name for name, _ in sheet.choices]
        return None, [NotJudged(code="not_judged.fee", facts={"lacking": lacking}, required=False)]
    facts = {"total_yuan": Decimal(sheet.total_yuan), "from": first, "to": last}
    return Finding(code="fee.total", facts=facts, basis=basis), []


def _layers(subject: Subject) -> tuple[str, ...]:
    return layer_names(subject.layers) if subject.draft.layered else ()
