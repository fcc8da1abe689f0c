"""Verification of the register: silent on what its own doors wrote, and naming whatever was changed behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from parcels import register
from parcels.register import EndRequest, Share, WithdrawRequest
from parcels.verify import findings
from tests.parcels.builders import (
    BOOK,
    NOW,
    OFFICER,
    adopt,
    build_claim,
    build_old,
    build_paper,
    build_party,
    build_request,
    build_right,
    grant,
    rectangle,
    ring,
)
from tests.support.databases import Database


def codes(session: Session) -> list[str]:
    """What a verification finds now."""
    return [finding.code for finding in findings(session)]


def live(session: Session) -> None:
    """A register that went through every act: adopted, claimed, freed, approved, registered, changed, ended."""
    bow_tie = ring((3000, 0), (3100, 100), (3100, 0), (3000, 100))
    adopt(session, build_old(rectangle(2000, 0, 2100, 100)), build_old(bow_tie))
    build_claim(session, rectangle(1000, 0, 1100, 100), case_number="gone")
    register.withdraw_claim(session, WithdrawRequest(case_number="gone"), actor=OFFICER, now=NOW)
    holders = (Share(build_party(session)),)
    build_claim(session, rectangle(1000, 0, 1100, 100), case_number="c")
    moved = build_request(standing="claimed", case_number="c")
    register.change_claim(session, moved, actor=OFFICER, book=BOOK, now=NOW)
    for standing in ("approved", "registered"):
        granted = grant(session, build_request(standing=standing, case_number="c", holders=holders))
    changed = build_request(rectangle(0, 0, 90, 100), changes=granted.right_id, holders=holders)
    register.change_boundary(session, changed, actor=OFFICER, book=BOOK, now=NOW)
    other = build_right(session, rectangle(500, 0, 600, 100))
    assert other.right_id is not None
    below = build_right(session, rectangle(700, 0, 800, 100), layer="seabed")
    above = build_request(rectangle(700, 0, 800, 100), layer="surface", case_number="above", holders=holders)
    build_paper(session, case="above", boundary=above.boundary, right=below.right_id)
    grant(session, above)
    end = EndRequest(right_id=other.right_id, ended_on=date(2030, 1, 1), how="cancelled")
    register.end_right(session, end, actor=OFFICER, now=NOW)


def test_what_the_doors_wrote_verifies(session: Session) -> None:
    live(session)
    assert codes(session) == []


@pytest.fixture
def forged(own_database: Database) -> Iterator[Session]:
    """A live register in the hands of a superuser who switches the triggers off."""
    with own_database.sessions()() as session:
        live(session)
        session.commit()
    with own_database.sessions("superuser")() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


@pytest.mark.parametrize(
    ("forgery", "told"),
    [
        ("UPDATE occupation SET layers = 4 WHERE id = (SELECT max(id) FROM occupation)", "verify.occupation_differs"),
        ("UPDATE occupation SET geom = ST_Translate(geom, 1e-6, 0) WHERE id = 1", "verify.occupation_differs"),
        ("DELETE FROM occupation WHERE id = (SELECT max(id) FROM occupation)", "verify.occupation_missing"),
        (
            "INSERT INTO occupation SELECT (jsonb_populate_record(o, '{\"id\": 99}')).* FROM occupation AS o LIMIT 1",
            "verify.occupation_unknown",
        ),
        (
            "UPDATE occupation SET known = tstzrange(lower(known), clock_timestamp()) WHERE upper_inf(known)",
            "verify.occupation_ends_differ",
        ),
        ("UPDATE occupation SET known = tstzrange(lower(known), NULL)", "verify.occupation_ends_differ"),
        ("UPDATE sea_right SET term = daterange('2020-01-01', '2099-01-01')", "verify.right_differs"),
        ("UPDATE sea_right SET ended_on = '2050-01-01' WHERE ended_on IS NOT NULL", "verify.right_ending_differs"),
        ("UPDATE sea_right_party SET holding = 'joint'", "verify.right_differs"),
        ("UPDATE boundary SET geom = ST_Translate(geom, 1e-6, 0)", "verify.boundary_geometry"),
        ("UPDATE occupation SET right_id = (SELECT max(id) FROM sea_right) WHERE right_id IS NOT NULL", "verify.occupation_differs"),
        ("UPDATE sea_claim SET boundary_id = (SELECT max(id) FROM boundary)", "verify.claim_differs"),
        ("UPDATE sea_claim SET standing = 'lapsed' WHERE standing = 'withdrawn'", "verify.claim_differs"),
        ("DELETE FROM sea_claim WHERE id = 1", "verify.claim_differs"),
        ("UPDATE parcel SET boundary_id = (SELECT max(id) FROM boundary)", "verify.parcel_boundary"),
        ("DELETE FROM right_note WHERE id = 1", "verify.note_differs"),
        ("DELETE FROM sea_right WHERE id = 1", "verify.right_differs"),
        ("UPDATE boundary SET hash = repeat('0', 64) WHERE hash IS NOT NULL", "verify.boundary_hash"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_the_doors_is_told(forged: Session, forgery: str, told: str) -> None:
    assert codes(forged) == []
    assert forged.execute(text(forgery)).rowcount > 0  # type: ignore[attr-defined]
    assert told in codes(forged)
