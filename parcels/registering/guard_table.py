"""The guards of rights as data: which note, or which kind of right, bars which act or asks for a consent (register.md §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from data.rulebook.yamlfile import read_yaml

FEE_EXEMPT = "fee_exempt"
_KEYS = {"on", "bars", "needs_consent", "cite", "seen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What one kind of note (or `fee_exempt`) does to acts, and by which rule."""

    bars: frozenset[str]
    needs_consent: frozenset[str]
    cite: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardTable:
    """Acts by name, and the guard of each kind."""

    acts: frozenset[str]
    guards: Mapping[str, Guard]

    def barring(self, act: str, kinds: Iterable[str]) -> list[str]:
        """Those of the kinds that bar an act, sorted.

        >>> packaged_guards().barring("transfer", ["fee_exempt", "mortgage", "note"])
        ['fee_exempt']
        """
        return sorted({kind for kind in kinds if kind in self.guards and self._known(act) in self.guards[kind].bars})

    def asks(self, act: str, kind: str) -> bool:
        """Whether the party of a note of this kind must consent to an act."""
        return kind in self.guards and self._known(act) in self.guards[kind].needs_consent

    def _known(self, act: str) -> str:
        if act not in self.acts:
            raise ValueError(f"no guard knows the act {act!r}")
        return act


def guards_from(text: str, file: str) -> GuardTable:
    """A table from its file; a key, an act or a citation that is not as it must be is an error."""
    told = read_yaml(text, file)
    acts = frozenset(told["acts"])
    guards: dict[str, Guard] = {}
    for row in told["guards"]:
        guard = Guard(
            bars=frozenset(row.get("bars", ())),
            needs_consent=frozenset(row.get("needs_consent", ())),
            cite=row["cite"],
            seen=row["seen"],
        )
        unknown = (row.keys() - _KEYS) | ((guard.bars | guard.needs_consent) - acts)
        if unknown or not guard.cite or row["on"] in guards:
            raise ValueError(f"{file}: the guard on {row['on']!r} does not stand ({sorted(unknown)})")
        guards[row["on"]] = guard
    return GuardTable(acts=acts, guards=guards)


@cache
def packaged_guards() -> GuardTable:
    """The guards that come with the house."""
    path = files("data").joinpath("registers/right_guards.yaml")
    return guards_from(path.read_text(encoding="utf-8"), path.name)
