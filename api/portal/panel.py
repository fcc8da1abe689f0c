"""The panel of acts as a page includes it: the steps of a person with all that stands beside them (fee, comments, days, files)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.deps import GREATEST_ROW
from api.portal import acting, casefile, money
from api.portal.evidence import Known
from api.schemas.register import label
from approvals import queries
from approvals.cases import comments, disclosed
from approvals.cases.fees import fee_foreseen
from approvals.cases.store import Opened, Works, names_in_book
from approvals.missing_fees import missing_data
from approvals.money import lines_json
from data.clock import legal_day
from data.messages import text

Told = dict[str, Any]
# Steps with a page of their own; the case page leads there.
PAGES = ("decision", "registration")


def known_of(session: Session, case: Opened, works: Works, lang: str) -> Known:
    """What the evidence of checklists is taken from, as the asker may see it."""
    return Known(
        casefile.head_of(session, case, works, lang),
        casefile.check_block(session, case, works, lang),
        casefile.materials(session, case, works),
        disclosed.questions_view(session, case, works),
    )


def panel_values(session: Session, case: Opened, works: Works, lang: str, known: Known) -> Told:
    """Everything that `acting/panel.html` needs; `known` is what the page has read already."""
    steps = acting.steps_of(session, case, works, lang, known)
    for step in steps:
        step["wait"] = _not_yet(session, case, step, works, lang)
        step["fee"] = _fee(session, case, works, lang) if _does(step, "issue_bill") else None
        step["comments"] = _comments(session, case, works) if _does(step, "close_notice") else None
    return {
        "steps": steps,
        "items": acting.items_of(case, lang),
        "on_file": {each["name"]: each["file"] for each in known.files},
        "asked": acting.asked_items(session, case, lang),
        "preset": _presets(session, case, steps),
        "seq": queries.last_event(session, case.number),
    }


def nothing() -> Told:
    """The panel of somebody who may not act."""
    return {"steps": [], "items": [], "on_file": {}, "asked": [], "preset": {}, "seq": 0}


def _does(step: Mapping[str, Any], effect: str) -> bool:
    return any(effect in act["effects"] for act in step["acts"])


def _not_yet(session: Session, case: Opened, step: Mapping[str, Any], works: Works, lang: str) -> str:
    """Why a step that is open cannot be done before another day; empty where it can."""
    if not any("notice_has_run" in act["guards"] for act in step["acts"]):
        return ""
    notice = queries.notice_of(session, case.row.id)
    if notice is None:
        return text("portal.acting.notice.not_up", lang)
    if notice.last < legal_day(works.now):
        return ""
    return text("portal.acting.notice.runs", lang, first=notice.first.isoformat(), last=notice.last.isoformat())


def _fee(session: Session, case: Opened, works: Works, lang: str) -> Told:
    """The bill as it would be issued now, and what is missing for it: which datum, who supplies it, and where."""
    sheet = fee_foreseen(session, case, works)
    place = names_in_book(session, case.row.scope_place_id, works.book, legal_day(works.now))[-1]
    return {
        "total": sheet.total_yuan,
        "lines": [
            {**line, "mode_label": label(works.book, "use_modes", line.get("mode"), lang)} for line in lines_json(sheet)
        ],
        "missing": [
            {"what": each.what, "rule": each.rule, "by": each.supplied_by}
            for each in missing_data(sheet, place, works.book)
        ],
    }


def _comments(session: Session, case: Opened, works: Works) -> Told:
    return comments.comments_view(session, case, works, GREATEST_ROW)


def _presets(session: Session, case: Opened, steps: list[Told]) -> Mapping[str, str]:
    """Values that a field is offered with: what is still owed, and the objections that came in writing."""
    found = dict(money.presets(session, case.row))
    for step in steps:
        if step["comments"]:
            found["objections"] = str(step["comments"]["counts"]["objects"])
    return found
