"""The home page: one sentence, the public sea, what can be done here, what is under notice, and figures that are counted."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from api.gates import act
from api.minutes import once_a_minute
from api.portal.charts import sea_chart
from api.portal.guide import SITUATIONS, figures, is_online, typed_of
from api.portal.notices import home_notices
from api.portal.searching import understood
from api.portal.shell import InShell, Shell
from approvals.dictionary import forms
from approvals.wishes import sea_names
from maps.charts import Place
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
# The waters off eastern Rongcheng, as the mock-up has them; a register without rights there opens where it has some.
HOME_BOX: atlas.Bounds = (122.42, 37.035, 122.68, 37.215)
CHART = (616, 520)
NOTICES = 4
# What the press says is being made of several matters at once; none of them can be done here yet.
BUNDLES = ("oyster", "equipment", "works", "sea_project")
Told = Annotated[str, Query(max_length=40)]


@router.get("/")
@act("page.see")
def home(shell: InShell) -> Response:
    """Where does what I want begin?"""
    form = forms()["establishment"]
    values: dict[str, Any] = {
        "map": _map(shell),
        "situations": SITUATIONS,
        "is_online": is_online,
        "bundles": BUNDLES,
        "notices": home_notices(shell, NOTICES),
        "figures": figures(shell),
        "raw": form.raw,
        "merged": form.merged,
        "typed": typed_of(form),
        "rights": rights_counted(shell),
    }
    return shell.show("public/home.html", **values, **understood(shell, ""))


@router.get("/onward")
@act("page.see")
def onward(
    to: Literal["draw", "check"],
    use_type: Annotated[str, Query(alias="type", max_length=8)] = "",
    mode: Told = "",
    way: Told = "",
    hectares: Told = "",
    years: Told = "",
    near: Told = "",
) -> Response:
    """On to the map with what was understood: only what was told goes along."""
    told = {"type": use_type, "mode": mode, "way": way, "hectares": hectares, "years": years, "near": near}
    query = urlencode({name: value for name, value in told.items() if value.strip()})
    page = "/parcels/new" if to == "draw" else "/check"
    return RedirectResponse(f"{page}?{query}" if query else page, 303)


def _map(shell: Shell) -> dict[str, Any]:
    """The picture of the sea; it shows what is public, the same to everybody."""
    return {"svg": once_a_minute(shell.session, f"map {shell.lang} {shell.today}", lambda: _draw(shell))}


def _draw(shell: Shell) -> Markup:
    here = atlas.anything_in(shell.session, HOME_BOX)
    box = HOME_BOX if here else atlas.extent(shell.session) or HOME_BOX
    places = [Place(each.at, getattr(each, shell.lang), each.kind) for each in sea_names() if each.kind != "county"]
    return sea_chart(shell.session, box, shell.lang, shell.today, size=CHART, places=places)


def rights_counted(shell: Shell) -> int:
    """Public rights in force today."""
    session, today = shell.session, shell.today
    return once_a_minute(session, f"rights {today}", lambda: atlas.rights_in_force(session, today))
