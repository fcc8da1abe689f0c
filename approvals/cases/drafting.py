"""A case before it is filed: opened, its boundary set, its form filled field by field, its holders named.

Every change is one transaction and one event, counts the case's version up, and voids a signature that was given before.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases import answers as kept
from approvals.cases.checking import check_for_applicant
from approvals.cases.numbering import case_number
from approvals.cases.placing import handling_place
from approvals.cases.signing import void_signatures
from approvals.cases.store import Opened, Works, case_for, demand_editable, demand_version, record_events, save, touch
from approvals.cases.use import draft_of, use_as_plain
from approvals.dictionary import FormField
from approvals.engine import begin
from approvals.forms import ENTERED, Answer, entered, split_name
from approvals.library import packaged
from approvals.models import Case, CaseHolder
from approvals.state import State
from approvals.values import Wrong, fault_of
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.events import lock_streams
from data.keepable import unkept
from marine.findings import Finding, Severity
from parcels.checks.report import CheckReport
from parcels.drafts import ParcelDraft
from parcels.models import Party

SALT_BYTES = 32
MOST_HOLDERS = 50
# What of a unit somebody chooses; its area is the drawing's.
CHOSEN_OF_UNITS = ("modes", "unit_uses")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a case is opened with. `project_code` names a project that the project register knows."""

    template: str
    party_id: int
    draft: ParcelDraft
    unit_uses: tuple[str, ...] = ()
    project_code: str | None = None
    follows: str | None = None
    source_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A case after a change of its draft, and the check as the applicant may know it."""

    case: Opened
    report: CheckReport | None = None


def open_case(session: Session, new: NewCase, works: Works) -> Drafted:
    """Open a case on the newest template of its kind; whose it is and who opens it stand in its first event."""
    party = session.get(Party, new.party_id)
    if party is None:
        raise Refusal("case.party_unknown", party=new.party_id)
    template = packaged().newest(new.template)
    today = legal_day(works.now)
    place_id = handling_place(session, new.draft.boundary, today)
    if place_id is None:
        raise Refusal("case.no_place", hash=new.draft.boundary.hash)
    project_id = _project(session, new.project_code)
    follows = _followed(session, new.follows) if new.follows else None
    begun = begin(template, today)
    number = case_number(session, place_id, today)
    row = Case(
        number=number,
        template=template.template,
        template_version=template.version,
        template_hash=template.hash,
        state=begun.state.as_json(),
        version=0,
        party_id=new.party_id,
        project_id=project_id,
        opened_by=works.actor.person,
        follows_id=follows.row.id if follows else None,
        salt=secrets.token_bytes(SALT_BYTES),
        opened_at=works.now,
        mark=party.mark,
        scope_place_id=place_id,
    )
    session.add(row)
    session.flush()  # tasks, holders and answers name the case's id
    # The state before the first event is empty, so that every task becomes a row.
    empty = State(template=template.template, version=template.version, hash=template.hash)
    case = Opened(row, empty, template)
    session.add(CaseHolder(case_id=row.id, ordinal=1, party_id=new.party_id, holding="sole"))
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    save(session, case, begun, actor=works.actor, at=at)
    opening = {"party": new.party_id, "project": project_id, "place": place_id, "follows": new.follows}
    record_events(session, case, [Event("opened", opening)], actor=works.actor, at=at)
    return Drafted(case, _set_use(session, case, new.draft, new.unit_uses, new.source_digest, works, at))


def _followed(session: Session, number: str) -> Opened:
    """The case that is filed anew: over, for while it runs its own sea and its own steps are not given up."""
    followed = case_for(session, number)
    if followed.state.ended is None:
        raise Refusal("case.follows_running", case=number)
    return followed


def _project(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    project = queries.project_by_code(session, code)
    if project is None:
        raise Refusal("case.project_unknown", code=code)
    return project.id


def set_use(
    session: Session,
    number: str,
    draft: ParcelDraft,
    works: Works,
    *,
    version: int | None = None,
    unit_uses: Sequence[str] = (),
    source_digest: str | None = None,
) -> Drafted:
    """Give the case another boundary, or another use of it; what geometry tells of the form is filled anew."""
    case, at = _editing(session, number, works, version)
    row = case.row
    row.scope_place_id = handling_place(session, draft.boundary, legal_day(works.now)) or row.scope_place_id
    report = _set_use(session, case, draft, unit_uses, source_digest, works, at)
    touch(row)
    return Drafted(case, report)


def _set_use(
    session: Session,
    case: Opened,
    draft: ParcelDraft,
    unit_uses: Sequence[str],
    source_digest: str | None,
    works: Works,
    at: datetime,
) -> CheckReport:
    row = case.row
    before = row.use or {}
    row.use = use_as_plain(draft, unit_uses=unit_uses, source_digest=source_digest)
    row.boundary_hash = draft.boundary.hash
    void_signatures(session, case, "boundary", at)
    report = check_for_applicant(session, case, draft, works)
    told = {"boundary": draft.boundary.hash, "area_ha": draft.boundary.area, "grade": report.grade.word}
    record_events(session, case, [Event("use_set", told)], actor=works.actor, at=at)
    first, last = draft.held or (None, None)
    typed = {
        "use_type": draft.use_type,
        "term": {"from": first.isoformat(), "to": last.isoformat()} if first and last else None,
    }
    _prefill(session, case, draft, report, works, at)
    for name, value in typed.items():
        _put_typed(session, case, name, value, works, at)
    if any(_chosen(before.get(name)) != _chosen(row.use[name]) for name in CHOSEN_OF_UNITS):
        # Areas come with the drawing; modes and specific uses somebody has chosen, so the form counts the field.
        _tell_entered(session, case, "units", works, at)
    return report


def _chosen(of_units: Sequence[str | None] | None) -> list[str | None]:
    """What was chosen of each unit; where nothing was chosen of any, the same as where there are no units yet."""
    return list(of_units) if of_units and any(of_units) else []


def _prefill(
    session: Session, case: Opened, draft: ParcelDraft | None, report: CheckReport | None, works: Works, at: datetime
) -> None:
    """Write what is known; what the applicant has typed into an editable field stays, unless the drawing says otherwise."""
    present = kept.load(session, case, works.keys)
    holders = queries.holders_of(session, case.row.id, legal_day(works.now))
    otherwise = {each.facts["field"] for each in kept.not_as_drawn(case, present)}
    for name, answer in kept.known_of(session, case, holders, draft, report, works).items():
        standing = present.get(name)
        if standing is not None and standing.source == "typed" and name not in otherwise:
            continue
        if standing != answer:
            kept.put(session, case, name, answer, works, at)


def fill(
    session: Session, number: str, values: Mapping[str, Any], works: Works, *, version: int | None = None
) -> tuple[Opened, tuple[Finding, ...]]:
    """Save what was typed, field by field; a wrong value is saved too and told, so that nothing typed is lost.

    Refused are only fields that nobody may type, and what cannot be kept as it came. `term` and `use_type` are part of the
    use: it changes with them. What stands there already is no change: a signature goes on binding it, and the version that was
    read does not matter, so that a request whose answer was lost can be sent again.
    """
    case, at = _editing(session, number, works, None)
    present = kept.load(session, case, works.keys)
    if not all(_same(value, present[name].value if name in present else None) for name, value in values.items()):
        demand_version(case, version)
    holders = len(queries.holders_of(session, case.row.id, legal_day(works.now)))
    faults: list[Finding] = []
    changed = False
    for name, value in values.items():
        field = _typed_field(case, name, value, holders)
        scheme = _scheme_of(field.scheme, name, values, present)
        wrong = fault_of(field, value, scheme, works.book.codes) if value is not None else None
        if wrong:
            faults.append(_fault(field, name, wrong))
        if _put_typed(session, case, name, value, works, at):
            changed = True
            if not wrong:
                _follow_use(case, name, value)
    if changed:
        _draw_back(session, case, values, works, at)
        void_signatures(session, case, "form", at)
        touch(case.row)
    standing = kept.load(session, case, works.keys)
    drawn = (each for each in kept.not_as_drawn(case, standing) if each.facts["field"] in values)
    return case, (*faults, *drawn)


def _draw_back(session: Session, case: Opened, values: Mapping[str, Any], works: Works, at: datetime) -> None:
    """Where something typed over the drawing was taken out, what the drawing tells comes back."""
    fields, emptied = kept.form_of(case).fields, [name for name, value in values.items() if value is None]
    if case.row.use is not None and any(fields[split_name(name)[0]].source == "geometry" for name in emptied):
        draft = draft_of(case.row.use)
        _prefill(session, case, draft, check_for_applicant(session, case, draft, works), works, at)


def _typed_field(case: Opened, name: str, value: Any, holders: int) -> FormField:
    """The field of a typed answer; refused where nobody may type into it, or where the value cannot be kept as it came."""
    field = kept.field_of(case, name)
    if field is None or split_name(name)[1] > holders:
        raise Refusal("form.no_such_field", field=name, label=name, row="")
    label = f"{field.label.zh} / {field.label.en}"
    if not (field.source in ("typed", "profile", "project_code") or field.editable):
        raise Refusal("form.wrong_source", field=name, label=label, row="", source="typed")
    if (lost := unkept(value)) is not None:
        raise Refusal("form.not_kept", field=name, label=label, row="", at=lost.at)
    return field


def _fault(field: FormField, name: str, wrong: Wrong) -> Finding:
    told = {"field": name, "label": f"{field.label.zh} / {field.label.en}", "row": wrong.row, "count": wrong.count}
    return Finding(code=wrong.code, severity=Severity.BLOCKS, facts=told)


def _scheme_of(scheme: str | None, name: str, values: Mapping[str, Any], present: Mapping[str, Answer]) -> Any:
    if scheme is None:
        return None
    other = name.replace(split_name(name)[0], scheme, 1)
    return values.get(other, present[other].value if other in present else None)


def _put_typed(session: Session, case: Opened, name: str, value: Any, works: Works, at: datetime) -> bool:
    """Write one typed answer, and say whether it is another than stood there."""
    present = kept.load(session, case, works.keys).get(name)
    if _same(value, present.value if present else None):
        return False
    kept.put(session, case, name, Answer(value, "typed"), works, at)
    if value is not None and (present is None or present.source != "typed"):
        _tell_entered(session, case, name, works, at)
    return True


def _same(one: Any, other: Any) -> bool:
    """Whether two answers are the same JSON; in Python true would equal 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _tell_entered(session: Session, case: Opened, name: str, works: Works, at: datetime) -> None:
    """Record that an answer was entered, never what; by the applicant it counts among the form's figures."""
    by = "applicant" if case.row.party_id in works.actor.acts_for else "officer"
    event = entered(kept.form_of(case), split_name(name)[0], by=by)
    record_events(session, case, [Event(ENTERED, {**event.body, "answer": name})], actor=works.actor, at=at)


def _follow_use(case: Opened, name: str, value: Any) -> None:
    """Type and term stand in the form and in the use that the check judges: one control, one fact, once it is a fact."""
    use = case.row.use
    if use is None:
        return
    if name == "use_type":
        case.row.use = {**use, "type": value}
    if name == "term":
        term = value or {}
        case.row.use = {**use, "from": term.get("from"), "to": term.get("to")}


@dataclass(frozen=True, slots=True)
class HolderShare:
    """A holder to be with its part; `holding` is sole, joint or shares."""

    party_id: int
    holding: str = "sole"
    numerator: int | None = None
    denominator: int | None = None


def set_holders(
    session: Session, number: str, shares: Sequence[HolderShare], works: Works, *, version: int | None = None
) -> Opened:
    """Name who is to hold the right, the applicant first; shares must make a whole."""
    case, at = _editing(session, number, works, version)
    _judge_shares(session, case, shares)
    session.execute(delete(CaseHolder).where(CaseHolder.case_id == case.row.id))
    for ordinal, share in enumerate(shares, 1):
        session.add(
            CaseHolder(
                case_id=case.row.id,
                ordinal=ordinal,
                party_id=share.party_id,
                holding=share.holding,
                share_numerator=share.numerator,
                share_denominator=share.denominator,
            )
        )
    session.flush()  # the form is prefilled from the holders
    for name in kept.load(session, case, works.keys):
        if split_name(name)[1] > len(shares):
            kept.put(session, case, name, Answer(None, "typed"), works, at)
    _prefill(session, case, None, None, works, at)
    void_signatures(session, case, "holders", at)
    told = [[share.party_id, share.holding, share.numerator, share.denominator] for share in shares]
    record_events(session, case, [Event("holders_set", {"holders": told})], actor=works.actor, at=at)
    touch(case.row)
    return case


def _judge_shares(session: Session, case: Opened, shares: Sequence[HolderShare]) -> None:
    parties = [share.party_id for share in shares]
    if not shares or len(shares) > MOST_HOLDERS or parties[0] != case.row.party_id or len(set(parties)) < len(parties):
        raise Refusal("case.holders", most=MOST_HOLDERS)
    unknown = [party for party in parties if not queries.party_exists(session, party)]
    if unknown:
        raise Refusal("case.party_unknown", party=unknown[0])
    kinds = {share.holding for share in shares}
    alone = len(shares) == 1
    if len(kinds) > 1 or alone != (kinds == {"sole"}):
        raise Refusal("case.holding_kinds")
    if kinds != {"shares"} and any(share.numerator or share.denominator for share in shares):
        raise Refusal("case.no_shares_here")
    if kinds == {"shares"} and not _is_whole(shares):
        raise Refusal("case.shares_not_whole")


def _is_whole(shares: Sequence[HolderShare]) -> bool:
    parts = [
        Fraction(share.numerator, share.denominator)
        for share in shares
        if share.numerator and share.denominator and share.numerator > 0 and share.denominator > 0
    ]
    return len(parts) == len(shares) and sum(parts) == 1


def _editing(session: Session, number: str, works: Works, version: int | None) -> tuple[Opened, datetime]:
    """The case locked for a change of what is not filed yet, and the instant of the change."""
    case = case_for(session, number, lock=True)
    demand_version(case, version)
    demand_editable(case)
    lock_streams(session, [case.stream])
    return case, recorded_at(session)
