"""Why a field is asked: the rule in plain words, its basis and how sure it is, since when, and what it is printed on.

All of it comes from the dictionary of the form and from the rule book.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api.schemas.register import label
from approvals.cases.oneform import Item, Layout
from approvals.dictionary import Form
from approvals.papers.marks import origin_basis
from data.answers import Source
from data.messages import text
from data.rulebook import Inquiry
from marine.terms import Cap

RULE_OF_TERM = "term.maximum_years"


def why(item: Item, layout: Layout, limit: Cap | None, inquiry: Inquiry, lang: str) -> dict[str, Any]:
    """What the popover of a field says."""
    form, today = layout.form, inquiry.today
    origin = form.sources[item.field.basis]
    cite, mark = origin_basis(origin, today)
    bases = [{"cite": cite, "mark": mark, "edition": origin.edition, "since": None, "checked": origin.checked}]
    printed = printed_on(form, item.field_name, lang)
    title, says = _says(item, lang)
    if item.field_name == "term" and limit is not None:
        use_type = label(inquiry.book, "use_types", limit.use_type, lang)
        if limit.years is None:
            title = says = text("portal.form.why.term.unknown", lang, use_type=use_type)
        else:
            title = text("portal.form.why.term.title", lang, years=limit.years)
            says = text("portal.form.why.term", lang, years=limit.years, use_type=use_type)
        bases = [_basis(source) for source in limit.basis]
    return {"title": title, "says": says, "bases": bases, "printed": printed}


def _says(item: Item, lang: str) -> tuple[str, str]:
    printed = "required" if item.field.required else "optional"
    return text("portal.form.why.title", lang, number=item.field.number), text(f"portal.form.why.{printed}", lang)


def _basis(source: Source) -> dict[str, Any]:
    since: date | None = source.since
    return {
        "cite": source.cite,
        "mark": source.mark,
        "edition": source.edition,
        "since": since.isoformat() if since else None,
        "checked": source.checked,
    }


def printed_on(form: Form, field_name: str, lang: str) -> list[dict[str, str]]:
    """The documents that a field is printed on, each with the names that it has there."""
    found: dict[str, list[str]] = {each: [] for each in form.documents if each in form.destinations(field_name)}
    for told in form.originals.values():
        for original in told.fields.values():
            if original.field == field_name:
                found[told.document].append(str(getattr(original.label, lang)))
    return [
        {"document": str(getattr(form.documents[document], lang)), "as": text("page.comma", lang).join(names)}
        for document, names in found.items()
    ]
