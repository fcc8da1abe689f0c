"""The blocks that a paper is made of: plain values in both languages, which go to JSON and come back equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Words = Mapping[str, str]
"""A text as `{"zh": …, "en": …}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label with its value. `how` is typed, known, computed or "" (printed as a word); `mark` a mark of doubt; `cite` its basis.

    `status` is filled, later, empty, not_applicable or dropped, as `approvals.forms.Placement` tells it.
    """

    label: Words
    value: Words
    how: str = ""
    mark: str | None = None
    cite: str = ""
    status: str = "filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a paper.

    `kind`: `paragraph` (words), `pairs` (rows), `table` (columns, cells, total), `list` (items), `small` (words in small
    print), `signatures` (rows left for the hand or filled by the signing). `key` names the block for readers and tests.
    """

    kind: Literal["paragraph", "pairs", "table", "list", "small", "signatures"]
    key: str = ""
    title: Words | None = None
    words: Words | None = None
    rows: tuple[Row, ...] = ()
    columns: tuple[Words, ...] = ()
    aligns: tuple[str, ...] = ()
    cells: tuple[tuple[Words, ...], ...] = ()
    total: tuple[Words, ...] = ()
    items: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A statutory sheet that goes with the paper; the job draws it from the boundary stored for the case."""

    kind: Literal["boundary", "position"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContent:
    """A paper before it is set. `evidence` are the hashes by which it can be checked, in printing order: name → value."""

    kind: str
    title: Words
    number: str
    code: str
    issued_on: date
    issuer: Words
    signer: str
    is_sample: bool
    addressee: Words | None = None
    blocks: tuple[Block, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    sheet: Mapping[str, Any] | None = None
