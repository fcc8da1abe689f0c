"""Papers as part of an act: what the case's file says is frozen in it, reserved under its number, and made by a job.

The act is complete and lawful before its paper exists (docs/cases.md#one-act); until then its standing is `making`. What a paper
tells of the check is what its applicant may know; the figures of the office stand in the report that is filed with the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from approvals import queries
from approvals.cases import answers
from approvals.cases.acting import Acting
from approvals.cases.checking import authority_of, check_for_paper, grade_told, use_of
from approvals.cases.filing import project_of
from approvals.cases.seas import term_of
from approvals.cases.views import clock_of_case
from approvals.dates import accepted_on, day_of
from approvals.effects import Effect
from approvals.models import CaseMaterial, Issuer
from approvals.papers.casefile import (
    AuthorityLine,
    BillLine,
    CaseFile,
    HolderLine,
    IssuerLine,
    MaterialLine,
    PlaceLine,
    ReceiptLine,
    RightLine,
    SigningLine,
)
from approvals.papers.issuers import issuer_for
from approvals.papers.kinds import content_of
from approvals.papers.reserving import new_code, reserve_document, void_documents
from data.clock import recorded_at
from marine.spaces import ALL_YEAR, Layer
from parcels.checks.report import CheckReport
from parcels.models import Place

DECISION = "decision"
# The papers that tell what the check found.
TELLING_FINDINGS = frozenset({DECISION, "refusal"})
# The fact of an act that is judged by the grade that is left; a refusal is not.
CHECK_GRADE = "check_grade"


def issue_paper(acting: Acting, effect: Effect) -> None:
    """Reserve one paper of the act under the number that was drawn for it; a job makes the file."""
    kind = str(effect.of)
    issuer = issuer_for(acting.session, acting.chain, acting.today)
    if kind in TELLING_FINDINGS:
        file = case_file(acting, issuer, check_for_paper(acting.session, acting.case, acting.works))
    else:
        file = acting.file = acting.file or case_file(acting, issuer, None)
    number, code = acting.numbers[kind], new_code()
    content = content_of(kind, file, number=number, code=code)
    document = reserve_document(
        acting.session,
        case=acting.case.row,
        kind=kind,
        content=content,
        number=number,
        code=code,
        issuer=issuer,
        template_hash=acting.case.template.hash,
        rules_hash=acting.works.book.hash,
        boundary_hash=acting.case.row.boundary_hash,
        form_digest=file.form_digest,
        keys=acting.works.keys,
        at=recorded_at(acting.session),
    )
    acting.documents.append(document)
    acting.jobs.append(Effect("paper", effect.step, kind, effect.key, {"document": document.id}))


def void_paper(acting: Acting, effect: Effect) -> None:
    """What the paper rested on was taken back: it is revoked."""
    void_documents(
        acting.session,
        acting.case.row.id,
        str(effect.of),
        acting.today,
        actor=acting.works.actor,
        at=recorded_at(acting.session),
    )


def case_file(acting: Acting, issuer: Issuer, told: CheckReport | None) -> CaseFile:
    """The case's file at this moment of the act; `told` is the check as the paper may tell it, None where it tells none."""
    session, case, row = acting.session, acting.case, acting.case.row
    draft = use_of(case)
    form_answers = answers.load(session, case, acting.works.keys)
    signing = queries.signing_in_force(session, row.id)
    timing = case.template.timing
    accepted = [task for task in case.state.current(timing.accepted_by) if task.status == "done"] if timing else []
    first, last = term_of(case)
    return CaseFile(
        number=case.number,
        template=case.template,
        state=case.state,
        on=acting.today,
        place=_place(acting),
        issuer=IssuerLine(zh=issuer.name_zh, en=issuer.name_en, signer=issuer.signer, is_builtin=issuer.is_builtin),
        book=acting.works.book,
        form=answers.form_of(case),
        answers=form_answers,
        marks=_marks(acting),
        holders=tuple(
            HolderLine(name=each.name, holding=each.holding, numerator=each.numerator, denominator=each.denominator)
            for each in queries.holders_of(session, row.id, acting.today)
        ),
        project=project_of(acting),
        boundary=draft.boundary,
        unit_modes=draft.unit_modes,
        unit_uses=tuple((row.use or {}).get("unit_uses", ())),
        use_type=draft.use_type,
        layers=int(draft.layers or Layer.ALL),
        heights=draft.heights,
        months=draft.months or ALL_YEAR,
        is_layered=draft.layered,
        first=first,
        last=last,
        received_on=day_of(case.state, timing.received_by) if timing else None,
        accepted_on=accepted_on(case.state, case.template),
        is_accepted_by_silence=any(task.role == "system" for task in accepted),
        decided_on=day_of(case.state, timing.decided_by) if timing else None,
        materials=tuple(_material(acting, each) for each in queries.materials_on_file(session, row.id)),
        signing=SigningLine(
            way=signing.way,
            signed_at=signing.signed_at,
            form_digest=signing.form_digest,
            boundary_hash=signing.boundary_hash,
            materials_digest=signing.materials_digest,
        )
        if signing is not None and signing.signed_at is not None
        else None,
        clock=clock_of_case(session, case, acting.works),
        authority=_authority(acting),
        findings=told.findings if told is not None else (),
        grade=grade_told(session, case, told) if told is not None and CHECK_GRADE in acting.records else None,
        bill=_bill(acting),
        right=_right(acting),
        decision_number=_decision_number(acting),
        act_facts=_act_facts(acting),
        items=acting.asked.items,
        ground=acting.asked.ground,
        texts=acting.asked.texts,
        rules_hash=acting.works.book.hash,
        form_digest=signing.form_digest if signing is not None else None,
    )


def _place(acting: Acting) -> PlaceLine:
    place_id = acting.case.row.scope_place_id
    if place_id is None:
        return PlaceLine(zh="", en="")
    place = acting.session.get_one(Place, place_id)
    code = queries.administrative_code(acting.session, place_id, acting.today)
    return PlaceLine(zh=place.name_zh, en=place.name_en, code=code)


def _material(acting: Acting, row: CaseMaterial) -> MaterialLine:
    """A file on the case's file under the title that the template gives its name; what it does not name keeps the file's."""
    steps = acting.case.template.steps.values()
    title = next((step.materials_in[row.name].title for step in steps if row.name in step.materials_in), None)
    return MaterialLine(
        name=row.name,
        zh=title.zh if title else row.title,
        en=title.en if title else row.title,
        file=row.title,
        digest=row.digest,
        provided_by=row.provided_by,
    )


def _marks(acting: Acting) -> dict[str, str]:
    """Computed answers that rest on sample layers bear their mark: the shoreline's length, the place."""
    found: dict[str, str] = {}
    for finding in acting.report.findings:
        field = (
            "shoreline"
            if finding.code.startswith("shoreline.")
            else "location"
            if finding.code == "place.within"
            else None
        )
        marks = [source.mark for source in finding.basis if source.mark == "sample"]
        if field is not None and marks:
            found[field] = str(marks[0])
    return found


def _authority(acting: Acting) -> AuthorityLine | None:
    found = authority_of(acting.report)
    if found is None:
        return None
    facts = found.facts
    return AuthorityLine(
        level=str(facts["level"]), zh=str(facts["place_zh"]), en=str(facts["place_en"]), basis=found.basis
    )


def _bill(acting: Acting) -> BillLine | None:
    bill = queries.bill_of(acting.session, acting.case.row.id)
    if bill is None:
        return None
    payers = {each.party_id: each.name for each in queries.holders_of(acting.session, acting.case.row.id, acting.today)}
    return BillLine(
        number=bill.number,
        payer=payers.get(bill.payer_id, ""),
        owed_yuan=bill.owed_yuan,
        first=bill.first,
        last=bill.last,
        lines=tuple(bill.lines),
        issued_on=bill.issued_on,
        receipts=tuple(
            ReceiptLine(kind=each.kind, number=each.number, yuan=each.yuan, moved_on=each.moved_on)
            for each in queries.receipts_of(acting.session, bill.id)
        ),
        exemption_number=acting.case.state.fact("exemption_number"),
    )


def _right(acting: Acting) -> RightLine | None:
    granted = acting.granted
    if granted is None or granted.right_id is None:
        return None
    return RightLine(
        right_id=granted.right_id,
        parcel_code=granted.parcel_code,
        unit_code=granted.unit_code,
        entered_on=acting.today,
        notes=("layered",) if granted.is_layered else (),
    )


def _decision_number(acting: Acting) -> str | None:
    """The number of the decision that stands: of this act, or of the earlier one that issued it."""
    if DECISION in acting.numbers:
        return acting.numbers[DECISION]
    valid = [each for each in queries.documents_of(acting.session, acting.case.row.id) if each.kind == DECISION]
    standing = [each for each in valid if each.standing in ("making", "valid")]
    return standing[-1].number if standing else None


def _act_facts(acting: Acting) -> Mapping[str, object]:
    """The facts of the act as they were recorded, those of the system included."""
    done = [
        task for task in acting.case.state.tasks if task.step == acting.asked.name.partition(".")[0] and task.outcome
    ]
    return dict(done[-1].facts) if done else dict(acting.asked.facts)
