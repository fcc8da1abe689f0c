"""The rule book in force: the packaged one under the entries and confirmations of the database.

Every entry, confirmation and withdrawal is an event of the stream `rule_book:1` with the digest of its document.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data import events
from data.actors import Actor
from data.answers import Refusal
from data.clock import recorded_at
from data.overlay_tables import RuleBookRecord, RuleConfirmation, RuleEntry
from data.rulebook import Confirmation, Entry, RuleBook, RuleBookError, UnknownRule, merge, packaged
from data.rulebook.entering import at_its_field, strange_keys
from data.rulebook.values import plain, unplain

STREAM = events.StreamName("rule_book", 1)


def book_in_force(session: Session) -> RuleBook:
    """The packaged book with everything entered and not withdrawn; equal overlays give the same object."""
    entries = session.execute(
        select(RuleEntry.id, RuleEntry.entry).where(RuleEntry.withdrawn_at.is_(None)).order_by(RuleEntry.id)
    ).all()
    words = session.execute(
        select(RuleConfirmation.id, RuleConfirmation.confirmation)
        .where(RuleConfirmation.withdrawn_at.is_(None))
        .order_by(RuleConfirmation.id)
    ).all()
    if not entries and not words:
        return packaged()
    return _merged(_Rows(tuple(entries)), _Rows(tuple(words)))


class _Rows:
    """Rows that are compared by their ids only: an entry is never changed, so its id names its content."""

    def __init__(self, rows: tuple[Any, ...]) -> None:
        self.rows = rows
        self._ids = tuple(row[0] for row in rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self._ids == other._ids and self.rows == other.rows

    def __hash__(self) -> int:
        return hash(self._ids)


@lru_cache(maxsize=8)
def _merged(entries: _Rows, words: _Rows) -> RuleBook:
    return merge(packaged(), [_entry(row[1]) for row in entries.rows], [_confirmation(row[1]) for row in words.rows])


def book_with(
    session: Session, *, entry: Entry | None = None, word: Confirmation | None = None, without: int | None = None
) -> RuleBook:
    """The book as it would be with one more entry or confirmation, or without an entry; nothing is written.

    Refuses what cannot be merged, and a confirmation of a packaged value that is another by now.
    """
    entries = [_entry(row.entry) for row in entries_in_force(session) if row.id != without]
    words = session.scalars(select(RuleConfirmation.confirmation).where(RuleConfirmation.withdrawn_at.is_(None)))
    known = [_confirmation(row) for row in words]
    if word is not None and merge(packaged(), [], [word]).stale:
        raise Refusal("rules.confirmation_stale", rule=word.rule)
    if entry is None:
        return merge(packaged(), entries, [*known, *([word] if word else [])])
    _sound(entry)
    try:
        return merge(packaged(), [*entries, entry], known)
    except RuleBookError as error:
        rule = packaged().rule(entry.rule)
        faults = [at_its_field(rule, entry.value, fault) for fault in error.faults]
        raise Refusal("rules.entry_refused", faults, rule=entry.rule, count=len(faults)) from error


def _sound(entry: Entry) -> None:
    """Refuse an entry for no rule, or for keys that its rule cannot be asked by."""
    try:
        strange = list(strange_keys(packaged(), entry))
    except UnknownRule as unknown:
        raise Refusal("rules.no_such_rule", rule=entry.rule) from unknown
    if strange:
        raise Refusal("rules.entry_refused", strange, rule=entry.rule, count=len(strange))


def entries_in_force(session: Session, rule: str | None = None) -> list[RuleEntry]:
    """The entries that nobody has withdrawn, of one rule or of all, in the order entered."""
    query = select(RuleEntry).where(RuleEntry.withdrawn_at.is_(None)).order_by(RuleEntry.id)
    return list(session.scalars(query if rule is None else query.where(RuleEntry.rule == rule)))


def entry_in_force(session: Session, entry_id: int, *, lock: bool = False) -> RuleEntry:
    """One entry; refuses where there is none, or where it was withdrawn."""
    row = session.get(RuleEntry, entry_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.withdrawn_at is not None:
        raise Refusal("rules.entry_not_in_force", entry=entry_id)
    return row


def enter(session: Session, entry: Entry, document: bytes, *, actor: Actor) -> int:
    """Lay one value over the book; its number. Refuses what no rule asks for, or what meets another entry."""
    _only_administrators(actor)
    # Before the look: of two entries for one day that came at once, the second must see the first, or both would be stored and
    # no book could be merged any more.
    events.lock_streams(session, [STREAM])
    book_with(session, entry=entry)
    digest = _digest(document)
    at = recorded_at(session)
    row = RuleEntry(rule=entry.rule, entry=_plain(entry), document_digest=digest, entered_at=at)
    session.add(row)
    session.flush()  # the event names the row's number
    body = {"entry": row.id, "content": _plain(entry), "document": digest}
    events.record(session, STREAM, "rules.entered", body, actor=actor, at=at)
    return row.id


def confirm(session: Session, word: Confirmation, document: bytes, *, actor: Actor) -> int:
    """Record that a packaged value was found in force, by whom and by which document."""
    _only_administrators(actor)
    events.lock_streams(session, [STREAM])
    book_with(session, word=word)
    digest = _digest(document)
    at = recorded_at(session)
    row = RuleConfirmation(rule=word.rule, confirmation=_plain(word), document_digest=digest, entered_at=at)
    session.add(row)
    session.flush()  # the event names the row's number
    body = {"confirmation": row.id, "content": _plain(word), "document": digest}
    events.record(session, STREAM, "rules.confirmed", body, actor=actor, at=at)
    return row.id


def withdraw(session: Session, entry_id: int, *, actor: Actor) -> None:
    """Take an entry back; the packaged value holds again. What was decided under it keeps its book."""
    _only_administrators(actor)
    row = entry_in_force(session, entry_id, lock=True)
    row.withdrawn_at = recorded_at(session)
    events.record(session, STREAM, "rules.withdrawn", {"entry": entry_id}, actor=actor, at=row.withdrawn_at)


def keep(session: Session, book: RuleBook) -> str:
    """Store the book's content under its hash, once, so that whatever names it can be judged again; the hash."""
    # Writing the whole book out takes longer than most acts; nearly always it was kept before.
    if session.scalar(select(RuleBookRecord.hash).where(RuleBookRecord.hash == book.hash)) is not None:
        return book.hash
    values = {"hash": book.hash, "alg": "sha256", "content": book.content(), "kept_at": func.clock_timestamp()}
    session.execute(insert(RuleBookRecord).values(values).on_conflict_do_nothing())
    return book.hash


def kept(session: Session, book_hash: str) -> RuleBook | None:
    """The book with this hash, rebuilt from what was kept."""
    content = session.scalar(select(RuleBookRecord.content).where(RuleBookRecord.hash == book_hash))
    return None if content is None else RuleBook.from_content(content)


def _only_administrators(actor: Actor) -> None:
    if not actor.is_administrator:
        raise Refusal("rules.administrator_only")


def _digest(document: bytes) -> str:
    if not document:
        raise Refusal("rules.document_missing")
    return "sha256:" + hashlib.sha256(document).hexdigest()


def _plain(value: Entry | Confirmation) -> dict[str, Any]:
    told: dict[str, Any] = plain({name: getattr(value, name) for name in value.__slots__})
    return told


def _entry(told: dict[str, Any]) -> Entry:
    return Entry(**_fields(told))


def _confirmation(told: dict[str, Any]) -> Confirmation:
    return Confirmation(**_fields(told))


def _fields(told: dict[str, Any]) -> dict[str, Any]:
    return {name: unplain(value) for name, value in told.items()}
