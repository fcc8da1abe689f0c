"""What the system does by itself in a step of its own, beside the facts that it records (`approvals.computed.AUTOMATIC`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals.cases.acting import Acting
from approvals.cases.competing import note_competition

AUTOMATIC: Mapping[str, Callable[[Acting], None]] = {"check": note_competition}
