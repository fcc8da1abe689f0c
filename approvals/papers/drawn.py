"""What the statutory sheets tell besides the boundary, as plain values for whoever draws them; the sheets as papers of their own."""

from __future__ import annotations

from typing import Any

from approvals.papers.answers import named
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block
from approvals.papers.words import both, same


def no_blocks(file: CaseFile) -> tuple[Block, ...]:
    """A sheet is its drawing alone."""
    return ()


def sheet_values(file: CaseFile) -> dict[str, Any] | None:
    """Project, location, parcel code, and the units' names and modes in both languages; None where there is no boundary."""
    if file.boundary is None:
        return None
    location = file.answers.get("location")
    names = [*file.unit_uses, *[""] * (len(file.boundary.units) - len(file.unit_uses))]
    modes = [*file.unit_modes, *[None] * (len(file.boundary.units) - len(file.unit_modes))]
    return {
        "project": same(file.project),
        "location": same(str(location.value) if location else ""),
        "parcel_code": (file.right.parcel_code if file.right else None) or "",
        "unit_names": [same(name) if name else both("paper.word.unit", number=at) for at, name in enumerate(names, 1)],
        "unit_modes": [dict(named(file.book.codes["use_modes"], mode)) for mode in modes],
    }
