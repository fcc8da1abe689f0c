"""The acts that a person may do on a case now, as the panel of its page shows them: one form for each step, its outcomes to choose.

What an act needs stands in the template (`views.acts_view`); here it only gets its words and the kinds of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.portal.evidence import Known, evidence_for
from approvals import queries
from approvals.cases import views
from approvals.cases.answers import form_of
from approvals.cases.store import Opened, Works
from approvals.guards import refusal_of
from data.answers import HOUSE_CITE
from data.messages import has, office_name, text

# Acts that a page of their own does: filing is the form's, correction the applicant's, an answer belongs to its question.
ELSEWHERE = frozenset({"submission", "consents", "consultation"})
# Kinds of facts as kinds of fields; a digest is a file that is put on the case's file first.
FIELDS: Mapping[str, str] = {
    "date": "date",
    "boolean": "yes_no",
    "integer": "whole",
    "amount": "amount",
    "hash": "file",
    "text": "text",
    "list": "list",
}
Told = dict[str, Any]


def steps_of(session: Session, case: Opened, works: Works, lang: str, known: Known) -> list[Told]:
    """The steps that wait for this person, each with its outcomes; acts of the whole case follow as steps of their own."""
    found: dict[tuple[str, str | None], Told] = {}
    for act in views.acts_view(session, case, works):
        step, _, outcome = act["act"].partition(".")
        if step in ELSEWHERE:
            continue
        kind = "step" if outcome and step != "revoke" else "whole"
        name = step if kind == "step" else act["act"]
        key = (name, act["key"])
        told = found.setdefault(key, _step(case, name, act, kind, known, lang))
        told["acts"].append(_act(case, act, known.head["name"], lang))
    for told in found.values():
        told["acts"].sort(key=lambda act: _order_of(case, act["name"]))
        told["facts"] = _shared(told["acts"])
        if told["kind"] == "step" and told["act_role"] not in _usual_roles(case, told["name"]):
            # Only an exception of a step that somebody else does: it stands among the other acts, under its own name.
            told |= {"kind": "whole", "title": f"{told['title']} · {told['acts'][0]['title']}"}
        told["withheld"] = _withheld(case, told, lang) if told["kind"] == "step" else []
    return sorted(found.values(), key=lambda told: (told["kind"] != "step", _place_of(case, told["name"])))


def _order_of(case: Opened, name: str) -> int:
    """Where the template names an outcome: the usual one stands first."""
    step, _, outcome = name.partition(".")
    found = case.template.steps.get(step)
    return list(found.outcomes).index(outcome) if found and outcome in found.outcomes else 0


def _place_of(case: Opened, step: str) -> int:
    """Where the template names a step."""
    steps = list(case.template.steps)
    return steps.index(step) if step in steps else len(steps)


def _usual_roles(case: Opened, step: str) -> tuple[str, ...]:
    """Who does a step, or may do it in the doer's place."""
    told = case.template.steps[step]
    return (told.role, *told.also)


def _shared(acts: Iterable[Told]) -> list[Told]:
    """The facts of a step's outcomes, each once with the acts that take it: what was typed stays when the outcome changes."""
    found: dict[str, Told] = {}
    for act in acts:
        for fact in act["facts"]:
            told = found.setdefault(fact["name"], {**fact, "acts": []})
            told["acts"].append(act["name"])
    return list(found.values())


def _withheld(case: Opened, step: Told, lang: str) -> list[Told]:
    """The outcomes of an open step that its state does not allow, each with the reason; those of the system are no choice."""
    template, offered = case.template, names_of([step])
    told = []
    for name, outcome in template.steps[step["name"]].outcomes.items():
        full = f"{step['name']}.{name}"
        if full in offered or outcome.role == "system":
            continue
        codes = (refusal_of(ref, case.state, template, step["name"], None) for ref in outcome.guards)
        refused = next(filter(None, codes), None)
        if refused:
            title = getattr(outcome.title, lang)
            told.append({"name": full, "title": title, "why": text(refused, lang, act=title)})
    return told


def _step(case: Opened, name: str, act: Mapping[str, Any], kind: str, known: Known, lang: str) -> Told:
    template = case.template
    title = getattr(template.steps[name].title, lang) if kind == "step" else act["title"][lang]
    if act["key"] and (whose := _whose(act["key"], known, lang)):
        title = f"{title} · {whose}"
    return {
        "name": name,
        "key": act["key"],
        "kind": kind,
        "title": title,
        "role": text(f"portal.role.{act['role']}", lang),
        "act_role": act["role"],
        "checklist": _checklist(act, known, lang),
        "materials": [
            {"name": each, "title": told["title"][lang], "required": told["required"]}
            for each, told in act.get("materials", {}).items()
            if told["by"] != "system"
        ],
        "acts": [],
    }


def _whose(key: str, known: Known, lang: str) -> str:
    """Whom one task of several is about: the office that was asked, or the question in its words."""
    asked = next((each for each in known.questions if each["key"] == key), None)
    if asked is None:
        return ""
    return office_name(asked["office"], lang) if asked["office"] else str((asked["text"] or {}).get(lang, ""))


def _checklist(act: Mapping[str, Any], known: Known, lang: str) -> list[Told]:
    return [
        {
            "name": name,
            "title": told["title"][lang],
            "source": _cited(told["source"], lang),
            "origin": told["origin"],
            "origin_label": text(f"portal.acting.origin.{told['origin']}", lang),
            **evidence_for(name, told["origin"], known, lang),
        }
        for name, told in act.get("checklist", {}).items()
    ]


def _cited(cite: str, lang: str) -> str:
    """A basis by its name; our own setting has no name of law, so it is said in the reader's language."""
    return text("page.mark_of.house", lang) if cite == HOUSE_CITE else cite


def _act(case: Opened, act: Mapping[str, Any], named: str, lang: str) -> Told:
    name, title = act["act"], act["title"][lang]
    step, _, outcome = name.partition(".")
    found = case.template.steps[step].outcomes.get(outcome) if step in case.template.steps else None
    rivals = sorted({str(note.facts.get("case_number")) for note in case.state.noted("competition")})
    asked = f"portal.acting.confirm.{name}"
    confirm = asked if has(asked) else f"portal.acting.confirm.{step}"
    question = f"{asked}.title"
    return {
        "name": name,
        "title": title,
        "source": _cited(act["source"], lang),
        "itemised": act["itemised"],
        "takes": found.checklist if found else None,
        # What leaves the applicant with nothing, or takes back what was given, is coloured as such.
        "hard": bool(found and found.ends and found.grounds) or step == "revoke",
        "effects": [effect.kind for effect in found.effects] if found else [],
        "guards": [ref.guard for ref in found.guards] if found else [],
        "facts": [_fact(each, told, rivals if name == "choose" else [], lang) for each, told in act["facts"].items()],
        "grounds": [
            {"name": each, "title": told["title"][lang], "source": _cited(told["source"], lang)}
            for each, told in act["grounds"].items()
        ],
        "reasons": bool(act["grounds"]) and found is not None,
        "confirm": text(confirm, lang) if has(confirm) else "",
        # The number of items is filled in where they are chosen.
        "confirm_title": text(question, lang, n="{n}")
        if has(question)
        else text("portal.acting.confirm", lang, what=title, name=named),
    }


def _fact(name: str, told: Mapping[str, Any], choices: list[str], lang: str) -> Told:
    hint = f"portal.fact.{name}.hint"
    return {
        "name": name,
        "kind": "choice" if name == "case_number" and choices else FIELDS[told["type"]],
        "choices": choices,
        "label": text(f"portal.fact.{name}", lang),
        "hint": text(hint, lang) if has(hint) else "",
        "required": told["required"],
        "file": name.removesuffix("_digest"),
        # What has been done (`paid_on`) lies behind us; the days of a range may lie ahead.
        "past": name.endswith("_on"),
    }


def items_of(case: Opened, lang: str) -> list[Told]:
    """What a correction may name: the fields of the form, what follows from the boundary, and the files that applicants bring."""
    form = form_of(case)
    fields = [
        {
            "name": name,
            "title": getattr(field.label, lang),
            "kind": "boundary" if field.source == "geometry" else "field",
        }
        for name, field in form.fields.items()
        if field.source in ("typed", "profile", "project_code", "geometry")
    ]
    files = {
        name: getattr(told.title, lang)
        for step in case.template.steps.values()
        for name, told in step.materials_in.items()
        if told.by == "applicant"
    }
    return [*fields, *({"name": name, "title": title, "kind": "file"} for name, title in files.items())]


def asked_items(session: Session, case: Opened, lang: str) -> list[Told]:
    """The items of the correction that was asked last, each with what was said of it; empty where none was."""
    titles = {each["name"]: each for each in items_of(case, lang)}
    words = queries.words_of_act(session, case.number, "acceptance.ask_for_correction")
    return [
        {**titles.get(name, {"name": name, "title": name, "kind": "field"}), "words": words.get(name, "")}
        for name in case.state.fact("items", ())
    ]


def names_of(steps: Iterable[Mapping[str, Any]]) -> set[str]:
    """The acts that the steps offer.

    >>> names_of([{"acts": [{"name": "a"}, {"name": "b"}]}])  == {"a", "b"}
    True
    """
    return {act["name"] for step in steps for act in step["acts"]}
