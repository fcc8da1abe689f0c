"""Bills and money on real PostGIS: what is refused, what is kept, and events that tell the same as the tables."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from approvals import billing, queries
from approvals.models import Bill, Case
from approvals.money import NOTHING, balance_of, bill_for
from data import overlay
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.rulebook import on, packaged
from marine.fees import FeeSheet, FeeUnit
from parcels.papers import keep_file
from tests.approvals.case_rows import build_case, events_of
from tests.parcels.builders import build_party
from tests.support.databases import Database

WINDOW = Actor(person=5, roles=frozenset({"window", "officer"}))
START = date(2027, 1, 1)
_numbers = count(1)


def sheet(mode: str = "23", hectares: str = "0.01") -> FeeSheet:
    """A hundredth of a hectare of open-piled structure: 323 yuan a year."""
    book = packaged()
    inquiry = book.inquire(dates=on(START), place=book.places.chain("371082"))
    return bill_for([FeeUnit(mode, Decimal(hectares))], "371082", START, date(2041, 12, 31), inquiry=inquiry)


def issue(session: Session, told: FeeSheet | None = None, case: Case | None = None, number: str | None = None) -> Bill:
    return billing.issue_bill(
        session,
        case or build_case(session),
        told or sheet(),
        number or f"B{next(_numbers)}",
        build_party(session),
        place="371082",
        book=packaged(),
        issued_on=date(2026, 11, 26),
        actor=WINDOW,
        at=recorded_at(session),
    )


def voucher(session: Session) -> str:
    return keep_file(session, "凭证.pdf", b"voucher")


def pay(session: Session, bill: Bill, yuan: Any, number: str | None = None, **given: Any) -> int:
    told: dict[str, Any] = {
        "number": number or f"R{next(_numbers)}",
        "yuan": yuan,
        "moved_on": date(2026, 11, 20),
        "voucher_digest": voucher(session),
        "actor": WINDOW,
        "at": recorded_at(session),
    }
    return billing.record_receipt(session, bill, **told | given).id


def move(do: Callable[..., Any], session: Session, bill: Bill, *what: Any, **given: Any) -> Any:
    """A refund or a reversal with its own voucher."""
    told = {"number": f"M{next(_numbers)}", "moved_on": date(2026, 11, 21), "voucher_digest": voucher(session)}
    return do(session, bill, *what, **told | given, actor=WINDOW, at=recorded_at(session))


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def case_of(session: Session, bill: Bill) -> Case:
    return session.get_one(Case, bill.case_id)


def test_a_bill_keeps_its_lines_and_the_book_that_it_was_computed_by(session: Session) -> None:
    bill = issue(session, sheet(hectares="10"), number="缴-1")
    session.expire_all()
    assert (bill.owed_yuan, bill.standing, bill.first, bill.last) == (
        Decimal("323000.00"),
        "open",
        START,
        date(2027, 12, 31),
    )
    assert bill.lines[0]["yuan"] == "323000.00" and bill.lines[0]["basis"]
    assert overlay.kept(session, bill.rules_hash) == packaged()
    ((kind, body),) = events_of(session, case_of(session, bill))
    assert kind == "case.bill_issued"
    assert (body["bill"], body["owed_yuan"], body["rules_hash"]) == ("缴-1", "323000.00", packaged().hash)


def test_a_fee_that_is_not_known_makes_no_bill(session: Session) -> None:
    case = build_case(session)
    with pytest.raises(Refusal) as refusal:
        issue(session, sheet("41"), case)
    assert refusal.value.code == "bill.fee_unknown" and refusal.value.facts["missing"] == ["fee.rate.41.3"]
    assert refusal.value.facts["choices"][0]["command"].startswith("haiyu rules enter --rule fee.rate")
    assert events_of(session, case) == [] and queries.bill_of(session, case.id) is None


def test_a_bill_of_nothing_is_settled_from_its_first_moment(session: Session) -> None:
    assert issue(session, FeeSheet(NOTHING, sheet().lines, ())).standing == "settled"


def test_parts_and_more_than_is_owed_are_kept_and_the_excess_is_to_be_refunded(session: Session) -> None:
    bill = issue(session)
    pay(session, bill, "100")
    assert (bill.standing, billing.balance(session, bill).remaining) == ("open", Decimal(223))
    pay(session, bill, "250.50")
    assert (bill.standing, billing.balance(session, bill).excess) == ("settled", Decimal("27.50"))
    assert code_of(lambda: move(billing.refund, session, bill, yuan="27.51")) == "receipt.refund_over"
    move(billing.refund, session, bill, yuan="27.50")
    assert (bill.standing, billing.balance(session, bill).excess) == ("settled", NOTHING)
    kinds = [kind for kind, _ in events_of(session, case_of(session, bill))]
    assert kinds == ["case.bill_issued", "case.receipt_recorded", "case.receipt_recorded", "case.refunded"]
    last = events_of(session, case_of(session, bill))[-1][1]
    assert (last["yuan"], last["excess_yuan"], last["paid_yuan"], last["standing"]) == (
        "27.50",
        "0.00",
        "323.00",
        "settled",
    )


def test_a_receipt_that_did_not_hold_is_reversed_once_and_the_bill_is_open_again(session: Session) -> None:
    bill, other = issue(session), issue(session)
    receipt = pay(session, bill, "323")
    assert bill.standing == "settled"
    assert code_of(lambda: move(billing.reverse_receipt, session, other, receipt)) == "receipt.not_of_this_bill"
    move(billing.reverse_receipt, session, bill, receipt)
    assert (bill.standing, billing.balance(session, bill).remaining) == ("open", Decimal(323))
    assert billing.standing_receipts(session, bill) == []
    assert code_of(lambda: move(billing.reverse_receipt, session, bill, receipt)) == "receipt.reversed_already"
    reversal = queries.receipts_of(session, bill.id)[-1]
    assert (reversal.kind, reversal.yuan, reversal.reverses_id) == ("reversal", Decimal(323), receipt)
    assert code_of(lambda: move(billing.reverse_receipt, session, bill, reversal.id)) == "receipt.not_of_this_bill"


def test_a_void_bill_asks_for_nothing_and_gives_all_back(session: Session) -> None:
    bill = issue(session)
    pay(session, bill, "323")
    told = billing.void_bill(session, bill, actor=WINDOW, at=recorded_at(session))
    assert (bill.standing, told.excess, told.remaining) == ("void", Decimal(323), NOTHING)
    assert code_of(lambda: billing.void_bill(session, bill, actor=WINDOW, at=recorded_at(session))) == "bill.not_open"
    pay(session, bill, "1")  # money that comes late is a fact all the same
    move(billing.refund, session, bill, yuan="324")
    assert (bill.standing, billing.balance(session, bill).excess) == ("void", NOTHING)
    assert queries.bill_of(session, bill.case_id) is None


def test_an_exemption_rests_on_a_decision_whose_paper_is_kept(session: Session) -> None:
    bill = issue(session)
    at = recorded_at(session)

    def exempt(digest: str, number: str = "免 1 号") -> Any:
        return billing.exempt(session, bill, decision_number=number, decision_digest=digest, actor=WINDOW, at=at)

    assert code_of(lambda: exempt("0" * 64)) == "receipt.voucher_missing"
    assert code_of(lambda: exempt(voucher(session), " ")) == "receipt.number_missing"
    told = exempt(voucher(session).removeprefix("sha256:"))
    assert (bill.standing, told.remaining) == ("exempt", NOTHING)
    kind, body = events_of(session, case_of(session, bill))[-1]
    assert (kind, body["decision_number"], body["decision"]) == ("case.bill_exempt", "免 1 号", voucher(session))
    assert code_of(lambda: exempt(voucher(session))) == "bill.not_open"


def test_what_a_voucher_cannot_say_is_refused_and_nothing_is_kept(session: Session) -> None:
    bill = issue(session)
    today = legal_day(recorded_at(session))
    for given_words, code in (
        ({"yuan": "10.001"}, "receipt.amount"),
        ({"yuan": "-10"}, "receipt.amount"),
        ({"yuan": "0"}, "receipt.amount"),
        ({"moved_on": today + timedelta(days=1)}, "receipt.in_the_future"),
        ({"number": "  "}, "receipt.number_missing"),
        ({"number": "9" * 101}, "receipt.number_missing"),
        ({"number": "a\x00b"}, "receipt.number_missing"),
        ({"voucher_digest": "sha256:" + "0" * 64}, "receipt.voucher_missing"),
        ({"voucher_digest": "凭证"}, "receipt.voucher_missing"),
    ):
        assert code_of(lambda told=given_words: pay(session, bill, **{"yuan": "10"} | told)) == code
    assert queries.receipts_of(session, bill.id) == []
    pay(session, bill, "10", moved_on=today)


def test_a_voucher_is_entered_once_in_the_whole_house(session: Session) -> None:
    one, other = issue(session), issue(session)
    pay(session, one, "10", number="税 0001")
    assert code_of(lambda: pay(session, one, "10", number=" 税  0001 ")) == "receipt.number_twice"
    assert code_of(lambda: pay(session, other, "10", number="税 0001")) == "receipt.number_twice"
    # A refund has numbers of its own.
    pay(session, one, "400")
    move(billing.refund, session, one, yuan="1", number="税 0001")


def test_money_is_only_added_to(session: Session) -> None:
    bill = issue(session)
    pay(session, bill, "10")
    for statement in (
        "UPDATE receipt SET yuan = 1",
        "DELETE FROM receipt",
        "UPDATE bill SET owed_yuan = 1",
        "DELETE FROM bill",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def test_two_officers_who_enter_one_voucher_at_once_enter_it_once(own_database: Database) -> None:
    """Each on a bill of another case, so that no lock of a case keeps them apart."""
    maker = own_database.sessions()
    with maker.begin() as session:
        bills = [issue(session).id for _ in range(2)]
        voucher(session)
    together, outcomes = threading.Barrier(2), []

    def enter(bill_id: int) -> None:
        try:
            with maker.begin() as session:
                bill = session.get_one(Bill, bill_id)
                together.wait(10)
                pay(session, bill, "323", number="税 7")
            outcomes.append("entered")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=enter, args=(bill_id,)) for bill_id in bills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["entered", "receipt.number_twice"]
    with maker() as session:
        assert session.scalar(text("SELECT count(*) FROM receipt")) == 1
        assert sorted(session.scalars(text("SELECT standing FROM bill"))) == ["open", "settled"]


def test_two_refunds_at_once_cannot_give_back_more_than_the_excess(own_database: Database) -> None:
    maker = own_database.sessions()
    with maker.begin() as session:
        bill = issue(session)
        pay(session, bill, "423")
    together, outcomes = threading.Barrier(2), []

    def give_back() -> None:
        try:
            with maker.begin() as session:
                held = session.get_one(Bill, bill.id)
                queries.receipts_of(session, held.id)  # what was read before the lock must not count
                together.wait(10)
                move(billing.refund, session, held, yuan="60")
            outcomes.append("refunded")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=give_back) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["receipt.refund_over", "refunded"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["receipt", "receipt", "receipt", "refund", "reversal", "void", "exempt"]),
        st.integers(1, 40_000).map(lambda cents: Decimal(cents) / 100),
        st.integers(0, 5),
    ),
    max_size=10,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_in_any_order_tables_events_and_a_simple_ledger_agree(
    session: Session, acts: list[tuple[str, Decimal, int]]
) -> None:
    """The ledger knows one number, what is with the treasury; the house knows receipts, refunds, reversals and a standing."""
    with session.begin_nested() as undone:
        bill = issue(session)
        owed, treasury, ended, good = bill.owed_yuan, NOTHING, False, dict[int, Decimal]()
        for what, yuan, which in acts:
            asked = NOTHING if ended else owed
            receipt = sorted(good)[which] if which < len(good) else None
            if what == "receipt":
                good[pay(session, bill, yuan)] = yuan
                treasury += yuan
            elif what == "refund" and yuan <= treasury - asked:
                move(billing.refund, session, bill, yuan=yuan)
                treasury -= yuan
            elif what == "refund":
                assert code_of(lambda y=yuan: move(billing.refund, session, bill, yuan=y)) == "receipt.refund_over"
            elif what == "reversal" and receipt is not None:
                move(billing.reverse_receipt, session, bill, receipt)
                treasury -= good.pop(receipt)
            elif what in ("void", "exempt") and not ended:
                end = {"void": billing.void_bill, "exempt": exempted}[what]
                end(session, bill, actor=WINDOW, at=recorded_at(session))
                ended = True
        asked = NOTHING if ended else owed
        now = billing.balance(session, bill)
        assert now.remaining == max(asked - treasury, NOTHING) and now.excess == max(treasury - asked, NOTHING)
        if not ended:
            assert bill.standing == ("settled" if treasury >= owed else "open")
        assert told_by_events(session, bill) == (bill.standing, now)
        undone.rollback()


def exempted(session: Session, bill: Bill, **given_words: Any) -> Any:
    return billing.exempt(session, bill, decision_number="免", decision_digest=voucher(session), **given_words)


def told_by_events(session: Session, bill: Bill) -> tuple[str, Any]:
    """Standing and balance of a bill from the chain alone."""
    kinds = {"case.receipt_recorded": "receipt", "case.refunded": "refund", "case.receipt_reversed": "reversal"}
    standing, owed, moved = "", NOTHING, []
    for kind, body in events_of(session, case_of(session, bill)):
        standing, owed = body["standing"], Decimal(body["owed_yuan"]) if kind == "case.bill_issued" else owed
        if kind in kinds:
            moved.append(_Moved(kinds[kind], Decimal(body["yuan"])))
        last = body
    told = balance_of(owed, standing, moved)
    if moved or standing in ("void", "exempt"):
        assert {name: last[name] for name in told.as_json()} == told.as_json()
    return standing, told


class _Moved:
    def __init__(self, kind: str, yuan: Decimal) -> None:
        self.kind, self.yuan = kind, yuan
