"""The closed list of jobs, and which effect of an act becomes which job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its name, the facts it takes, its lock, and the queue in which it waits.

    No two jobs with one lock are done at once; the later waits, also while the earlier is to be tried again. A worker looks into
    the queues of the kinds that are among its duties.
    """

    name: str
    takes: tuple[str, ...] = ()
    lock: str | None = None
    queue: str = "default"

    def lock_for(self, facts: Mapping[str, Any]) -> str | None:
        """The lock with the facts filled in.

        >>> MAKE_PAPER.lock_for({"document": 12})
        'document:12'
        """
        return self.lock.format_map(facts) if self.lock else None


# Setting and signing take a hundred times as long as the rest: in a queue of its own it can be left to another worker.
MAKE_PAPER = Kind("make_paper", ("document",), "document:{document}", queue="papers")
# Its own lock for each message: one that cannot be sent holds back no other.
NOTIFY = Kind("notify", ("case", "seq", "addressee", "code"), "message:{case}:{seq}:{addressee}:{code}")
# One mail to one person: an address that cannot be reached holds back no other.
SEND_MAIL = Kind("send_mail", ("message", "account"), "mail:{message}:{account}")
# One lock for both: a notice is never withdrawn before it is published.
PUBLISH_NOTICE = Kind("publish_notice", ("case",), "notice:{case}")
WITHDRAW_NOTICE = Kind("withdraw_notice", ("case",), "notice:{case}")
# Noted on the other case in a transaction of its own: an act that locked both could meet one that locks them the other way round.
NOTE_RIVAL = Kind("note_rival", ("case", "rival"), "rivals:{case}")

ANCHOR = Kind("anchor", lock="anchor")
RUN_DUE = Kind("run_due", lock="run_due")
SWEEP = Kind("sweep", lock="sweep")

KINDS = (MAKE_PAPER, NOTIFY, SEND_MAIL, PUBLISH_NOTICE, WITHDRAW_NOTICE, NOTE_RIVAL, ANCHOR, RUN_DUE, SWEEP)

# Effects (approvals.effects.KINDS) that a job carries out; the others are done within the act.
JOB_OF: Mapping[str, Kind] = {
    "paper": MAKE_PAPER,
    "notify": NOTIFY,
    "invite_rating": NOTIFY,
    "publish_notice": PUBLISH_NOTICE,
    "withdraw_notice": WITHDRAW_NOTICE,
    "note_rival": NOTE_RIVAL,
}
# What the register tells its caller to have done (parcels.register); nothing follows from it that the act does not ask for.
TOLD_BY_THE_REGISTER = frozenset(
    {"sea.claimed", "sea.approved", "sea.moved", "sea.freed", "right.registered", "right.ended"}
)
