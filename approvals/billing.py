"""Bills and the money that moves against them: written in the caller's transaction, each change an event of the case.

The caller holds the case's row and hands on `at`, the instant of the act read after its locks. The bill's row is locked here and
the balance computed again under that lock; tables and events tell the same, and nothing that was recorded is changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import rfc8785
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from approvals import queries
from approvals.missing_fees import missing_facts
from approvals.models import Bill, Case, Receipt
from approvals.money import Balance, amount_of, balance_of, lines_json, period_of, standing_after
from data import events, overlay
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.rulebook import RuleBook
from marine.fees import FeeSheet
from parcels.queries.files import is_kept

# A reversal's number is often made of the receipt's, so it may be longer.
LONGEST_NUMBER, LONGEST_REVERSAL = 100, 140
Kind = Literal["receipt", "refund", "reversal"]
_HEX = re.compile(r"[0-9a-f]{64}")


def issue_bill(
    session: Session,
    case: Case,
    sheet: FeeSheet,
    number: str,
    payer_id: int,
    *,
    place: str,
    book: RuleBook,
    issued_on: date,
    actor: Actor,
    at: datetime,
) -> Bill:
    """Ask a party for the total of a fee sheet, with its lines and the book that it was computed by.

    `place` is the book's id of the place, for the refusal bill.fee_unknown while something is missing. A bill of nothing (the
    relief takes all) is settled from its first moment.
    """
    if sheet.total_yuan is None:
        raise Refusal("bill.fee_unknown", **missing_facts(sheet, place, book))
    lines, (first, last) = lines_json(sheet), period_of(sheet)
    bill = Bill(
        number=number,
        case_id=case.id,
        payer_id=payer_id,
        owed_yuan=sheet.total_yuan,
        lines=lines,
        first=first,
        last=last,
        rules_hash=overlay.keep(session, book),
        issued_on=issued_on,
        standing=standing_after("open", balance_of(sheet.total_yuan, "open", ())),
        recorded_at=at,
    )
    session.add(bill)
    session.flush()  # the event names the bill's number in the table
    body = {
        "bill": number,
        "payer": payer_id,
        "owed_yuan": bill.owed_yuan,
        "lines_digest": hashlib.sha256(rfc8785.dumps(lines)).hexdigest(),
        "first": first,
        "last": last,
        "rules_hash": bill.rules_hash,
        "issued_on": issued_on,
        "standing": bill.standing,
    }
    _tell(session, bill, "case.bill_issued", body, actor, at)
    return bill


def record_receipt(
    session: Session,
    bill: Bill,
    *,
    number: str,
    yuan: Any,
    moved_on: date,
    voucher_digest: str,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """Money came in. It is recorded whatever the bill's standing: on a void or exempt one all of it is to be refunded."""
    _locked(session, bill)
    told = _judged(session, number, yuan, moved_on, voucher_digest, at)
    return _move(session, bill, "receipt", told, "case.receipt_recorded", actor, at)


def refund(
    session: Session,
    bill: Bill,
    *,
    number: str,
    yuan: Any,
    moved_on: date,
    voucher_digest: str,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """Money went back: no more than the excess. What is owed goes back only once the bill is void or the payer exempt.

    A refund that comes back is a receipt again, with its own voucher.
    """
    _locked(session, bill)
    told = _judged(session, number, yuan, moved_on, voucher_digest, at)
    excess = balance(session, bill).excess
    if told["yuan"] > excess:
        raise Refusal("receipt.refund_over", yuan=told["yuan"], excess=excess)
    return _move(session, bill, "refund", told, "case.refunded", actor, at)


def reverse_receipt(
    session: Session,
    bill: Bill,
    receipt_id: int,
    *,
    number: str,
    moved_on: date,
    voucher_digest: str,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """A receipt did not hold (a cheque came back, it was entered by mistake): all of it, once."""
    _locked(session, bill)
    movements = queries.receipts_of(session, bill.id)
    receipt = next((each for each in movements if each.id == receipt_id and each.kind == "receipt"), None)
    if receipt is None:
        raise Refusal("receipt.not_of_this_bill", bill=bill.number, receipt=receipt_id)
    if any(each.reverses_id == receipt_id for each in movements):
        raise Refusal("receipt.reversed_already", number=receipt.number)
    told = _judged(session, number, receipt.yuan, moved_on, voucher_digest, at)
    # Its number is free again: the right voucher may be the same one, entered anew.
    receipt.is_reversed = True
    return _move(session, bill, "reversal", told | {"reverses_id": receipt_id}, "case.receipt_reversed", actor, at)


def void_bill(session: Session, bill: Bill, *, actor: Actor, at: datetime) -> Balance:
    """What rested on the bill has fallen: it asks for nothing any more, and all that was paid is to be refunded."""
    return _end(session, bill, "void", "case.bill_void", {}, actor, at)


def exempt(
    session: Session, bill: Bill, *, decision_number: str, decision_digest: str, actor: Actor, at: datetime
) -> Balance:
    """A decision exempts the payer: the bill asks for nothing any more, and all that was paid is to be refunded."""
    decision = {"decision_number": _number(decision_number), "decision": _kept_file(session, decision_digest)}
    return _end(session, bill, "exempt", "case.bill_exempt", decision, actor, at)


def balance(session: Session, bill: Bill) -> Balance:
    """How a bill stands now."""
    return balance_of(bill.owed_yuan, bill.standing, queries.receipts_of(session, bill.id))


def standing_receipts(session: Session, bill: Bill) -> Sequence[Receipt]:
    """The receipts of a bill that were not reversed, in the order recorded."""
    movements = queries.receipts_of(session, bill.id)
    reversed_ids = {each.reverses_id for each in movements}
    return [each for each in movements if each.kind == "receipt" and each.id not in reversed_ids]


def _locked(session: Session, bill: Bill) -> None:
    """Hold the bill's row until the transaction ends, and see it as it is now."""
    session.refresh(bill, with_for_update=True)


def _judged(
    session: Session,
    number: str,
    yuan: Any,
    moved_on: date,
    voucher_digest: str,
    at: datetime,
    *,
    longest: int = LONGEST_NUMBER,
) -> dict[str, Any]:
    """What a voucher says, judged: its number, an amount, a day that has come, and its file."""
    today = legal_day(at)
    if moved_on > today:
        raise Refusal("receipt.in_the_future", day=moved_on, today=today)
    return {
        "number": _number(number, longest),
        "yuan": amount_of(yuan),
        "moved_on": moved_on,
        "voucher_digest": _kept_file(session, voucher_digest),
    }


def _number(told: str, longest: int = LONGEST_NUMBER) -> str:
    number = " ".join(told.split())
    if not number or len(number) > longest or not number.isprintable():
        raise Refusal("receipt.number_missing", limit=longest)
    return number


def _kept_file(session: Session, digest: str) -> str:
    """The digest of a file that is kept; facts of acts tell it without the name of its algorithm."""
    named = f"sha256:{digest}" if _HEX.fullmatch(digest) else digest
    if not is_kept(session, named):
        raise Refusal("receipt.voucher_missing", digest=named[:80])
    return named


def _move(
    session: Session, bill: Bill, kind: Kind, told: dict[str, Any], event: str, actor: Actor, at: datetime
) -> Receipt:
    """Add a movement under the bill's lock, bring its standing in line, and tell both."""
    values = {
        **told,
        "bill_id": bill.id,
        "kind": kind,
        "is_reversed": False,
        "recorded_by": actor.person,
        "recorded_at": at,
    }
    # Another case's act may enter the same voucher at this moment: the constraint decides, not a look beforehand.
    once = (
        insert(Receipt)
        .values(values)
        .on_conflict_do_nothing(index_elements=["kind", "number"], index_where=text("not is_reversed"))
    )
    row = session.scalars(once.returning(Receipt)).one_or_none()
    if row is None:
        raise Refusal("receipt.number_twice", number=told["number"])
    now = settle(session, bill)
    body = {"bill": bill.number, "receipt": row.id, **told, "standing": bill.standing, **now.as_json()}
    _tell(session, bill, event, body, actor, at)
    return row


def settle(session: Session, bill: Bill) -> Balance:
    """Bring the standing of a bill in line with what was paid: settled when nothing remains, else open; the balance."""
    now = balance(session, bill)
    bill.standing = standing_after(bill.standing, now)
    session.flush()  # a later question in the same act sees the standing
    return now


def _end(
    session: Session, bill: Bill, standing: str, event: str, told: dict[str, Any], actor: Actor, at: datetime
) -> Balance:
    """Let a bill ask for nothing any more; only one that stands can end."""
    _locked(session, bill)
    if bill.standing not in ("open", "settled"):
        raise Refusal("bill.not_open", bill=bill.number, standing=bill.standing)
    bill.standing = standing
    session.flush()  # the balance below is that of an ended bill
    now = balance(session, bill)
    _tell(session, bill, event, {"bill": bill.number, **told, "standing": standing, **now.as_json()}, actor, at)
    return now


def _tell(session: Session, bill: Bill, kind: str, body: dict[str, Any], actor: Actor, at: datetime) -> None:
    case = session.get_one(Case, bill.case_id)
    events.record(session, events.StreamName("case", case.number), kind, body, actor=actor, at=at)
