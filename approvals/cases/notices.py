"""The public notice of a case: put up by a job as an act of its own, closed by the officer's act, withdrawn with what it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.acting import Acting
from approvals.cases.seas import disclose_claim, lock_the_sea, term_of
from approvals.cases.store import Opened, Works, case_for, names_in_book, record_events
from approvals.dates import dates_of
from approvals.effects import Effect
from approvals.models import PublicNotice
from approvals.silence import days_of
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.events import lock_streams
from marine.workdays import run_by_rules


def publish(session: Session, number: str, works: Works) -> bool:
    """Put up the notice of a case whose notice step is open; False where it is up already, or no longer wanted.

    It runs from the next day for the working days of the step; the claim is public from now on (register.md §5).
    """
    seen = case_for(session, number)
    lock_the_sea(session, [seen])
    session.expire_all()
    case = case_for(session, number, lock=True)
    step = _open_step(case)
    if step is None or queries.notice_of(session, case.row.id) is not None:
        return False
    first, last = _days(session, case, step, works)
    disclose_claim(session, case, works, "public")
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    notice = PublicNotice(
        case_id=case.row.id,
        first=first,
        last=last,
        boundary_hash=str(case.row.boundary_hash),
        content=_content(session, case, first),
        recorded_at=at,
    )
    session.add(notice)
    session.flush()  # the event names the notice's number
    told = {"notice": notice.id, "first": first, "last": last, "boundary": case.row.boundary_hash}
    record_events(session, case, [Event("notice_published", told)], actor=works.actor, at=at)
    return True


def _open_step(case: Opened) -> str | None:
    """The open step that puts up a notice when it opens."""
    steps = (task.step for task in case.state.open_tasks())
    asks = (step for step in steps if any(ref.kind == "publish_notice" for ref in case.template.steps[step].opens_with))
    return next(asks, None)


def _days(session: Session, case: Opened, step: str, works: Works) -> tuple[date, date]:
    """First and last day: so many working days after today; where a year has no holiday table, the provisional day counts."""
    today = legal_day(works.now)
    dates = dates_of(case.state, case.template, today)
    place = names_in_book(session, case.row.scope_place_id, works.book, today)
    inquiry = works.book.inquire(dates=dates, place=place, today=today)
    limit = case.template.steps[step].limits.promised
    run = run_by_rules(inquiry, today, (days_of(limit, inquiry) if limit else None) or 1)
    last = run.finish or run.provisional_finish
    if last is None:
        raise Refusal("case.no_calendar", case=case.number)
    return today + timedelta(days=1), last


def _content(session: Session, case: Opened, day: date) -> dict[str, Any]:
    """What everybody may read; a natural person's name is shortened to the surname."""
    first, last = term_of(case)
    use = case.row.use or {}
    holders = queries.holders_of(session, case.row.id, day)
    persons = queries.natural_persons(session, [row.party_id for row in holders])
    names = [f"{row.name[:1]}**" if row.party_id in persons else row.name for row in holders]
    return {
        "project": queries.project_name(session, case.row.project_id) if case.row.project_id else "",
        "applicants": names,
        "use_type": use.get("type"),
        "modes": use.get("modes"),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "boundary": use.get("boundary"),
    }


def close(acting: Acting, effect: Effect) -> None:
    """The notice has run and is closed by the officer's act."""
    notice = queries.notice_of(acting.session, acting.case.row.id)
    if notice is not None:
        notice.standing = "closed"


def withdraw(session: Session, number: str, works: Works) -> bool:
    """Take the notice of a case down: what it rested on was taken back, or the case has ended. False where none is up.

    A claim that still stands is seen in outline again, as before the notice.
    """
    lock_the_sea(session, [case_for(session, number)])
    session.expire_all()
    case = case_for(session, number, lock=True)
    notice = queries.notice_of(session, case.row.id)
    if notice is None:
        return False
    disclose_claim(session, case, works, "outline")
    notice.standing = "withdrawn"
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    record_events(session, case, [Event("notice_withdrawn", {"notice": notice.id})], actor=works.actor, at=at)
    return True
