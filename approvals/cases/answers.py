"""The answers of a case's form as rows: loaded, sealed where they are personal numbers, prefilled from what is known.

Co-holders answer the fields of their section for themselves: `field@2`, `field@3` … (`approvals.forms`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import rfc8785
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from approvals import queries
from approvals.cases.store import Opened, Works
from approvals.cases.use import boundary_of
from approvals.dictionary import Form, FormField, forms
from approvals.forms import Answer, name_of, prefill, repeats, split_name
from approvals.models import Case, CaseAnswer
from approvals.profiles import profile_of
from approvals.queries import HolderRow
from data.clock import legal_day
from data.messages import text
from data.rulebook import RuleBook
from marine.boundary import Boundary
from marine.coordinates import dms
from marine.findings import Finding, Severity
from parcels.checks.report import CheckReport
from parcels.drafts import ParcelDraft
from parcels.parties import PartyKeys

SEALED_TYPES = frozenset({"identifier", "person_id"})
PURPOSE = "case_answer"
# The kinds of identity paper that the form names, by the schemes under which parties are kept.
ID_KINDS = {"uscc": "uscc", "id18": "id_card", "id15": "id_card", "passport": "passport", "hmt_permit": "hmt_permit"}


def form_of(case: Opened) -> Form:
    """The form of the case's matter."""
    return forms()[case.state.template]


def load(session: Session, case: Opened, keys: PartyKeys) -> dict[str, Answer]:
    """Every answer of the case, sealed ones opened."""
    found = {}
    for row in queries.answers_of(session, case.row.id):
        value = row.value if row.sealed is None else keys.open_text(PURPOSE, row.sealed)
        found[name_of(row.field, row.holder)] = Answer(
            value, row.source, row.verified_on, row.verified_by, row.entered_by, row.recorded_at
        )
    return found


def project_named(session: Session, row: Case) -> str | None:
    """The name of the case's project; before filing makes one, what its form says so far."""
    if row.project_id is not None:
        return queries.project_name(session, row.project_id)
    typed = session.get(CaseAnswer, (row.id, *split_name("project_name")))
    return str(typed.value) if typed and typed.value else None


def put(session: Session, case: Opened, name: str, answer: Answer, works: Works, at: datetime) -> None:
    """Write one answer in the place of the earlier one; None as its value takes the answer out."""
    field, holder = split_name(name)
    row = session.get(CaseAnswer, (case.row.id, field, holder))
    if answer.value is None:
        if row is not None:
            session.delete(row)
        return
    sealed = form_of(case).fields[field].type in SEALED_TYPES
    values: dict[str, Any] = {
        "value": None if sealed else answer.value,
        "sealed": works.keys.seal_text(PURPOSE, str(answer.value)) if sealed else None,
        "source": answer.source,
        "verified_on": answer.verified_on,
        "verified_by": answer.verified_by,
        "entered_by": works.actor.person if answer.source == "typed" else None,
        "recorded_at": at,
    }
    if row is None:
        session.add(CaseAnswer(case_id=case.row.id, field=field, holder=holder, **values))
        return
    for column, value in values.items():
        setattr(row, column, value)
    # True and 1 are one value in Python and two in JSON: the row is written whatever the comparison says.
    flag_modified(row, "value")


def form_digest(case: Opened, answers: Mapping[str, Answer]) -> str:
    """The salted digest of the form as it stands: its version and every answer, in canonical JSON.

    The salt keeps anybody from trying identity numbers against a digest that an event shows (register.md §7).
    """
    form = form_of(case)
    told = {name: answer.value for name, answer in answers.items()}
    content: dict[str, Any] = {"form": form.form, "hash": form.hash, "salt": case.row.salt.hex(), "answers": told}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def known_of(
    session: Session,
    case: Opened,
    holders: list[HolderRow],
    draft: ParcelDraft | None,
    report: CheckReport | None,
    works: Works,
) -> dict[str, Answer]:
    """What the form need not ask: from profiles, project, geometry and the system itself."""
    form = form_of(case)
    today = legal_day(works.now)
    sources: dict[str, Mapping[str, Answer]] = {
        "system": _of_system(case, form),
        "geometry": _of_geometry(case, draft, report, works.book) if draft is not None else {},
        "project_code": _of_project(session, case),
    }
    found: dict[str, Answer] = {}
    everybody: list[HolderRow | None] = [*holders] or [None]
    for holder in everybody:
        profile = _of_profile(session, holder, form, works.keys, today) if holder else {}
        known = prefill(form, {**sources, "profile": profile})
        number = holder.ordinal if holder else 1
        for field, answer in known.items():
            if number == 1 or repeats(form, form.fields[field]):
                found[name_of(field, number)] = answer
    return found


def _of_system(case: Opened, form: Form) -> dict[str, Answer]:
    title = case.template.title
    told = {"scenario": text("form.scenario", "zh", title=title.zh), "certificate": "electronic_single"}
    return {name: Answer(value, "system") for name, value in told.items() if name in form.fields}


def _of_profile(session: Session, holder: HolderRow, form: Form, keys: PartyKeys, today: date) -> dict[str, Answer]:
    """A party's verified facts; its name and identifier count as verified with them, for they are what was verified."""
    found: dict[str, Answer] = {}
    for field, fact in profile_of(session, holder.party_id, keys=keys).items():
        found[field] = Answer(fact.value, "profile", fact.verified_on, fact.verified_by)
    days = [answer.verified_on for answer in found.values() if answer.verified_on]
    if not days:
        return {}
    by = next(answer.verified_by for answer in found.values() if answer.verified_on)
    found.setdefault("applicant_name", Answer(holder.name, "profile", min(days), by))
    identifier = queries.identifier_of_party(session, holder.party_id, today)
    if identifier is not None and identifier.ciphertext is not None and identifier.scheme in ID_KINDS:
        number = keys.open(identifier.scheme, identifier.ciphertext)
        found.setdefault("id_kind", Answer(ID_KINDS[identifier.scheme], "profile", min(days), by))
        found.setdefault("id_number", Answer(number, "profile", min(days), by))
    return {name: answer for name, answer in found.items() if name in form.fields}


def _of_project(session: Session, case: Opened) -> dict[str, Answer]:
    if case.row.project_id is None:
        return {}
    facts = queries.facts_of_project(session, case.row.project_id)
    return {field: Answer(value, "project_code") for field, value in facts.items()}


def _of_geometry(case: Opened, draft: ParcelDraft, report: CheckReport | None, book: RuleBook) -> dict[str, Answer]:
    boundary = draft.boundary
    uses = (case.row.use or {}).get("unit_uses", ())
    modes = book.codes["use_modes"]
    told: dict[str, Any] = {
        "units": [
            {**drawn, "use": uses[at] if at < len(uses) and uses[at] else modes[drawn["mode"]].zh}
            for at, drawn in _drawn_units(boundary, draft.unit_modes)
        ],
        "area": f"{boundary.area:.4f}",
        "points": boundary.hash,
        "location": _location(draft, report),
    }
    if report is not None:
        told["shoreline"] = _shoreline(report.findings)
    return {name: Answer(value, "geometry") for name, value in told.items()}


def _drawn_units(boundary: Boundary, modes: Iterable[str | None]) -> Iterator[tuple[int, dict[str, str]]]:
    """Mode and hectares of each unit that has a mode, with its place among the units."""
    for at, (mode, area) in enumerate(zip(modes, boundary.unit_areas, strict=True)):
        if mode is not None:
            yield at, {"mode": mode, "hectares": f"{area:.4f}"}


def not_as_drawn(case: Opened, answers: Mapping[str, Answer]) -> tuple[Finding, ...]:
    """Typed units whose modes or hectares are not those of the parcel drawn; of a unit only the specific use is free words."""
    told, use = answers.get("units"), case.row.use
    if told is None or told.source != "typed" or use is None:
        return ()
    drawn = [unit for _, unit in _drawn_units(boundary_of(use["boundary"]), use["modes"])]
    rows = told.value if isinstance(told.value, list) else []
    field = form_of(case).fields["units"]
    facts = {"field": "units", "label": f"{field.label.zh} / {field.label.en}"}
    if len(rows) != len(drawn):
        return (
            Finding(code="form.units_drawn", severity=Severity.BLOCKS, facts={**facts, "row": "", "count": len(drawn)}),
        )
    return tuple(
        Finding(code="form.unit_drawn", severity=Severity.BLOCKS, facts={**facts, "row": row, **unit})
        for row, (typed, unit) in enumerate(zip(rows, drawn, strict=True), 1)
        if not isinstance(typed, Mapping) or any(typed.get(name) != value for name, value in unit.items())
    )


def _location(draft: ParcelDraft, report: CheckReport | None) -> str:
    """Where it lies in words: the places that the check found, and the middle of its box."""
    west, south, east, north = draft.boundary.bounds
    middle = f"{dms((south + north) // 2, decimals=0)}N {dms((west + east) // 2, decimals=0)}E"
    places = "、".join(dict.fromkeys(_places(report.findings if report else ())))
    return text("form.location", "zh", place=places, middle=middle) if places else middle


def _places(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        if finding.code == "place.within":
            yield str(finding.facts["place_zh"])


def _shoreline(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Metres of natural and of artificial shoreline occupied, two decimals as the form asks."""
    lengths = {"natural": Decimal(0), "artificial": Decimal(0)}
    for finding in findings:
        kind = finding.facts.get("shoreline")
        if kind in lengths:
            lengths[kind] += Decimal(str(finding.facts["length_m"]))
    return {kind: f"{length:.2f}" for kind, length in lengths.items()}


def field_of(case: Opened, name: str) -> FormField | None:
    """The field of an answer's name; None where the form has none or has it for one holder only, and for a name written otherwise."""
    field, holder = split_name(name)
    form = form_of(case)
    told = form.fields.get(field)
    if told is None or name != name_of(field, holder) or (holder > 1 and not repeats(form, told)):
        return None
    return told
