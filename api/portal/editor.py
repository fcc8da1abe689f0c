"""The parcel editor: the same page for a check without an account, for a new case, and for the boundary of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.casework import seen
from api.gates import act
from api.pages.words import day_in_words
from api.portal.shell import InShell, Shell
from approvals.authorising import parties_of
from approvals.cases.checking import use_of
from approvals.cases.store import is_editable
from data.messages import text
from data.rulebook import RuleBook
from maps.views import page_map
from marine.terms import last_day
from marine.workdays import run_by_rules
from parcels.checks.serial import geometry_block
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
Purpose = Literal["check", "new", "case"]
# Weihai's waters, where the map opens while the register is empty.
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)
# The parcel of the interface guide's mock-up: invented, in Sanggou Bay, where the sample world has rafts beside it.
EXAMPLE = """点号,北纬,东经
1,37°07′05.515″,122°30′29.645″
2,37°07′08.885″,122°30′49.457″
3,37°07′13.864″,122°30′49.875″
4,37°07′21.220″,122°30′45.936″
5,37°07′17.890″,122°30′26.362″
"""
SOON = timedelta(days=180)
# Raft culture takes the surface and the water column (interface guide §2); what a mode is not listed for is left to the asker.
USUAL_LAYERS = {
    "41": ("surface", "water_column"),
    "53": ("seabed", "subsoil"),
    "22": ("seabed", "subsoil"),
    "44": ("surface", "water_column"),
}
Code = Annotated[str, Query(max_length=8)]
Years = Annotated[int, Query(ge=1, le=50)]


@router.get("/check")
@act("page.see")
def check(
    shell: InShell,
    use_type: Annotated[str, Query(alias="type", max_length=8)] = "13",
    mode: Code = "41",
    years: Years = 15,
) -> Response:
    """Can this sea be used? No account is needed and nothing is kept."""
    onward = "/parcels/new" if shell.who else "/sign-in?next=/parcels/new"
    return _page(shell, "check", _first_form(shell.today, use_type, mode, years), {"onward": onward})


@router.get("/parcels/new")
@act("case.open")
def new(
    shell: InShell,
    use_type: Annotated[str, Query(alias="type", max_length=8)] = "13",
    mode: Code = "41",
    years: Years = 15,
) -> Response:
    """A boundary for a new case of a party that one acts for."""
    return _page(shell, "new", _first_form(shell.today, use_type, mode, years), {})


@router.get("/cases/{number}/parcel")
@act("case.see")
def of_case(shell: InShell, number: str) -> Response:
    """The boundary of a case: to edit while it is editable, else to look at."""
    case = seen(shell.session, number, "case.see", shell.works)
    use = case.row.use
    if use is None:
        return RedirectResponse(f"/cases/{number}", 303)
    editable = is_editable(case) and case.row.party_id in shell.works.actor.acts_for
    geometry = geometry_block(use_of(case).boundary, use["modes"])
    given = {
        "use_type": use["type"],
        "mode": use["modes"][0],
        "first_day": use["from"],
        "last_day": use["to"],
        "layers": use["layers"],
        "months": use["months"],
        "words": (use.get("unit_uses") or [""])[0],
    }
    boot = {"case": number, "version": case.row.version, "geometry": geometry, "readonly": not editable}
    return _page(shell, "case", given, boot, case={"number": number}, readonly=not editable)


def _page(
    shell: Shell,
    purpose: Purpose,
    given: Mapping[str, Any],
    boot: Mapping[str, Any],
    *,
    case: Mapping[str, Any] | None = None,
    readonly: bool = False,
) -> Response:
    session, rules, lang = shell.session, shell.works.book, shell.lang
    box = atlas.extent(session) or WEIHAI
    samples = atlas.holds_samples(session)
    west, south, east, north = box
    modes = choices(rules, "use_modes", lang)
    return shell.show(
        "editor/editor.html",
        script_texts=("page.", "editor."),
        boot={
            "purpose": purpose,
            "home": [[south, west], [north, east]],
            "soon": (shell.today + SOON).isoformat(),
            "modes": modes,
            "example": EXAMPLE,
            **boot,
        },
        layout="desk.html" if shell.who else "open.html",
        rail="mini",
        heading=f"editor.title.{purpose}",
        map=page_map(box, text("page.map.image", lang)),
        day=shell.today.isoformat(),
        use_types=choices(rules, "use_types", lang),
        use_modes=modes,
        given={"months": None, "words": "", **given},
        parties=_parties(shell) if purpose == "new" else [],
        example=samples and purpose != "case",
        finish=_finish(shell),
        case=case,
        readonly=readonly,
    )


def _parties(shell: Shell) -> list[dict[str, Any]]:
    """Whom one acts for today."""
    person = shell.works.actor.person or 0
    return [{"party": each.party, "name": each.name} for each in parties_of(shell.session, person, shell.today)]


def _finish(shell: Shell) -> str:
    """The last promised day of a case that were accepted today; a dash where a holiday table is missing."""
    book = shell.works.book
    dates = dict.fromkeys(("received", "accepted", "decided", "event"), shell.today)
    inquiry = book.inquire(dates=dates, today=shell.today)
    promised = inquiry.ask("days.promised").value
    run = run_by_rules(inquiry, shell.today, int(promised)) if promised is not None else None
    return day_in_words(run.finish, shell.lang, weekday=True, year=False) if run and run.finish else "–"


def choices(rules: RuleBook, name: str, lang: str) -> list[dict[str, Any]]:
    """A code list as the choices of a field, with the layers that a mode usually takes."""
    return [
        {"code": code.code, "label": getattr(code, lang), "layers": USUAL_LAYERS.get(code.code, ())}
        for code in rules.codes[name].leaves()
    ]


def _first_form(today: date, use_type: str, mode: str, years: int) -> dict[str, Any]:
    """A first form: raft culture from the next first of January, unless the address says something else."""
    first = date(today.year + 1, 1, 1)
    return {
        "use_type": use_type,
        "mode": mode,
        "first_day": first.isoformat(),
        "last_day": last_day(first, years).isoformat(),
        "layers": USUAL_LAYERS.get(mode, ()),
    }
