"""What belongs into the act itself, by kind of effect: done in its transaction, in the order in which the template names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals.cases import asking, competing, issuing, notices, paying, seas, unanswered
from approvals.cases.acting import Acting
from approvals.effects import Effect


def _of_act(do: Callable[[Acting], object]) -> Callable[[Acting, Effect], None]:
    """An effect that needs to know nothing but the act."""

    def carried_out(acting: Acting, effect: Effect) -> None:
        do(acting)

    return carried_out


WITHIN: Mapping[str, Callable[[Acting, Effect], None]] = {
    "claim_sea": _of_act(seas.claim_sea),
    "hold_sea": _of_act(seas.hold_sea),
    "register_right": _of_act(seas.register_right),
    "free_sea": _of_act(seas.free_sea),
    "settle_competition": _of_act(competing.settle_competition),
    "find_rival": _of_act(competing.find_rival),
    "close_notice": notices.close,
    "ask": asking.ask,
    "withdraw_question": unanswered.withdraw_question,
    "paper": issuing.issue_paper,
    "void_paper": issuing.void_paper,
    "issue_bill": _of_act(paying.issue_bill),
    "record_receipt": paying.record_receipt,
    "record_exemption": _of_act(paying.record_exemption),
    "record_refund": _of_act(paying.record_refund),
    "void_bill": _of_act(paying.void_bill),
    "refund": paying.give_back,
}
