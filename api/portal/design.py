"""The page of components: every part of the interface in every state, and so the visual test of the design language."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.gates import act
from api.portal.shell import InShell
from data.messages import text

router = APIRouter(include_in_schema=False)
COLOURS = (
    "bg", "card", "sunk", "line", "edge", "ink", "ink2", "ink3", "sea", "seah", "seat", "seal", "buoy", "reg", "sandt", "msea", "msea2", "mland", "mledge", "mwater", "r-reg",
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
PLAIN_DAY = dict.fromkeys(("number", "basis", "name", "predicted", "finish", "house", "today"))
# One day of every kind, in the order in which a case may meet them: date, weekday, label, and what else its cell needs.
DAYS: tuple[tuple[str, int, str, dict[str, object]], ...] = (
    ("2025-12-29", 1, "received", {}),
    ("2025-12-30", 2, "correction", {}),
    ("2025-12-31", 3, "accepted", {}),
    ("2026-01-01", 4, "holiday", {"name": "portal.design.days.holiday"}),
    ("2026-01-04", 7, "makeup_workday", {}),
    ("2026-01-05", 1, "counted", {"number": 2, "today": True}),
    ("2026-01-10", 6, "weekend", {}),
    ("2026-01-12", 1, "excluded", {"name": "expert_review", "basis": "portal.design.days.basis"}),
    ("2026-01-13", 2, "excluded", {"name": "public_notice", "house": True}),
    ("2026-01-14", 3, "counted", {"number": 3, "predicted": True}),
    ("2026-01-15", 4, "counted", {"number": 4, "predicted": True, "finish": True}),
)


@router.get("/design")
@act("page.see")
def components(shell: InShell) -> Response:
    """All components on one page, in the reader's language and theme."""
    return shell.show(
        "design/components.html",
        colours=COLOURS,
        grades=GRADES,
        layer_sets=LAYERS,
        doubts=DOUBTS,
        rights=RIGHTS,
        days=[_day(*each, lang=shell.lang) for each in DAYS],
    )


def _day(on: str, weekday: int, label: str, more: dict[str, object], *, lang: str) -> dict[str, object]:
    """A day as the clock of a case tells it, its words in the reader's language."""
    said = {
        key: text(value, lang) if isinstance(value, str) and value.startswith("portal.") else value
        for key, value in more.items()
    }
    return PLAIN_DAY | {"date": on, "weekday": weekday, "label": label} | said
