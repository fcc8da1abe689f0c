"""The page of the one form: at most three screens on which what is known is shown, what is not is asked, and all of it is signed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.casework import seen
from api.gates import act
from api.people.queries import names_of
from api.portal.casefile import check_block, head_of
from api.portal.casefile import materials as files_of
from api.portal.charts import case_chart
from api.portal.form_parts import beside, materials, signature
from api.portal.form_parts.faults import Fault, faults_of
from api.portal.form_parts.fields import Around, Told, day_after, fields_told
from api.portal.form_parts.review import documents
from api.portal.shell import InShell, Shell
from api.schemas.people import acted_for_json
from approvals.authorising import parties_of
from approvals.cases import oneform, views
from approvals.cases.signing import judge_form
from approvals.cases.store import Opened
from approvals.clock import CaseClock

router = APIRouter(include_in_schema=False)
SCRIPT_TEXTS = ("portal.form.js.", "page.comma")
MAP_SIZE = (348, 170)
# The own boundary fills half of the small picture; neighbours are seen where they are near.
MAP_ROOM = 0.4


@router.get("/cases/{number}/form")
@act("case.form.see")
def one_form(number: str, shell: InShell, step: Annotated[int, Query(ge=1, le=3)] = 1) -> Response:
    """One screen of the form; once it was filed, what was signed."""
    case = seen(shell.session, number, "case.form.see", shell.works)
    page = _page(shell, case, step)
    boot = {"case": number, "version": case.row.version, "may": page["may"], "act": page["act"]}
    template = "form/form.html" if page["may"]["fill"] else "form/filed.html"
    return shell.show(template, script_texts=SCRIPT_TEXTS, boot={"form": boot}, **page)


def _page(shell: Shell, case: Opened, step: int) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    layout = oneform.lay_out(session, case, works)
    inquiry = oneform.inquiry_of(session, case, works)
    check = check_block(session, case, works, lang)
    predicted = oneform.forecast(session, case, works)
    clock: CaseClock = views.clock_of_case(session, case, works)
    faults = faults_of(layout, judge_form(session, case, layout.answers, works), lang)
    fields = fields_told(
        Around(
            layout=layout,
            inquiry=inquiry,
            limit=oneform.term_limit(layout, inquiry),
            use=case.row.use,
            faults=faults,
            starts=day_after(predicted.finish, shell.today),
            number=case.number,
            lang=lang,
        )
    )
    for name, mark in beside.sample_marks(check).items():
        fields[name]["mark"] = mark
    _name_typists(shell, layout, fields)
    asked = oneform.items_to_correct(case)
    files = files_of(session, case, works)
    screen = layout.screens[min(step, len(layout.screens)) - 1]
    return {
        "head": _head(shell, case, fields),
        "may": signature.may(case, works, session),
        "act": _act(shell, case, asked),
        "meter": layout.meter,
        "screens": _steps(layout, faults, screen),
        "screen": screen,
        "fields": fields,
        "computed": beside.computed_of(check, lang),
        "faults": faults,
        "correct": asked,
        "documents": documents(layout, fields, case.template.template, lang),
        "sections": {name: getattr(title, lang) for name, title in layout.form.sections.items()},
        "materials": materials.rows(case, layout, files, asked, lang),
        "scans": materials.scans(files),
        "taken": materials.taken(lang),
        "signing": signature.standing(session, case, works) if case.row.boundary_hash else None,
        "finish": beside.finish(clock, predicted),
        "check": check,
        "map": case_chart(
            session,
            case.row.use,
            lang,
            shell.today,
            findings=check["findings"] if check else (),
            size=MAP_SIZE,
            room=MAP_ROOM,
        ),
        "parties": _parties(shell, case),
    }


def _head(shell: Shell, case: Opened, fields: dict[str, Told]) -> Told:
    """The head of the case, named as the form names its project before a project is made of it."""
    head = head_of(shell.session, case, shell.works, shell.lang)
    named = fields.get("project_name")
    return head if head["project"] or named is None or named["empty"] else {**head, "name": named["words"]}


def _steps(layout: oneform.Layout, faults: tuple[Fault, ...], screen: str) -> list[Told]:
    """The stepper: a screen is done when nothing on it is wrong or lacking; the last one when it has been left behind, which is never."""
    open_on = {fault.screen for fault in faults}
    return [
        {"name": each, "number": at, "current": each == screen, "done": each not in open_on and each != oneform.SIGN}
        for at, each in enumerate(layout.screens, 1)
    ]


def _name_typists(shell: Shell, layout: oneform.Layout, fields: dict[str, Told]) -> None:
    """Say of typed answers who typed them and when."""
    answers = layout.answers
    names = names_of(shell.session, {each.entered_by for each in answers.values() if each.entered_by is not None})
    for name, told in fields.items():
        answer = answers.get(name)
        by = answer.entered_by if answer else None
        told["by"] = {"name": names.get(by, ""), "at": answer.recorded_at} if answer and by is not None else None


def _act(shell: Shell, case: Opened, asked: tuple[str, ...]) -> dict[str, Any] | None:
    """The act that files what is signed, as the template names it: the submission, or the correction with its items."""
    steps = case.template.steps
    for each in views.acts_view(shell.session, case, shell.works):
        step, _, outcome = str(each["act"]).partition(".")
        if step in steps and "form_digest" in steps[step].outcomes[outcome].records:
            return {"name": each["act"], "items": list(asked) if each["itemised"] else []}
    return None


def _parties(shell: Shell, case: Opened) -> list[Told]:
    """The parties that the reader acts for and that do not hold yet: whom to add without more ado."""
    held = {holder["party"] for holder in views.case_view(shell.session, case, shell.works)["holders"]}
    mine = [acted_for_json(each) for each in parties_of(shell.session, shell.works.actor.person or 0, shell.today)]
    return [each for each in mine if each["party"] not in held]
