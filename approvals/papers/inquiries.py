"""What a paper asks the rule book: by the case's own dates and at the place that handles it."""

from __future__ import annotations

from approvals.dates import dates_of
from approvals.papers.casefile import CaseFile
from data.rulebook import Inquiry


def place_in_book(file: CaseFile) -> str | None:
    """The place that handles the case as the rule book names it; None where the book does not know its code."""
    code = file.place.code
    if code is None:
        return None
    found = file.book.places.find(code, file.on)
    return found[0].id if found else None


def inquiry_of(file: CaseFile) -> Inquiry:
    """An inquiry by the case's dates; the nation's rules alone where the book does not know the place."""
    place = place_in_book(file)
    chain = file.book.places.chain(place) if place else ("cn",)
    return file.book.inquire(dates=dates_of(file.state, file.template, file.on), place=chain, today=file.on)
