"""The page of components: every part of the interface in every state, and so the visual test of the design language."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.gates import act
from api.portal.shell import InShell

router = APIRouter(include_in_schema=False)
COLOURS = (
    "bg", "card", "sunk", "line", "edge", "ink", "ink2", "ink3", "sea", "seah", "seat", "seal", "buoy", "reg", "sandt", "msea", "mland",
)  # fmt: skip
GRADES = ("clear", "touching", "within_tolerance", "compatible", "needs_consent", "conflict")
LAYERS = (
    ("surface",),
    ("water_column",),
    ("seabed",),
    ("subsoil",),
    ("surface", "water_column"),
    ("seabed", "subsoil"),
    ("surface", "water_column", "seabed", "subsoil"),
)
DOUBTS = ("unverified", "edition_not_confirmed", "house", "sample")
RIGHTS = ("right", "pending", "expiring", "ended", "zone")


@router.get("/design")
@act("page.see")
def components(shell: InShell) -> Response:
    """All components on one page, in the reader's language and theme."""
    return shell.show(
        "design/components.html", colours=COLOURS, grades=GRADES, layer_sets=LAYERS, doubts=DOUBTS, rights=RIGHTS
    )
