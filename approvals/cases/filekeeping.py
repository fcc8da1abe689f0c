"""Files put on a case's file and taken off it: by the applicant while the case is editable, by officers while it runs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from approvals.cases.signing import SCAN, void_signatures
from approvals.cases.store import (
    Opened,
    Works,
    case_for,
    demand_editable,
    demand_version,
    is_editable,
    place_chain,
    touch,
)
from approvals.engine import possible_acts
from approvals.materials import add_material, withdraw_material
from approvals.models import CaseMaterial
from approvals.sniffing import MediaKind
from data.answers import Refusal
from data.clock import recorded_at
from data.events import lock_streams

OFFICERS = ("window", "reviewer", "approver", "registrar")


def names_of_materials(case: Opened) -> frozenset[str]:
    """The names under which a file may be put on the case's file: materials of its steps, and facts of acts that are files."""
    template = case.template
    materials = {name for step in template.steps.values() for name in step.materials_in}
    records = [
        *(outcome.records for step in template.steps.values() for outcome in step.outcomes.values()),
        *(act.records for act in template.acts.values()),
    ]
    facts = {
        name.removesuffix("_digest")
        for told in records
        for name, record in told.items()
        if record.type == "hash" and name.endswith("_digest") and not record.by_system
    }
    return frozenset(materials | facts | {SCAN})


def put_on_file(
    session: Session,
    number: str,
    name: str,
    filename: str,
    content: bytes,
    kind: MediaKind,
    works: Works,
    *,
    version: int | None = None,
) -> CaseMaterial:
    """Put a file on the case's file. What the applicant adds voids a signature given before; what an office adds does not."""
    case = case_for(session, number, lock=True)
    demand_version(case, version)
    if name not in names_of_materials(case):
        raise Refusal("act.material_unknown", act="file", names=name)
    if case.state.ended and not possible_acts(case.state, case.template):
        raise Refusal("act.case_ended", act="file", end=case.state.ended)
    by_office = any(works.actor.holds(role, place_chain(session, case)) for role in OFFICERS)
    if not by_office and not _may_supply(case):
        demand_editable(case)
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    row = add_material(
        session,
        case.row,
        name,
        filename,
        content,
        provided_by="office" if by_office and not is_editable(case) else "applicant",
        actor=works.actor,
        at=at,
        kind=kind,
    )
    # Bytes that stood there already change nothing that was signed.
    if row.recorded_at == at and row.provided_by == "applicant" and name != SCAN:
        void_signatures(session, case, "materials", at)
    touch(case.row)
    return row


def _may_supply(case: Opened) -> bool:
    """Whether a step is open in which the applicant brings papers without signing anew (supplements after acceptance)."""
    steps = (case.template.steps[task.step] for task in case.state.open_tasks())
    return any(
        "enterprise" in (step.role, *step.also) and any(o.takes_materials for o in step.outcomes.values())
        for step in steps
    )


def take_off_file(
    session: Session, number: str, material_id: int, works: Works, *, version: int | None = None
) -> CaseMaterial:
    """Withdraw a file of the applicant's while the case is editable; its bytes and its row stay."""
    case = case_for(session, number, lock=True)
    demand_version(case, version)
    demand_editable(case)
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    row = withdraw_material(session, case.row, material_id, actor=works.actor, at=at)
    if row.provided_by != "applicant":
        raise Refusal("material.of_the_office", material=material_id)
    void_signatures(session, case, "materials", at)
    touch(case.row)
    return row
