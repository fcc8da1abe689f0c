"""The submitted versions of a case side by side: what its signed applications say differently, and both boundaries on one map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.portal.charts import case_chart
from approvals import queries
from approvals.cases.store import Opened, Works
from approvals.papers.content import PaperContent
from approvals.papers.reserving import content_in

APPLICATION = "use_application"


def compared(session: Session, case: Opened, works: Works, lang: str, today: date) -> list[dict[str, Any]]:
    """Each submission against the one before, newest first; empty while there is one only."""
    applications = [row for row in queries.documents_of(session, case.row.id) if row.kind == APPLICATION]
    contents = [content_in(row, works.keys) for row in applications]
    uses = [version.use for version in queries.versions_of(session, case.row.id)]
    told = []
    for number in range(1, len(contents)):
        before, now = contents[number - 1], contents[number]
        boundaries = (uses[number - 1], uses[number]) if len(uses) > number else None
        told.append(
            {
                "a": number,
                "b": number + 1,
                "on": now.issued_on.isoformat(),
                "rows": list(differences(before, now, lang)),
                "same_boundary": applications[number - 1].boundary_hash == applications[number].boundary_hash,
                "areas": tuple(each["hectares"] for each in boundaries) if boundaries else None,
                "map": _map(session, boundaries, lang, today) if boundaries else "",
            }
        )
    return told[::-1]


def _map(session: Session, uses: tuple[Mapping[str, Any], Mapping[str, Any]], lang: str, today: date) -> Any:
    before, now = uses
    return case_chart(session, now, lang, today, before=before["boundary"], size=(640, 320))


def differences(before: PaperContent, now: PaperContent, lang: str) -> Iterator[dict[str, str]]:
    """Every row of the application whose value is another one now."""
    was, told = rows_of(before, lang), rows_of(now, lang)
    for name in {**was, **told}:
        if was.get(name) != told.get(name):
            yield {"label": name, "was": was.get(name, ""), "now": told.get(name, "")}


def rows_of(content: PaperContent, lang: str) -> dict[str, str]:
    """The labelled values of a paper in its order, tables row by row."""
    told: dict[str, str] = {}
    for block in content.blocks:
        heading = block.title[lang] if block.title else ""
        for row in block.rows:
            told[row.label[lang]] = row.value[lang]
        for number, cells in enumerate(block.cells, 1):
            told[f"{heading} {number}".strip()] = " · ".join(cell[lang] for cell in cells)
    return told
