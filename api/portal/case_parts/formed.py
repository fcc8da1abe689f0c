"""The form as an officer reads it: section by section, each value in words, with where it came from and what it rests on."""

from __future__ import annotations

from typing import Any

from api.people.queries import names_of
from api.portal.form_parts.fields import Around, day_after, fields_told
from api.portal.shell import Shell
from approvals.cases import oneform
from approvals.cases.store import Opened

# Officers of the place need the numbers that other readers see masked.
NUMBERS = ("identifier", "person_id")
Told = dict[str, Any]


def form_told(shell: Shell, case: Opened) -> Told:
    """Sections with their fields, holder after holder; the counts of the form; who typed what."""
    session, works, lang = shell.session, shell.works, shell.lang
    layout = oneform.lay_out(session, case, works)
    inquiry = oneform.inquiry_of(session, case, works)
    around = Around(
        layout=layout,
        inquiry=inquiry,
        limit=oneform.term_limit(layout, inquiry),
        use=case.row.use,
        faults=(),
        starts=day_after(None, shell.today),
        number=case.number,
        lang=lang,
    )
    typists = names_of(session, {each.entered_by for each in layout.answers.values() if each.entered_by is not None})
    fields = []
    for field in fields_told(around).values():
        if not field["applies"]:
            continue
        answer = layout.answers.get(field["name"])
        by = typists.get(answer.entered_by) if answer and answer.entered_by is not None else None
        whole = field["type"] in NUMBERS and not field["empty"]
        words = str(field["value"]) if whole else field["words"]
        fields.append({**field, "words": words, "by": by, "at": answer.recorded_at if answer and by else None})
    sections = [
        {"name": name, "title": getattr(title, lang), "fields": [each for each in fields if each["section"] == name]}
        for name, title in layout.form.sections.items()
    ]
    return {"sections": [each for each in sections if each["fields"]], "meter": layout.meter}
