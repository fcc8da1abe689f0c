"""Help: what each role can do, keys, marks, accessibility, privacy; the answers that a person looks for before it asks someone."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.gates import act
from api.permissions import packaged_permissions
from api.portal.navigation import DESKS, MY, PUBLIC, Entry
from api.portal.shell import InShell

router = APIRouter(include_in_schema=False)
DOUBTS = ("unverified", "edition_not_confirmed", "house", "sample")
SOURCES = ("typed", "known", "computed")
GRADES = ("clear", "touching", "within_tolerance", "compatible", "needs_consent", "conflict")
ROLES: tuple[tuple[str, tuple[Entry, ...]], ...] = (("public", PUBLIC), ("enterprise", MY), *DESKS.items())


@router.get("/help")
@act("page.see")
def help_page(shell: InShell) -> Response:
    """One page, so that the browser's own search finds everything."""
    allowed = packaged_permissions()
    roles = [
        {
            "name": name,
            "pages": entries,
            "acts": [getattr(row, shell.lang) for row in allowed.rows.values() if name in row.may],
        }
        for name, entries in ROLES
    ]
    return shell.show("help/help.html", roles=roles, doubts=DOUBTS, sources=SOURCES, grades=GRADES)
