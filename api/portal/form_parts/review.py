"""Everything that will be signed, as the official documents will say it: each original field with its value, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.portal.form_parts.fields import Told
from approvals.cases.oneform import Layout
from approvals.forms import Placement, placements
from approvals.papers.answers import by_procedure
from approvals.papers.words import both


def documents(layout: Layout, fields: Mapping[str, Told], template: str, lang: str) -> list[Told]:
    """The documents in the order of the form, each with its rows."""
    form = layout.form
    told: dict[str, list[Told]] = {each: [] for each in form.documents}
    for placed in placements(form, layout.answers):
        told[placed.document].append(_row(layout, fields, template, placed, lang))
    return [
        {
            "name": name,
            "title": getattr(form.documents[name], lang),
            "rows": rows,
            "holders": _holders(fields, name, layout),
        }
        for name, rows in told.items()
    ]


def _row(layout: Layout, fields: Mapping[str, Told], template: str, placed: Placement, lang: str) -> Told:
    group = next(each for each in layout.form.originals.values() if each.document == placed.document)
    shown = fields.get(placed.field or "")
    row: Told = {"label": getattr(group.fields[placed.original].label, lang), "status": placed.status, "field": shown}
    if placed.status == "filled" and shown is not None:
        by_matter = by_procedure(template, str(placed.field), placed.original)
        return {**row, "words": by_matter[lang] if by_matter else shown["words"]}
    return {**row, "words": _absent(layout, placed)[lang]}


def _absent(layout: Layout, placed: Placement) -> Any:
    """Why a field of a document has no value."""
    if placed.status == "empty":
        return both("paper.status.empty")
    if placed.status == "not_applicable" and placed.field is not None:
        when = layout.form.fields[placed.field].when
        assert when is not None
        return both("paper.status.condition", field=layout.form.fields[when.field].label.model_dump())
    return both(f"paper.status.{placed.status}", reason=dict(placed.reason or {}))


def _holders(fields: Mapping[str, Told], document: str, layout: Layout) -> list[Told]:
    """What the co-holders answer for themselves, as far as this document prints it."""
    return [
        told
        for told in fields.values()
        if told["holder"] > 1 and told["applies"] and document in layout.form.destinations(told["field"])
    ]
