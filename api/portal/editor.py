"""The parcel editor: the same page for a check without an account, for a new case, and for the boundary of a case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse

from api.casework import seen
from api.deps import GREATEST_ROW
from api.gates import act
from api.pages.words import day_in_words
from api.people.queries import places_with_codes
from api.permissions import packaged_permissions
from api.portal.authorisations import OPENERS
from api.portal.shell import InShell, Shell
from api.subjects import of_case as subject_of_case
from approvals.authorising import parties_of
from approvals.cases.answers import project_named
from approvals.cases.checking import use_of
from approvals.cases.store import is_editable
from data.messages import text
from data.rulebook import RuleBook
from data.rulebook.book import on
from maps.views import page_map
from marine.terms import last_day
from marine.workdays import run_by_rules
from parcels.checks.serial import geometry_block
from parcels.queries import atlas
from parcels.queries.known_parties import party_found

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
USUAL_YEARS = 15
# Raft culture takes the surface and the water column (interface guide §2); what a mode is not listed for is left to the asker.
USUAL_LAYERS = {
    "41": ("surface", "water_column"),
    "53": ("seabed", "subsoil"),
    "22": ("seabed", "subsoil"),
    "44": ("surface", "water_column"),
}
MOST_YEARS = 99
# Half the width and height of the view that an address asks for by `near`, in degrees.
NEAR = (0.09, 0.05)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the way here brought along: from a sentence, the guide, or the check before sign-in. What is unknown is left out."""

    use_type: str = ""
    mode: str = ""
    years: int | None = None
    hectares: Decimal | None = None
    near: tuple[float, float] | None = None
    template: str = "establishment"
    party: int | None = None


def asked(
    use_type: Annotated[str, Query(alias="type", max_length=40)] = "",
    mode: Annotated[str, Query(max_length=40)] = "",
    years: Annotated[str, Query(max_length=40)] = "",
    hectares: Annotated[str, Query(max_length=40)] = "",
    near: Annotated[str, Query(max_length=80)] = "",
    template: Annotated[str, Query(pattern=r"^[a-z_]{1,40}$")] = "establishment",
    party: Annotated[int | None, Query(alias="for", ge=1, le=GREATEST_ROW)] = None,
) -> Asked:
    """The query of the address; a word that is no number is no reason to refuse the page."""
    size = re.fullmatch(r"\d{1,6}(\.\d{1,4})?", hectares.strip())
    term = re.fullmatch(r"\d{1,2}", years.strip())
    place = re.fullmatch(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)", near.replace(" ", ""))
    return Asked(
        use_type=use_type,
        mode=mode,
        years=int(term.group()) if term and 1 <= int(term.group()) <= MOST_YEARS else None,
        hectares=Decimal(size.group()) if size and Decimal(size.group()) > 0 else None,
        near=(float(place[1]), float(place[2])) if place else None,
        template=template,
        party=party,
    )


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/check")
@act("page.see")
def check(shell: InShell, wanted: Wanted) -> Response:
    """Can this sea be used? No account is needed and nothing is kept on the server."""
    return _page(shell, "check", *_first(shell, wanted))


@router.get("/parcels/new")
@act("case.open")
def new(shell: InShell, wanted: Wanted) -> Response:
    """A boundary for a new case of a party that one acts for, or that stands before an officer (`for`)."""
    return _page(shell, "new", *_first(shell, wanted), parties=_parties(shell, wanted.party))


@router.get("/cases/{number}/parcel")
@act("case.see")
def of_case(shell: InShell, number: str) -> Response:
    """The boundary of a case: to edit while it is editable, else to look at."""
    case = seen(shell.session, number, "case.see", shell.works)
    use = case.row.use
    if use is None:
        return RedirectResponse(f"/cases/{number}", 303)
    subject = subject_of_case(shell.session, case.row)
    editable = is_editable(case) and packaged_permissions().allowed(shell.works.actor, "case.use.set", subject)
    geometry = geometry_block(use_of(case).boundary, use["modes"]) | {"origin": use["origin"]}
    for unit, words in zip(geometry["units"], use["unit_uses"], strict=False):
        unit["use"] = words
    given = {
        "use_type": use["type"],
        "mode": use["modes"][0],
        "first_day": use["from"],
        "last_day": use["to"],
        "layers": use["layers"],
        "months": use["months"],
        "words": use["unit_uses"][0] if use["unit_uses"] else "",
    }
    boot = {
        "case": number,
        "version": case.row.version,
        "geometry": geometry,
        "readonly": not editable,
        # What the editor does not ask about is sent back as it stands.
        "carried": {name: use[name] for name in ("heights", "layered", "accuracy") if use[name]},
        "keep": f"{shell.works.actor.person}:{number}",
    }
    told = {
        "number": number,
        "name": project_named(shell.session, case.row),
        "mine": case.row.party_id in shell.works.actor.acts_for,
    }
    return _page(shell, "case", given, boot, case=told)


def _first(shell: Shell, wanted: Asked) -> tuple[dict[str, Any], dict[str, Any]]:
    """A first form and what its scripts start with: raft culture from the next first of January, unless the address says else."""
    book = shell.works.book
    known = {"use_type": "use_types", "mode": "use_modes"}
    told = {
        name: value
        for name in known
        if (value := getattr(wanted, name)) in {code.code for code in book.codes[known[name]].leaves()}
    }
    first = date(shell.today.year + 1, 1, 1)
    mode = told.get("mode", "41")
    given = {
        "use_type": told.get("use_type", "13"),
        "mode": mode,
        "first_day": first.isoformat(),
        "last_day": last_day(first, wanted.years or USUAL_YEARS).isoformat(),
        "layers": USUAL_LAYERS.get(mode, ()),
        "months": None,
        "words": "",
    }
    person = shell.works.actor.person
    boot: dict[str, Any] = {
        "asked": {"use-type": told.get("use_type"), "use-mode": told.get("mode")},
        "template": wanted.template,
        "keep": str(person) if person else "public",
        # What was drawn before sign-in comes along.
        "keep_from": "public" if person else None,
    }
    if wanted.hectares:
        boot["hectares"] = format(wanted.hectares.normalize(), "f")
    if wanted.near:
        (lon, lat), (wide, high) = wanted.near, NEAR
        boot["home"] = [[lat - high, lon - wide], [lat + high, lon + wide]]
    return given, boot


def _page(
    shell: Shell,
    purpose: Purpose,
    given: Mapping[str, Any],
    boot: Mapping[str, Any],
    *,
    case: Mapping[str, Any] | None = None,
    parties: Sequence[Mapping[str, Any]] = (),
) -> Response:
    session, lang = shell.session, shell.lang
    box = atlas.extent(session) or WEIHAI
    west, south, east, north = box
    modes = choices(shell.works.book, "use_modes", lang)
    told = {
        "purpose": purpose,
        "home": [[south, west], [north, east]],
        "soon": (shell.today + SOON).isoformat(),
        "modes": modes,
        "example": EXAMPLE,
        "finishes": _finishes(shell),
        **boot,
    }
    return shell.show(
        "editor/editor.html",
        script_texts=("page.", "editor.", "angle."),
        boot=told,
        layout="desk.html" if shell.who else "open.html",
        rail="mini",
        purpose=purpose,
        heading=f"editor.title.{purpose}",
        map=page_map(box, text("page.map.image", lang)),
        day=shell.today.isoformat(),
        use_types=choices(shell.works.book, "use_types", lang),
        use_modes=modes,
        given=given,
        parties=parties,
        example=atlas.holds_samples(session) and purpose != "case",
        hectares=told.get("hectares"),
        case=case,
        readonly=bool(told.get("readonly")),
    )


def _parties(shell: Shell, stands_before: int | None) -> list[dict[str, Any]]:
    """Whom one acts for today; of an officer who helps a party, that party alone."""
    if stands_before is not None and {role for role, _ in shell.works.actor.posts} & OPENERS:
        found = party_found(shell.session, stands_before, shell.today)
        return [{"party": found.id, "name": found.name}] if found else []
    person = shell.works.actor.person or 0
    return [{"party": each.party, "name": each.name} for each in parties_of(shell.session, person, shell.today)]


def _finishes(shell: Shell) -> dict[str, dict[str, Any]]:
    """By the code of a place: its promised days, and in words the last of them for a case accepted today; no table, no day."""
    found: dict[str, dict[str, Any]] = {}
    book, day = shell.works.book, shell.today
    for code, *_ in places_with_codes(shell.session, day):
        known = book.places.find(code, day)
        if known is None:
            continue
        inquiry = book.inquire(dates=on(day), place=book.places.chain(known[0].id), today=day)
        promised = inquiry.ask("days.promised").value
        if promised is not None:
            finish = run_by_rules(inquiry, day, int(promised)).finish
            found[code] = {"days": promised, "on": finish and day_in_words(finish, shell.lang, year=False)}
    return found


def choices(rules: RuleBook, name: str, lang: str) -> list[dict[str, Any]]:
    """A code list as the choices of a field, with the layers that a mode usually takes."""
    return [
        {"code": code.code, "label": getattr(code, lang), "layers": USUAL_LAYERS.get(code.code, ())}
        for code in rules.codes[name].leaves()
    ]
