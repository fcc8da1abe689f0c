"""What a line of a checklist can be judged by: findings of the check, files on the case's file, answers of offices, the use as filed.

The template says what is asked and where it comes from (`origin`); the table here says where the page looks for it. A line that
the system answers is settled when the check looked at its matter and nothing stands against it; the officer may still say no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.messages import has, office_name, text

Told = dict[str, Any]
# Notes that leave the judgement to a person although nothing is graded.
UNSURE = frozenset({"place.several", "place.partly_outside"})
# Grades with which nothing stands against a grant; findings without a grade are notes.
GOOD = frozenset({None, "clear", "touching", "within_tolerance", "compatible"})


@dataclass(frozen=True, slots=True)
class Look:
    """Where to look: beginnings of finding codes, names of materials (`*`: all), offices that answered, the use, the boundary."""

    codes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    use: bool = False
    boundary: bool = False


PAPER = ("argumentation",)
LOOKS: Mapping[str, Look] = {
    "right_window": Look(codes=("place.",)),
    "papers_complete": Look(files=("*",)),
    "licence_needed": Look(use=True),
    "plan": Look(codes=("zone.",)),
    "against_plan": Look(codes=("zone.",)),
    "boundary": Look(boundary=True),
    "mode": Look(use=True),
    "sand_in_protected_area": Look(use=True),
    "term": Look(codes=("term.",)),
    "argumentation": Look(files=PAPER),
    "shoreline": Look(codes=("shoreline.",), files=PAPER),
    "erodes_shore": Look(codes=("shoreline.",), files=PAPER),
    "concerned": Look(files=("settlement",), steps=("consents",)),
    "free_on_site": Look(files=("survey_record",)),
    "not_begun": Look(files=("survey_record",)),
    "marks": Look(files=("survey_record",), boundary=True),
    "harms_nature": Look(files=PAPER, offices=("ecology",)),
    "silts_or_blocks_port": Look(files=PAPER, offices=("maritime",)),
    "hinders_safety": Look(files=PAPER, offices=("maritime",)),
    "harms_military_area": Look(offices=("military",)),
}
NOWHERE = Look()


@dataclass(frozen=True, slots=True)
class Known:
    """What the page of a case has read already: its head, the check of this minute, files, questions."""

    head: Mapping[str, Any]
    report: Mapping[str, Any] | None
    files: Sequence[Mapping[str, Any]]
    questions: Sequence[Mapping[str, Any]]


def evidence_for(row: str, origin: str, known: Known, lang: str) -> Told:
    """Lines and files by which a line of a checklist is judged, and whether the system has settled it."""
    look = LOOKS.get(row, NOWHERE)
    found = _findings(known.report, look.codes)
    lines = [*_worst_first(found, lang), *_boundary(known, look, lang), *_use(known, look, lang)]
    answers = [*_offices(known, look, lang), *_answers(known, look, lang)]
    files = [_file(each, lang) for each in known.files if each["name"] in look.files or "*" in look.files]
    return {
        "lines": [*lines, *answers],
        "files": files,
        "settled": origin == "system" and _settled(look, found, known),
    }


def _findings(report: Mapping[str, Any] | None, codes: Iterable[str]) -> list[Mapping[str, Any]]:
    beginnings = tuple(codes)
    return [each for each in report["findings"] if each["code"].startswith(beginnings)] if report and beginnings else []


def _worst_first(found: Sequence[Mapping[str, Any]], lang: str) -> list[Told]:
    """What says something is told; of what was looked at and found clear the first is told and the rest counted."""
    clear = [each for each in found if each["grade"] == "clear"]
    told = [_line(each["text"], each["grade"] or "note") for each in found if each["grade"] != "clear"]
    told += [_line(each["text"], "clear") for each in clear[:1]]
    if len(clear) > 1:
        told.append(_line(text("portal.acting.evidence.clear", lang, n=len(clear) - 1), "clear"))
    return told


def _line(words: str, grade: str) -> Told:
    return {"text": words, "grade": grade}


def _boundary(known: Known, look: Look, lang: str) -> list[Told]:
    if not look.boundary or known.report is None:
        return []
    drawn = known.report["geometry"]
    facts = {
        "points": len(drawn["points"]),
        "hectares": drawn["area_ha"],
        "units": len(drawn["units"]),
        "hash": drawn["hash"][:8],
    }
    return [_line(text("portal.acting.evidence.boundary", lang, **facts), "note")]


def _use(known: Known, look: Look, lang: str) -> list[Told]:
    if not look.use:
        return []
    modes = text("page.comma", lang).join(known.head["mode_labels"])
    facts = {"type": known.head["type_label"], "modes": modes}
    return [_line(text("portal.acting.evidence.use", lang, **facts), "note")]


def _offices(known: Known, look: Look, lang: str) -> list[Told]:
    return [
        _line(
            text(
                "portal.acting.evidence.office", lang, who=office_name(each["office"], lang), answer=_answer(each, lang)
            ),
            _grade_of(each),
        )
        for each in known.questions
        if each["office"] in look.offices
    ]


def _answer(question: Mapping[str, Any], lang: str) -> str:
    if question["standing"] == "open":
        return text("portal.acting.evidence.no_answer", lang)
    code = f"portal.case.answer.{question['answer']}"
    words = text(code, lang) if has(code) else str(question["answer"] or "")
    return f"{question['answered_on'] or ''} {words}".strip()


def _grade_of(question: Mapping[str, Any]) -> str:
    if question["standing"] == "open":
        return "needs_consent"
    return "conflict" if question["answer"] in ("object", "refuse") else "note"


def _answers(known: Known, look: Look, lang: str) -> list[Told]:
    """How many of those who were asked in a step have agreed."""
    told = []
    for step in look.steps:
        asked = [each for each in known.questions if each["step"] == step]
        if asked:
            given = sum(each["answer"] == "give" for each in asked)
            words = text("portal.acting.evidence.consents", lang, given=given, n=len(asked))
            told.append(_line(words, "note" if given == len(asked) else "needs_consent"))
    return told


def _file(row: Mapping[str, Any], lang: str) -> Told:
    title = row["title"]
    return {"id": row["id"], "title": title[lang] if title else row["file"], "file": row["file"], "pages": row["pages"]}


def _settled(look: Look, found: Sequence[Mapping[str, Any]], known: Known) -> bool:
    """Nothing found against it, nothing left unjudged, and something was looked at."""
    report = known.report
    if report is None or not all(each["grade"] in GOOD and each["severity"] != "blocks" for each in found):
        return False
    if look.boundary:
        return not _findings(report, ("boundary.", "own."))
    if any(each["code"] in UNSURE for each in found):
        return False
    left = tuple(f"not_judged.{code.rstrip('.')}" for code in look.codes)
    return bool(found) and not any(each["code"].startswith(left) for each in report["not_judged"])
