"""How many rounds the long tests run: `HAIYU_EFFORT` sets numbers only, never which tests run."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Rounds and example counts of one run."""

    name: str
    race_rounds: int
    race_width: int
    fuzz: int
    room: int
    kills: int

    @property
    def line(self) -> str:
        """The line of the summary."""
        return f"effort {self.name}: race {self.race_rounds} x {self.race_width}, fuzz {self.fuzz}, room {self.room}, kills {self.kills}"


EFFORTS = {
    "quick": Effort("quick", race_rounds=20, race_width=20, fuzz=200, room=20, kills=1),
    "full": Effort("full", race_rounds=200, race_width=20, fuzz=20_000, room=200, kills=2),
}


def effort_of_run() -> Effort:
    """The effort asked for by `HAIYU_EFFORT` (default quick); an unknown name is an error, not a quick run."""
    name = os.environ.get("HAIYU_EFFORT") or "quick"
    if name not in EFFORTS:
        raise ValueError(f"HAIYU_EFFORT must be quick or full, not {name!r}")
    return EFFORTS[name]
