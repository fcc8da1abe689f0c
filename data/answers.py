"""The values that every room, the ground included, needs to answer with: the source of a rule, a refused act, a fault of one field.

`marine.findings` hands them on; they live here because `data` may import nothing above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# How a source that is our own setting is cited; law never is.
HOUSE_CITE = "本系统设定"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value of the rule book comes from, with its mark of doubt (docs/rules.md).

    `mark` is `edition_not_confirmed`, `unverified`, `house`, `sample` or None.
    """

    rule: str
    cite: str
    seen: str
    confidence: str | None = None
    edition: str | None = None
    checked: date | None = None
    since: date | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of what was sent; `field` is the name it was sent under, None where the whole is meant."""

    code: str
    field: str | None
    facts: Mapping[str, Any]


class Refusal(Exception):
    """An act or a reading that is not possible; carries a code, facts and the findings behind it, never a text.

    A finding is a `marine.findings.Finding` or a `FieldFault`.
    """

    def __init__(self, code: str, /, findings: Sequence[Any] = (), **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = facts
        self.findings = tuple(findings)
