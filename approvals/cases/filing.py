"""Filing: what the applicant signed goes to the office. Names the project, sees to the conflict that the applicant must have read."""

from __future__ import annotations

from approvals.cases.acting import Acting, Filed
from approvals.cases.answers import load, project_named
from approvals.cases.checking import check_for_applicant, file_report, use_of
from approvals.cases.signing import demand_signature
from data.answers import Refusal
from data.clock import recorded_at
from marine.findings import Grade
from parcels.checks.serial import geometry_block
from parcels.models import Project, ProjectParty


def filed_now(acting: Acting) -> Filed:
    """File what was signed, once for an act: refused without a signature that binds it, or over a conflict nobody has read."""
    if acting.filed is None:
        _, what = demand_signature(acting.session, acting.case, acting.works)
        _name_project(acting)
        _see_to_conflicts(acting)
        row = acting.case.row
        if row.received_at is None:
            row.received_at = acting.works.now
        acting.filed = Filed(what.form_digest, what.materials_digest)
    return acting.filed


def _see_to_conflicts(acting: Acting) -> None:
    """The office must receive what is complete, conflict or not; but nobody files into a conflict without having been told."""
    report = check_for_applicant(acting.session, acting.case, use_of(acting.case), acting.works)
    against = [finding for finding in report.findings if finding.grade is Grade.CONFLICT]
    if against and not acting.asked.acknowledged:
        remedy = geometry_block(report.remedy.boundary, report.remedy.modes) if report.remedy else None
        raise Refusal("case.conflict_found", against, case=acting.case.number, count=len(against), remedy=remedy)
    file_report(acting.session, acting.case, report, "submission", recorded_at(acting.session))


def _name_project(acting: Acting) -> None:
    """Every case names a project: where none was known, it is made on filing from what the form says."""
    session, row = acting.session, acting.case.row
    if row.project_id is not None:
        return
    name = load(session, acting.case, acting.works.keys).get("project_name")
    project = Project(
        name=str(name.value) if name else acting.case.number, mark=row.mark, scope_place_id=row.scope_place_id
    )
    session.add(project)
    session.flush()  # the case and the party name the project's number
    if row.party_id is not None:
        session.add(ProjectParty(project_id=project.id, party_id=row.party_id))
    row.project_id = project.id


def project_of(acting: Acting) -> str:
    """The name of the case's project, empty while it has none."""
    return project_named(acting.session, acting.case.row) or ""
