"""The overlay on the rule book, through real PostGIS."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data import overlay
from data.actors import Actor
from data.answers import Refusal
from data.rulebook import Entry, on, packaged
from tests.support.databases import Database

RATE = Entry(
    rule="fee.rate",
    keys={"grade": "3", "mode": "41"},
    place="371082",
    value=Decimal("0.06"),
    cite="威海市财政局文件（测试）",
    document="rate.pdf",
    since=date(2026, 1, 1),
)


def _rate_keys() -> dict[str, str]:
    """The keys of the fee rule as the packaged book names them."""
    names = packaged().rule("fee.rate").keys
    told = {"mode": "41", "fee_mode": "41", "grade": "3", "use_mode": "41"}
    return {name: told[name] for name in names}


def _entry() -> Entry:
    value = {field: getattr(RATE, field) for field in RATE.__slots__}
    return Entry(**{**value, "keys": _rate_keys()})


def test_an_entry_with_its_document_changes_the_book_and_its_withdrawal_brings_the_old_one_back(
    session: Session,
) -> None:
    assert overlay.book_in_force(session) is packaged()
    number = overlay.enter(session, _entry(), b"%PDF rate", actor=Actor.administrator())
    book = overlay.book_in_force(session)
    assert book.hash != packaged().hash
    answer = book.inquire(dates=on(date(2026, 6, 1)), place=book.places.chain("371082")).ask("fee.rate", **_rate_keys())
    assert answer.value == Decimal("0.06")
    overlay.withdraw(session, number, actor=Actor.administrator())
    assert overlay.book_in_force(session).hash == packaged().hash


def test_an_entry_without_a_document_or_by_another_is_refused_and_nothing_is_written(session: Session) -> None:
    with pytest.raises(Refusal) as refusal:
        overlay.enter(session, _entry(), b"", actor=Actor.administrator())
    assert refusal.value.code == "rules.document_missing"
    with pytest.raises(Refusal) as refusal:
        overlay.enter(session, _entry(), b"x", actor=Actor.public())
    assert refusal.value.code == "rules.administrator_only"
    assert session.scalar(text("SELECT count(*) FROM rule_entry")) == 0


def test_an_entry_is_never_changed_or_deleted(session: Session) -> None:
    number = overlay.enter(session, _entry(), b"%PDF rate", actor=Actor.administrator())
    with pytest.raises(DBAPIError, match="withdrawn|permission"), session.begin_nested():
        session.execute(text("UPDATE rule_entry SET rule = 'x' WHERE id = :id"), {"id": number})
    with pytest.raises(DBAPIError, match="append_only|permission"), session.begin_nested():
        session.execute(text("DELETE FROM rule_entry WHERE id = :id"), {"id": number})


def test_a_kept_book_can_be_rebuilt_from_its_hash(session: Session) -> None:
    name = overlay.keep(session, packaged())
    assert overlay.keep(session, packaged()) == name
    book = overlay.kept(session, name)
    assert book is not None and book.hash == name
    assert overlay.kept(session, "0" * 64) is None


def test_two_entries_for_one_day_that_come_at_once_cannot_both_be_stored(own_database: Database) -> None:
    """Both would be stored and no book could be merged any more: every request would fail until one was taken out by hand."""
    maker, together, outcomes = own_database.sessions(), threading.Barrier(2), []

    def enter() -> None:
        try:
            with maker.begin() as session:
                session.execute(text("SELECT 1"))
                together.wait(10)
                overlay.enter(session, _entry(), b"%PDF rate", actor=Actor.administrator())
            outcomes.append("entered")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["entered", "rules.entry_refused"]
    with maker() as session:
        assert overlay.book_in_force(session).hash != packaged().hash
        assert len(overlay.entries_in_force(session, "fee.rate")) == 1


def test_what_the_book_would_be_is_told_without_writing_it(session: Session) -> None:
    would = overlay.book_with(session, entry=_entry())
    assert would.hash != packaged().hash and overlay.book_in_force(session) is packaged()
    number = overlay.enter(session, _entry(), b"%PDF rate", actor=Actor.administrator())
    assert overlay.book_in_force(session).hash == would.hash
    assert overlay.book_with(session, without=number).hash == packaged().hash
    with pytest.raises(Refusal) as refusal:
        overlay.book_with(session, entry=_entry())
    assert refusal.value.code == "rules.entry_refused"
