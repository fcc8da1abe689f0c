"""The acts that a person may do on a case now, as the panel of its page shows them: one form for each step, its outcomes to choose.

What an act needs stands in the template (`views.acts_view`); here it only gets its words and the kinds of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import views
from approvals.cases.answers import form_of
from approvals.cases.store import Opened, Works
from data.messages import has, text

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


def steps_of(session: Session, case: Opened, works: Works, lang: str, *, role: str | None = None) -> list[Told]:
    """The steps that wait for this person, each with its outcomes; acts of the whole case follow as steps of their own.

    `role` keeps the acts of one role only (the applicant's page shows the applicant's).
    """
    found: dict[tuple[str, str | None], Told] = {}
    for act in views.acts_view(session, case, works):
        step, _, outcome = act["act"].partition(".")
        if step in ELSEWHERE or (role is not None and act["role"] != role):
            continue
        kind = "step" if outcome and step != "revoke" else "whole"
        name = step if kind == "step" else act["act"]
        key = (name, act["key"])
        told = found.setdefault(key, _step(case, name, act, kind, lang))
        told["acts"].append(_act(act, lang))
    for told in found.values():
        told["acts"].sort(key=lambda act: _order_of(case, act["name"]))
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


def _step(case: Opened, name: str, act: Mapping[str, Any], kind: str, lang: str) -> Told:
    template = case.template
    title = getattr(template.steps[name].title, lang) if kind == "step" else act["title"][lang]
    return {
        "name": name,
        "key": act["key"],
        "kind": kind,
        "title": title,
        "role": text(f"portal.role.{act['role']}", lang),
        "checklist": _checklist(act, lang),
        "materials": [
            {"name": each, "title": told["title"][lang], "required": told["required"]}
            for each, told in act.get("materials", {}).items()
            if told["by"] != "system"
        ],
        "acts": [],
    }


def _checklist(act: Mapping[str, Any], lang: str) -> list[Told]:
    return [
        {
            "name": name,
            "title": told["title"][lang],
            "source": told["source"],
            "origin": told["origin"],
            "origin_label": text(f"portal.acting.origin.{told['origin']}", lang),
        }
        for name, told in act.get("checklist", {}).items()
    ]


def _act(act: Mapping[str, Any], lang: str) -> Told:
    name, title = act["act"], act["title"][lang]
    confirm = f"portal.acting.confirm.{name}"
    return {
        "name": name,
        "title": title,
        "source": act["source"],
        "itemised": act["itemised"],
        "facts": [_fact(each, told, lang) for each, told in act["facts"].items()],
        "grounds": [
            {"name": each, "title": told["title"][lang], "source": told["source"]}
            for each, told in act["grounds"].items()
        ],
        "confirm": text(confirm, lang) if has(confirm) else "",
        "confirm_title": text("portal.acting.confirm", lang, what=title),
    }


def _fact(name: str, told: Mapping[str, Any], lang: str) -> Told:
    hint = f"portal.fact.{name}.hint"
    return {
        "name": name,
        "kind": FIELDS[told["type"]],
        "label": text(f"portal.fact.{name}", lang),
        "hint": text(hint, lang) if has(hint) else "",
        "required": told["required"],
        "file": name.removesuffix("_digest"),
    }


def items_of(case: Opened, lang: str) -> list[Told]:
    """What a correction may name: the fields of the form and the files that applicants bring."""
    form = form_of(case)
    fields = [
        {"name": name, "title": getattr(field.label, lang), "kind": "field"}
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
