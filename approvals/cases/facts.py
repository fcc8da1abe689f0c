"""The facts that the system states in an act (`approvals.computed`): each computed here, under the locks of the act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from approvals import queries
from approvals.cases.acting import Acting
from approvals.cases.asking import kept_consent
from approvals.cases.checking import (
    authority_of,
    consents_asked,
    digest_of,
    file_report,
    grade_left,
    offices_asked,
)
from approvals.cases.fees import first_bill
from approvals.cases.filing import filed_now
from approvals.cases.seas import register_right, term_of
from approvals.cases.store import names_in_book
from approvals.templates import Record
from data.answers import Refusal
from data.clock import recorded_at

CONSENT = "consent_digest"
Compute = Callable[[Acting], Any]
COMPUTED: dict[str, Compute] = {}


def computes(compute: Compute) -> Compute:
    """Register a computation under its function's name, which is the fact's."""
    COMPUTED[compute.__name__] = compute
    return compute


def system_facts(acting: Acting, records: Mapping[str, Record]) -> dict[str, Any]:
    """The facts of an act that the system states, computed in the order of the template."""
    told = {name: COMPUTED[name](acting) for name, record in records.items() if record.by_system}
    return {name: value for name, value in told.items() if value is not None}


def stated_facts(acting: Acting, records: Mapping[str, Record]) -> dict[str, Any]:
    """The facts that the person states. A digest is that of a file on the case's file, or of free words of the act.

    Refused are facts that only the system states, and digests of files that are not on the file.
    """
    told = dict(acting.asked.facts)
    for name, record in records.items():
        if record.by_system and name in told:
            raise Refusal("act.fact_by_system", act=acting.asked.name, fact=name)
    if CONSENT in records and CONSENT not in told:
        if acting.role == "asked":
            # Answered in the portal or by the link: the record of the answer itself is the paper.
            told[CONSENT] = kept_consent(acting)
            return told
        if "consent" in acting.asked.texts:
            # Words of the window's are no word of the party's: it records what lies before it on paper.
            raise Refusal("act.consent_wants_scan", act=acting.asked.name)
    for name, record in records.items():
        words = name.removesuffix("_digest")
        if record.type != "hash" or record.by_system or name == words:
            continue
        if words in acting.asked.texts and name not in told:
            told[name] = _digest_of_words(acting, acting.asked.texts[words])
        elif name in told:
            _demand_on_file(acting, name, str(told[name]))
    return told


def _digest_of_words(acting: Acting, words: str) -> str:
    """Salted with the case's salt: nobody can try sentences against what the event shows."""
    return hashlib.sha256(acting.case.row.salt + words.encode()).hexdigest()


def _demand_on_file(acting: Acting, name: str, digest: str) -> None:
    on_file = {each.digest.partition(":")[2] for each in queries.materials_on_file(acting.session, acting.case.row.id)}
    if digest not in on_file:
        raise Refusal("act.file_not_on_case", act=acting.asked.name, fact=name, digest=digest)


@computes
def form_digest(acting: Acting) -> str:
    return filed_now(acting).form_digest


@computes
def materials_digest(acting: Acting) -> str:
    return filed_now(acting).materials_digest


@computes
def boundary_hash(acting: Acting) -> str:
    if acting.case.row.boundary_hash is None:
        raise Refusal("case.no_boundary", case=acting.case.number)
    return acting.case.row.boundary_hash


@computes
def rules_hash(acting: Acting) -> str:
    return acting.works.book.hash


@computes
def report_digest(acting: Acting) -> str:
    report = acting.report
    file_report(acting.session, acting.case, report, "acceptance", recorded_at(acting.session))
    return digest_of(report)


@computes
def found_grade(acting: Acting) -> str:
    return acting.report.grade.word


@computes
def needs_consent(acting: Acting) -> list[str]:
    return list(consents_asked(acting.session, acting.report))


@computes
def offices(acting: Acting) -> list[str]:
    always = acting.inquiry.ask("consultation.offices").value
    return list(offices_asked(acting.report, tuple(always or ())))


@computes
def competent_authority(acting: Acting) -> str | None:
    found = authority_of(acting.report)
    return str(found.facts["place"]) if found else None


@computes
def computed_authority(acting: Acting) -> str | None:
    found: str | None = competent_authority(acting)
    return found


@computes
def authority(acting: Acting) -> str:
    """The government for which the approver acts: the computed one where a post of theirs is there or everywhere, else their own."""
    computed = competent_authority(acting)
    posts = sorted((place for role, place in acting.works.actor.posts if role == acting.role), key=str)
    held = [
        names_in_book(acting.session, place, acting.works.book, acting.today)[-1]
        for place in posts
        if place is not None and place in acting.chain
    ]
    if computed in held or (computed is not None and None in posts):
        return str(computed)
    return held[-1] if held else "–"


@computes
def check_grade(acting: Acting) -> str:
    """The grade that is left; the report by which the act was judged is filed with the case."""
    purpose = "registration" if "parcel_code" in acting.records else "decision"
    file_report(acting.session, acting.case, acting.report, purpose, recorded_at(acting.session))
    return grade_left(acting.session, acting.case, acting.report).word


@computes
def term_first(acting: Acting) -> str:
    return term_of(acting.case)[0].isoformat()


@computes
def term_last(acting: Acting) -> str:
    return term_of(acting.case)[1].isoformat()


@computes
def notice_first(acting: Acting) -> str | None:
    notice = queries.notice_of(acting.session, acting.case.row.id)
    return notice.first.isoformat() if notice else None


@computes
def notice_last(acting: Acting) -> str | None:
    notice = queries.notice_of(acting.session, acting.case.row.id)
    return notice.last.isoformat() if notice else None


@computes
def owed_yuan(acting: Acting) -> str | None:
    """What the first bill asks for; None while a rate is unknown, and then the guard stops the bill and says what is missing."""
    acting.sheet = first_bill(acting)
    return str(acting.sheet.total_yuan) if acting.sheet.total_yuan is not None else None


@computes
def bill_number(acting: Acting) -> str:
    return acting.numbers["bill"]


@computes
def parcel_code(acting: Acting) -> str | None:
    return register_right(acting).parcel_code


@computes
def unit_code(acting: Acting) -> str | None:
    return register_right(acting).unit_code
