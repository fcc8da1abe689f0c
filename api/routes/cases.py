"""Cases: opened, listed, seen, and acted on. Which acts a case allows stands in its template, who may ask in the permissions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api import presence
from api.casework import Working, seen
from api.deps import GREATEST_ROW, Before, Lang, Reading, Writing
from api.gates import act
from api.idempotency import Once
from api.jobs import enqueue
from api.permissions import Subject, demand
from api.schemas.cases import ActIn, CaseIn, UseSet
from api.schemas.clocks import clock_json
from api.schemas.problems import refuses
from api.schemas.words import Text
from approvals import queries
from approvals.cases import disclosed, drafting, running, views
from approvals.cases.checking import check_for_applicant, check_for_office, use_of
from approvals.cases.placing import handling_place
from data.clock import legal_day
from parcels.checks import as_json
from parcels.checks.disclosure import sees_everything

router = APIRouter(tags=["cases"])
PAGE = 100


@router.post("/cases", summary="Open a case for a party", status_code=201, responses=refuses(401, 403))
@act("case.open")
def open_case(asked: CaseIn, session: Writing, works: Working, lang: Lang, once: Once) -> Any:
    """The case with its number, and the check of its use as you may know it. Nothing is filed yet."""
    draft = asked.use.draft(works.book)
    place = handling_place(session, draft.boundary, legal_day(works.now))
    chain = tuple(each.id for each in queries.places_above(session, place))
    demand(works.actor, "case.open", Subject(party_ids=frozenset({asked.party}), place_chain=chain))
    if asked.follows:
        seen(session, asked.follows, "case.see", works)
    new = drafting.NewCase(
        template=asked.template,
        party_id=asked.party,
        draft=draft,
        unit_uses=tuple(asked.use.unit_uses),
        project_code=asked.project_code,
        follows=asked.follows,
        source_digest=asked.use.source,
    )
    made = drafting.open_case(session, new, works)
    return once.keep({**views.case_view(session, made.case, works), "check": _check(made, lang)}, 201)


@router.get("/cases", summary="Cases that you act for or that your posts handle", responses=refuses(401, 403))
@act("case.list")
def list_cases(
    session: Reading,
    works: Working,
    role: Annotated[Text | None, Query(max_length=40, description="Only cases that wait for this role")] = None,
    ended: Annotated[bool | None, Query(description="Only ended ones, or only running ones")] = None,
    before: Before = GREATEST_ROW,
) -> dict[str, Any]:
    """Newest first, a hundred a page; each with its open tasks."""
    posts = works.actor.posts
    found = queries.cases_listed(
        session,
        parties=works.actor.acts_for,
        places=frozenset(place for _, place in posts if place is not None),
        everywhere=any(place is None and held != "administrator" for held, place in posts),
        role=role,
        ended=ended,
        after=before,
        limit=PAGE,
    )
    return {
        "cases": [views.listed_view(session, row, tasks, works) for _, row, tasks in found],
        "next": found[-1][0] if len(found) == PAGE else None,
    }


@router.get("/cases/{number}", summary="One case", responses=refuses(401, 403, 404))
@act("case.see")
def see_case(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Standing, holders, use, open tasks; `version` goes into every change."""
    return views.case_view(session, seen(session, number, "case.see", works), works)


@router.put("/cases/{number}/use", summary="Another boundary or use", responses=refuses(401, 403, 404, 409))
@act("case.use.set")
def set_use(number: str, asked: UseSet, session: Writing, works: Working, lang: Lang) -> dict[str, Any]:
    """Only while the case is editable; a signature given before is void."""
    seen(session, number, "case.use.set", works)
    made = drafting.set_use(
        session,
        number,
        asked.use.draft(works.book),
        works,
        version=asked.version,
        unit_uses=asked.use.unit_uses,
        source_digest=asked.use.source,
    )
    return {**views.case_view(session, made.case, works), "check": _check(made, lang)}


def _check(made: drafting.Drafted, lang: str) -> dict[str, Any] | None:
    return as_json(made.report, lang) if made.report else None


@router.get("/cases/{number}/check", summary="The check of the case's use today", responses=refuses(401, 403, 404))
@act("case.check.see")
def see_check(number: str, session: Reading, works: Working, lang: Lang) -> dict[str, Any]:
    """As you may know it: true edges for the officers of the place, cells for others."""
    case = seen(session, number, "case.check.see", works)
    whole = sees_everything(works.actor, [place.id for place in queries.places_above(session, case.row.scope_place_id)])
    report = (
        check_for_office(session, case, works) if whole else check_for_applicant(session, case, use_of(case), works)
    )
    return as_json(report, lang)


@router.get("/cases/{number}/acts", summary="What you may do now, and what it needs", responses=refuses(401, 403, 404))
@act("case.acts.see")
def see_acts(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """The complete set for you: facts, checklist, grounds, items and materials of each act."""
    case = seen(session, number, "case.acts.see", works)
    return {"version": case.row.version, "acts": views.acts_view(session, case, works)}


@router.post("/cases/{number}/acts", summary="Act on the case", responses=refuses(401, 403, 404, 409))
@act("case.act")
def do_act(number: str, asked: ActIn, session: Writing, works: Working, once: Once) -> Any:
    """One act, one transaction: judged under the locks, recorded in the chain, its papers reserved and its jobs enqueued."""
    seen(session, number, "case.act", works)
    done = running.do_act(session, number, asked.asked(), works)
    enqueue(session, done.effects)
    papers = [{"kind": each.kind, "number": each.number, "code": each.code} for each in done.documents]
    return once.keep({**views.case_view(session, done.case, works), "papers": papers})


@router.get("/cases/{number}/clock", summary="The clock of the case", responses=refuses(401, 403, 404))
@act("case.clock.see")
def see_clock(number: str, session: Reading, works: Working, lang: Lang) -> dict[str, Any]:
    """Every calendar day labelled; statutory, former and promised days apart; the predicted finish."""
    case = seen(session, number, "case.clock.see", works)
    return clock_json(views.clock_of_case(session, case, works), case.template, lang)


@router.get("/cases/{number}/events", summary="The chain of the case", responses=refuses(401, 403, 404))
@act("case.events.see")
def see_events(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Every event with its hash and that of the one before it; free words and personal data are not in them.

    Bodies are whole for officers of the place; for others without what the check by true edges found.
    """
    case = seen(session, number, "case.events.see", works)
    return {"stream": str(case.stream), "events": list(disclosed.events_view(session, case, works))}


@router.post(
    "/cases/{number}/presence",
    summary="Say that you look at the case; who else of its office does",
    responses=refuses(401, 403, 404),
)
@act("case.presence")
def be_present(number: str, session: Writing, works: Working) -> dict[str, Any]:
    """Holds for a minute and a half, so it is said again while the page is open. Nobody outside the office is told, or tells."""
    case = seen(session, number, "case.presence", works)
    return {"others": presence.be_present(session, case.row.id, works.actor, works.now)}


@router.delete("/cases/{number}/presence", summary="Say that you look no longer", responses=refuses(401, 403, 404))
@act("case.presence")
def leave(number: str, session: Writing, works: Working) -> dict[str, Any]:
    """Without it, others see you for a minute and a half more. Who is gone sees nobody either."""
    case = seen(session, number, "case.presence", works)
    presence.leave(session, case.row.id, works.actor)
    return {"others": []}
