"""Which version of a layer governs a case, and which later ones are published already (register.md §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parcels.queries.zones import VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDates:
    """The days that transition rules look at: of receipt, acceptance, decision; before any case all are the day of asking."""

    received: date
    accepted: date
    decided: date

    def plain(self, period: date) -> dict[str, date]:
        """The dates by kind, as the rule book asks for them; fees go by `period`, the first day of the use."""
        return {
            "received": self.received,
            "accepted": self.accepted,
            "decided": self.decided,
            "period": period,
            "event": self.decided,
        }


@dataclass(frozen=True, slots=True)
class Layering:
    """The versions that govern, one per layer at most; the later ones that do not yet; and those that ended without a successor."""

    governing: tuple[VersionRow, ...]
    newer: tuple[VersionRow, ...]
    lapsed: tuple[VersionRow, ...]


def governing(versions: Iterable[VersionRow], dates: CaseDates) -> Layering:
    """For each layer the latest version that has begun for a case with these dates.

    `accepted_after` leaves cases accepted before its first day to the version before it, even past that version's last day;
    `decided_after` and `all` look at the day of decision (for a check, today).
    """
    by_layer: defaultdict[int, list[VersionRow]] = defaultdict(list)
    for version in versions:
        by_layer[version.layer_id].append(version)
    found: list[VersionRow] = []
    newer: list[VersionRow] = []
    lapsed: list[VersionRow] = []
    for layer in by_layer.values():
        layer.sort(key=lambda version: (version.since, version.number))
        begun = [version for version in layer if version.since <= _looked_at(version, dates)]
        later = layer[layer.index(begun[-1]) + 1 :] if begun else layer
        newer += later
        if not begun:
            continue
        # A version that ended governs on only where a successor exists that leaves the case to it.
        succeeded = any(version.since <= dates.decided.toordinal() for version in later)
        ended = begun[-1].until <= dates.decided.toordinal()
        (lapsed if ended and not succeeded else found).append(begun[-1])
    return Layering(tuple(found), tuple(newer), tuple(lapsed))


def _looked_at(version: VersionRow, dates: CaseDates) -> int:
    return (dates.accepted if version.transition == "accepted_after" else dates.decided).toordinal()
