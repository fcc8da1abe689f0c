"""Who was asked on a case, since when and until when, and what they answered: the hidden ones as one line for each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from approvals.queries.desk import parties_named
from data.messages import office_name, text

Told = dict[str, Any]


def told(session: Session, questions: Sequence[Mapping[str, Any]], today: date) -> list[Told]:
    """The questions with the names of the parties asked and the days left."""
    names = parties_named(session, {each["party"] for each in questions if each["party"] is not None}, today)
    return [
        {
            **each,
            "whom": names.get(each["party"] or 0),
            "left": _left(each, today),
        }
        for each in questions
    ]


def _left(question: Mapping[str, Any], today: date) -> int | None:
    """Days until the last day of an open question; less than nothing when it is over."""
    if question["standing"] != "open" or not question["answer_by"]:
        return None
    return (date.fromisoformat(question["answer_by"]) - today).days


def last_days(questions: Sequence[Mapping[str, Any]], lang: str) -> dict[str, list[str]]:
    """By day, whose answer is awaited until then, as the clock strip tells it."""
    found: dict[str, list[str]] = {}
    for each in questions:
        if each["standing"] == "open" and each["answer_by"]:
            whom = office_name(each["office"], lang) if each["office"] else text("portal.case.question.consents", lang)
            found.setdefault(each["answer_by"], []).append(whom)
    return found
