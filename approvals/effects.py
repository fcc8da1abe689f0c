"""What an act may ask to be done in its transaction or after it: a closed list of kinds that templates name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# kind → what `of` names, or None where it names nothing.
KINDS: Mapping[str, str | None] = {
    "claim_sea": None,
    "hold_sea": None,
    "register_right": None,
    "free_sea": None,
    "settle_competition": None,
    "find_rival": None,
    "paper": "paper",
    "void_paper": "paper",
    "notify": "addressee",
    "ask": "addressee",
    "withdraw_question": None,
    "publish_notice": None,
    "close_notice": None,
    "note_rival": None,
    "withdraw_notice": None,
    "issue_bill": None,
    "record_receipt": None,
    "record_exemption": None,
    "record_refund": None,
    "void_bill": None,
    "refund": None,
    "invite_rating": None,
    "open_case": None,
    "stop_case": None,
}

# Done by the act itself, in its transaction and under its locks; everything else is a job that the act enqueues.
WITHIN_THE_ACT = frozenset(
    {
        "claim_sea",
        "hold_sea",
        "register_right",
        "free_sea",
        "settle_competition",
        "find_rival",
        "close_notice",
        "void_paper",
        "ask",
        "withdraw_question",
        "issue_bill",
        "record_receipt",
        "record_exemption",
        "record_refund",
        "void_bill",
        "refund",
    }
)
# Asked for by the steps of a bundle, which are cases of their own. The engine tells them; no bundle is packaged, and one that
# were would be refused by the tests until something carries them out.
OF_BUNDLES = frozenset({"open_case", "stop_case"})


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to be done: its kind, what of, for which step and key, and plain facts (the template of a matter, the act)."""

    kind: str
    step: str
    of: str | None = None
    key: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values for the job that carries it out."""
        return {"kind": self.kind, "step": self.step, "of": self.of, "key": self.key, "facts": dict(self.facts)}
