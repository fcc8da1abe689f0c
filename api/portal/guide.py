"""The guide to matters, generated from the template that runs: steps, days, materials, fees, form, basis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from api.gates import act
from api.portal.shell import InShell, Shell
from approvals.dictionary import Form, forms
from approvals.library import packaged
from approvals.papers.marks import mark_of_origin
from approvals.silence import span_of
from approvals.templates import Limit, Limits, Origin, Step, Template, Title
from data.answers import Refusal
from data.messages import text
from data.rulebook import Inquiry, on

router = APIRouter(include_in_schema=False)
# The situations in which people come, in the order of the home page; a matter without a template cannot be done here yet.
SITUATIONS = ("establishment", "renewal", "change", "prereview", "cancellation")
KINDS = ("statutory", "former", "promised")
PILOT = "371082"


def is_online(name: str) -> bool:
    """Whether a matter has a template that runs."""
    return any(known == name for known, _ in packaged().templates)


@router.get("/guide")
@act("page.see")
def guide(shell: InShell) -> Response:
    """Which matters there are, and which can be done here."""
    return shell.show("guide/matters.html", situations=SITUATIONS, is_online=is_online, promised=figures(shell))


@router.get("/guide/{template}")
@act("page.see")
def matter(shell: InShell, template: str) -> Response:
    """One matter from beginning to end."""
    if not is_online(template):
        raise Refusal("process.template_unknown", template=template)
    told = packaged().newest(template)
    form = forms().get(template)
    return shell.show("guide/matter.html", **matter_values(shell, told), form=form and form_values(form, shell))


def inquiry_of(shell: Shell) -> Inquiry:
    """The rule book as of today at the pilot place, whose figures the guide shows."""
    book = shell.works.book
    return book.inquire(dates=on(shell.today), place=book.places.chain(PILOT), today=shell.today)


def figures(shell: Shell) -> dict[str, Any]:
    """Promised and former days of an establishment, with their marks."""
    inquiry = inquiry_of(shell)
    return {kind: inquiry.ask(f"days.{kind}") for kind in ("promised", "former")}


def matter_values(shell: Shell, template: Template) -> dict[str, Any]:
    """Everything that a template says, in the reader's language."""
    inquiry, lang = inquiry_of(shell), shell.lang
    steps = [_step(template, name, inquiry, lang) for name in template.order]
    acts = [
        {
            "title": _title(each.title, lang),
            "role": _role(each.role, lang),
            "basis": basis(template.sources[each.source], inquiry.today),
        }
        for each in template.acts.values()
        if each.ends
    ]
    sources = [basis(each, inquiry.today) for each in template.sources.values()]
    return {
        "matter": template,
        "title": _title(template.title, lang),
        "steps": steps,
        "figures": _limits(template, template.timing.figures, inquiry, lang) if template.timing else [],
        "materials": [row for step in steps for row in step["materials"]],
        "ends": [_title(each.public, lang) for each in template.ends.values()],
        "acts": acts,
        "sources": sources,
        "doubts": sum(each["mark"] is not None for each in sources),
        "rates": fee_rates(shell),
        "grade": inquiry.ask("sea.grade", place=PILOT),
    }


def form_values(form: Form, shell: Shell) -> dict[str, Any]:
    """The form as counted from its dictionary: original fields, merged ones, and those that are typed."""
    lang = shell.lang
    sections = [
        {
            "title": _title(title, lang),
            "fields": [
                {
                    "number": each.number,
                    "label": _title(each.label, lang),
                    "source": each.source,
                    "required": each.required,
                }
                for each in form.fields.values()
                if each.section == name
            ],
        }
        for name, title in form.sections.items()
    ]
    documents = [_title(each, lang) for each in form.documents.values()]
    return {
        "raw": form.raw,
        "merged": form.merged,
        "typed": typed_of(form),
        "sections": sections,
        "documents": documents,
    }


def typed_of(form: Form) -> int:
    """How many fields of a form only the applicant can tell."""
    return sum(each.source == "typed" for each in form.fields.values())


def fee_rates(shell: Shell) -> list[dict[str, Any]]:
    """Every fee mode with its rate of today at the pilot place; a rate that nobody has entered stands as such."""
    inquiry, book = inquiry_of(shell), shell.works.book
    grade = inquiry.ask("sea.grade", place=PILOT).value
    told = []
    for each in book.codes["fee_modes"]:
        answer = inquiry.ask("fee.rate", mode=each.code, grade=str(grade))
        if answer.status != "abolished":
            told.append(
                {
                    "name": getattr(each, shell.lang),
                    "rate": answer.value,
                    "mark": answer.mark,
                    "cite": answer.source.cite,
                }
            )
    return told


def basis(origin: Origin, today: date) -> dict[str, Any]:
    """A source of a template with its mark of doubt on a day."""
    return {"cite": origin.cite, "edition": origin.edition, "mark": mark_of_origin(origin, today)}


def _step(template: Template, name: str, inquiry: Inquiry, lang: str) -> dict[str, Any]:
    step = template.steps[name]
    return {
        "name": name,
        "title": _title(step.title, lang),
        "role": _role(step.role, lang),
        "mine": step.role == "enterprise",
        "counts": step.counts and step.excluded_as is None,
        "sometimes": step.when is not None or step.on_call or step.each is not None or _by_correction(name, template),
        "limits": _limits(template, step.limits, inquiry, lang),
        "basis": basis(template.sources[step.source], inquiry.today),
        "outcomes": [_title(each.title, lang) for each in step.outcomes.values()],
        "papers": [_title(each, lang) for each in step.materials_out.values()],
        "materials": list(_materials(template, step, inquiry, lang)),
    }


def _by_correction(name: str, template: Template) -> bool:
    """Whether a step only sends the case back: it is not on everybody's way."""
    return any(outcome.reopens not in (None, name) for outcome in template.steps[name].outcomes.values())


def _materials(template: Template, step: Step, inquiry: Inquiry, lang: str) -> Iterable[dict[str, Any]]:
    for each in step.materials_in.values():
        yield {
            "title": _title(each.title, lang),
            "by": each.by,
            "required": each.required,
            "step": _title(step.title, lang),
            "basis": basis(template.sources[each.source], inquiry.today),
        }


def _limits(template: Template, limits: Limits, inquiry: Inquiry, lang: str) -> list[dict[str, Any]]:
    """Each figure apart with its word, source and mark; one that nobody supplied says so."""
    found: list[tuple[str, Limit | None]] = [(kind, getattr(limits, kind)) for kind in KINDS]
    return [{"kind": kind, **_figure(template, limit, inquiry, lang)} for kind, limit in found if limit is not None]


def _figure(template: Template, limit: Limit, inquiry: Inquiry, lang: str) -> dict[str, Any]:
    span = span_of(limit, inquiry)
    unit = "calendar" if span and span.calendar else "working"
    told = text(f"portal.guide.days.{unit}", lang, n=span.days) if span else text("portal.guide.days.unknown", lang)
    if limit.rule is None:
        origin = basis(template.sources[limit.source or ""], inquiry.today)
        return {"days": told, "cite": origin["cite"], "mark": origin["mark"]}
    answer = inquiry.ask(limit.rule)
    return {"days": told, "cite": answer.source.cite, "mark": answer.mark}


def _title(title: Title, lang: str) -> str:
    return str(getattr(title, lang))


def _role(role: str, lang: str) -> str:
    return text(f"portal.role.{role}", lang)
