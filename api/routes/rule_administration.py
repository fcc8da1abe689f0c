"""The administrator's hand on the rule book: values supplied with their document, confirmations, withdrawals; as `haiyu rules`.

A dry run says what the book would be and what an entry would stand before, and writes nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import event
from sqlalchemy.orm import Session

from api.cli.output import plain
from api.deps import Asker, House, Reading, TheHouse, Today, Writing
from api.gates import act
from api.idempotency import Once
from api.rule_entries import packaged_value, row_of, value_of
from api.schemas.problems import refuses
from api.schemas.rules import ConfirmationIn, EntryIn, multipart
from api.uploads import Received, RuleDocument
from approvals.materials import clean_name
from data import overlay
from data.answers import Refusal
from data.rulebook import Cell, Confirmation, Entry, RuleBook
from data.rulebook.values import unplain
from parcels.papers import keep_file

router = APIRouter(prefix="/rules/{rule_id}", tags=["rules"])
RuleId = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31)]
REFUSALS = refuses(401, 403, 413, 415)
# A dry run may come without the document; it still has to be called something.
UNNAMED = "–"


@router.get("/entries", summary="What administrators entered for a rule", responses=refuses())
@act("rules.see")
def entries(rule_id: RuleId, session: Reading) -> dict[str, Any]:
    """Entries in force with their number, by which they are withdrawn, and the digest of their document."""
    found = overlay.entries_in_force(session, rule_id)
    return {"rule": rule_id, "entries": [_entry_json(row) for row in found]}


@router.post("/entries", summary="Supply a value with its document", status_code=201, responses=REFUSALS, openapi_extra=multipart(EntryIn))  # fmt: skip
@act("rules.enter")
def enter(
    rule_id: RuleId, came: RuleDocument, session: Writing, home: TheHouse, by: Asker, once: Once, today: Today
) -> Any:
    """The entry beats the packaged value for its dates and place, at once, until it is withdrawn."""
    told, before = came.form(EntryIn, "key"), overlay.book_in_force(session)
    entry = _entry(rule_id, told, came, before)
    if told.dry_run:
        return once.keep(_entered(None, entry, before, overlay.book_with(session, entry=entry), today))
    number = overlay.enter(session, entry, _kept(session, came), actor=by)
    expire_after(session, home)
    return once.keep(_entered(number, entry, before, overlay.book_in_force(session), today), 201)


@router.post("/confirmations", summary="Confirm that a value is in force", status_code=201, responses=REFUSALS, openapi_extra=multipart(ConfirmationIn))  # fmt: skip
@act("rules.confirm")
def confirm(
    rule_id: RuleId, came: RuleDocument, session: Writing, home: TheHouse, by: Asker, once: Once, today: Today
) -> Any:
    """Lifts the mark of doubt from a packaged value, as long as the value stays as it is."""
    told, before = came.form(ConfirmationIn, "key"), overlay.book_in_force(session)
    word = _confirmation(rule_id, told, came, before, told.by or f"account {by.person}", today)
    if told.dry_run:
        return once.keep(_confirmed(None, word, before, overlay.book_with(session, word=word), today))
    number = overlay.confirm(session, word, _kept(session, came), actor=by)
    expire_after(session, home)
    return once.keep(_confirmed(number, word, before, overlay.book_in_force(session), today), 201)


@router.delete("/entries/{number}", summary="Take an entry back", responses=REFUSALS)
@act("rules.withdraw")
def withdraw(
    rule_id: RuleId,
    number: Number,
    session: Writing,
    home: TheHouse,
    by: Asker,
    once: Once,
    dry_run: Annotated[bool, Query(description="Only say what the book would be; nothing is written")] = False,
) -> Any:
    """The packaged value holds again. The entry and its document stay on record, and what was decided under it keeps its book."""
    before = overlay.book_in_force(session)
    if overlay.entry_in_force(session, number).rule != rule_id:
        raise Refusal("rules.entry_not_in_force", entry=number)
    if dry_run:
        after = overlay.book_with(session, without=number)
    else:
        overlay.withdraw(session, number, actor=by)
        expire_after(session, home)
        after = overlay.book_in_force(session)
    return once.keep({"withdrawn": number, "dry_run": dry_run, "rules": after.hash, "before": before.hash})


def expire_after(session: Session, home: House) -> None:
    """Let the next request of this process read the book anew once this one is committed.

    Before the commit it would be too early: another request could read the old book again and hold it for its full time.
    """
    event.listen(session, "after_commit", lambda _: home.book.expire(), once=True)


def _kept(session: Session, came: Received) -> bytes:
    """The document's bytes, kept by their digest; an empty one is refused by the overlay itself."""
    if came.content:
        keep_file(session, clean_name(came.filename), came.content)
    return came.content


def _document(came: Received) -> str:
    return clean_name(came.filename) if came.content else UNNAMED


def _entry(rule: str, told: EntryIn, came: Received, book: RuleBook) -> Entry:
    return Entry(
        rule=rule,
        keys=told.keys,
        place=told.place,
        value=value_of(book, rule, told.value),
        cite=told.cite,
        document=_document(came),
        since=told.since,
        until=told.until,
        seen=told.seen,
        edition=told.edition,
        checked=told.checked,
    )


def _confirmation(
    rule: str, told: ConfirmationIn, came: Received, book: RuleBook, by: str, today: date
) -> Confirmation:
    """The word for the value as it is now; refused where the asker read another one."""
    found = packaged_value(book, rule, told.keys, told.place, told.since)
    if told.fingerprint not in (None, found.fingerprint):
        raise Refusal("rules.confirmation_stale", rule=rule)
    return Confirmation(
        rule=rule,
        keys=told.keys,
        place=told.place,
        since=told.since,
        fingerprint=found.fingerprint,
        by=by,
        on=today,
        document=_document(came),
    )


def _entered(number: int | None, entry: Entry, before: RuleBook, after: RuleBook, today: date) -> dict[str, Any]:
    """The value as the book has it now, and the one that was in force before it for its first day and place."""
    keys = before.keys(entry.rule, entry.keys)
    chain = before.places.chain(entry.place)
    day = entry.since or today
    now, then = (book.cell(entry.rule, keys, chain, day) for book in (after, before))
    told = {
        "entry": number,
        "dry_run": number is None,
        "rules": after.hash,
        "before": before.hash,
        "value": now and _row(now, today),
        "replaces": then and _row(then, today),
    }
    return dict(plain(told))


def _confirmed(
    number: int | None, word: Confirmation, before: RuleBook, after: RuleBook, today: date
) -> dict[str, Any]:
    found = packaged_value(after, word.rule, word.keys, word.place, word.since)
    told = {
        "confirmation": number,
        "dry_run": number is None,
        "rules": after.hash,
        "before": before.hash,
        "value": _row(found, today),
    }
    return dict(plain(told))


def _row(cell: Cell, today: date) -> dict[str, Any]:
    """A value as `GET /rules/{rule_id}` tells it, with keys, place and days."""
    return {**row_of(cell, today), "value": cell.value}


def _entry_json(row: Any) -> dict[str, Any]:
    told = {name: unplain(value) for name, value in row.entry.items()}
    names = ("keys", "place", "value", "cite", "document", "seen", "edition")
    days = {"from": told["since"], "until": told["until"], "checked": told["checked"]}
    mine = {"entry": row.id, "document_digest": row.document_digest, "entered_at": row.entered_at}
    return dict(plain({**mine, **{name: told[name] for name in names}, **days}))
