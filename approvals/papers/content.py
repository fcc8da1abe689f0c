"""The blocks that a paper is made of: plain values in both languages, which go to JSON and come back equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Words = Mapping[str, str]
"""A text as `{"zh": …, "en": …}`."""

# Marks of doubt that an administrator can clear with a document; the others say whose setting a value is, and stay.
AWAITING = ("unverified", "edition_not_confirmed")
STAYING = ("sample", "house")


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
    `aligns` are one per column: left (shares the width), wide (takes two shares), fit (as wide as its words), center, right, hash; `marks` the marks of doubt of each row of cells, of each item,
    or of the one text. The items of a table are its notes.
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
    marks: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A statutory sheet that goes with the paper; the job draws it from the boundary stored for the case."""

    kind: Literal["boundary", "position"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContent:
    """A paper before it is set. `evidence` are the hashes by which it can be checked, in printing order: name → value.

    A paper without blocks is its one drawing. `sheet` is what a drawing tells besides the boundary, as plain values: project,
    location, and the units' names and modes in both languages.
    """

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

    def block(self, key: str) -> Block:
        """The block of that key; KeyError where the paper has none."""
        for each in self.blocks:
            if each.key == key:
                return each
        raise KeyError(key)


def doubts(content: PaperContent) -> Counter[str]:
    """How many values of a paper bear each mark of doubt."""
    return Counter(_marks(content.blocks))


def _marks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (row.mark for row in block.rows if row.mark)
        for marks in block.marks:
            yield from marks


def as_json(content: PaperContent) -> dict[str, Any]:
    """A paper as plain values; `from_json` gives an equal one back."""
    return {
        "kind": content.kind,
        "title": dict(content.title),
        "number": content.number,
        "code": content.code,
        "issued_on": content.issued_on.isoformat(),
        "issuer": dict(content.issuer),
        "signer": content.signer,
        "is_sample": content.is_sample,
        "addressee": _plain(content.addressee),
        "blocks": [_block_json(block) for block in content.blocks],
        "drawings": [drawing.kind for drawing in content.drawings],
        # Pairs, because canonical JSON sorts the names of an object.
        "evidence": [[name, value] for name, value in content.evidence.items()],
        "sheet": None if content.sheet is None else dict(content.sheet),
    }


def from_json(told: Mapping[str, Any]) -> PaperContent:
    """The paper that `as_json` told."""
    return PaperContent(
        **{
            **told,
            "issued_on": date.fromisoformat(told["issued_on"]),
            "blocks": tuple(_block(each) for each in told["blocks"]),
            "drawings": tuple(Drawing(kind=kind) for kind in told["drawings"]),
            "evidence": dict(told["evidence"]),
        }
    )


def _plain(words: Words | None) -> dict[str, str] | None:
    return None if words is None else dict(words)


def _block_json(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "key": block.key,
        "title": _plain(block.title),
        "words": _plain(block.words),
        "rows": [
            {
                "label": dict(row.label),
                "value": dict(row.value),
                "how": row.how,
                "mark": row.mark,
                "cite": row.cite,
                "status": row.status,
            }
            for row in block.rows
        ],
        "columns": [dict(each) for each in block.columns],
        "aligns": list(block.aligns),
        "cells": [[dict(cell) for cell in row] for row in block.cells],
        "total": [dict(each) for each in block.total],
        "items": [dict(each) for each in block.items],
        "marks": [list(each) for each in block.marks],
    }


def _block(told: Mapping[str, Any]) -> Block:
    return Block(
        **{
            **told,
            "rows": tuple(Row(**row) for row in told["rows"]),
            "cells": tuple(tuple(row) for row in told["cells"]),
            "marks": tuple(tuple(each) for each in told["marks"]),
            **{name: tuple(told[name]) for name in ("columns", "aligns", "total", "items")},
        }
    )
