"""Money as part of an act: the bill issued, receipts recorded, exemption, refund, and what falls when a step is taken back."""

from __future__ import annotations

from datetime import date

from approvals import billing, queries
from approvals.cases.acting import Acting
from approvals.cases.store import names_in_book
from approvals.effects import Effect
from approvals.models import Bill
from data.answers import Refusal
from data.clock import recorded_at


def issue_bill(acting: Acting) -> None:
    """Issue the bill of the sheet that the act computed."""
    if acting.sheet is None or acting.case.row.party_id is None:
        raise Refusal("guard.fee_unknown", act=acting.asked.name)
    place = names_in_book(acting.session, acting.case.row.scope_place_id, acting.works.book, acting.today)[-1]
    billing.issue_bill(
        acting.session,
        acting.case.row,
        acting.sheet,
        acting.numbers["bill"],
        acting.case.row.party_id,
        place=place,
        book=acting.works.book,
        issued_on=acting.today,
        actor=acting.works.actor,
        at=recorded_at(acting.session),
    )


def record_receipt(acting: Acting, effect: Effect) -> None:
    """Record the voucher that the act brought."""
    facts = acting.asked.facts
    billing.record_receipt(
        acting.session,
        _bill(acting),
        number=str(facts["receipt_number"]),
        yuan=facts["paid_yuan"],
        moved_on=date.fromisoformat(str(facts["paid_on"])),
        voucher_digest=str(facts["voucher_digest"]),
        actor=acting.works.actor,
        at=recorded_at(acting.session),
    )


def record_exemption(acting: Acting) -> None:
    """A decision exempts the payer; without a bill there is nothing to end."""
    bill = queries.bill_of(acting.session, acting.case.row.id)
    if bill is None or bill.standing == "exempt":
        return
    facts = acting.asked.facts
    billing.exempt(
        acting.session,
        bill,
        decision_number=str(facts["exemption_number"]),
        decision_digest=str(facts["exemption_digest"]),
        actor=acting.works.actor,
        at=recorded_at(acting.session),
    )


def record_refund(acting: Acting) -> None:
    """Money went back on the bill that has an excess, void ones included."""
    facts = acting.asked.facts
    bills = queries.bills_of(acting.session, acting.case.row.id)
    bill = next((each for each in bills if billing.balance(acting.session, each).excess > 0), None)
    if bill is None:
        raise Refusal("guard.no_excess", act=acting.asked.name)
    billing.refund(
        acting.session,
        bill,
        number=str(facts["refund_number"]),
        yuan=facts["refunded_yuan"],
        moved_on=date.fromisoformat(str(facts["refunded_on"])),
        voucher_digest=str(facts["refund_digest"]),
        actor=acting.works.actor,
        at=recorded_at(acting.session),
    )


def void_bill(acting: Acting) -> None:
    """What the bill rested on has fallen: it asks for nothing any more."""
    bill = queries.bill_of(acting.session, acting.case.row.id)
    if bill is not None and bill.standing in ("open", "settled"):
        billing.void_bill(acting.session, bill, actor=acting.works.actor, at=recorded_at(acting.session))


def give_back(acting: Acting, effect: Effect) -> None:
    """A receipt was taken back. By itself it did not hold and is reversed; with its bill, the money is there and to be refunded."""
    if acting.asked.name != f"revoke.{effect.step}":
        return
    bill = _bill(acting)
    for receipt in billing.standing_receipts(acting.session, bill):
        billing.reverse_receipt(
            acting.session,
            bill,
            receipt.id,
            number=f"{receipt.number}/{receipt.id}",
            moved_on=acting.today,
            voucher_digest=receipt.voucher_digest,
            actor=acting.works.actor,
            at=recorded_at(acting.session),
        )


def _bill(acting: Acting) -> Bill:
    bill = queries.bill_of(acting.session, acting.case.row.id)
    if bill is None:
        raise Refusal("case.no_bill", case=acting.case.number)
    return bill
