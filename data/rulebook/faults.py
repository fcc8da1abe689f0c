"""What the rule book refuses, each fault with the file and line where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a rule file: `code` has its text in `data/messages/rules.yaml`, `detail` names the offending thing."""

    code: str
    file: str
    line: int
    path: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.code} {self.detail}".rstrip()


class RuleBookError(ValueError):
    """The book cannot be made from what was given; carries every fault found, never only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class UnknownRule(KeyError):
    """A rule id that the book has never heard of: a fault in the asking code, not a missing datum."""


class DateNotGiven(ValueError):
    """The rule is governed by a date of the case that the caller did not pass."""
