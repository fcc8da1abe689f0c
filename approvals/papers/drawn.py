"""What the statutory sheets are drawn from, as plain values inside the paper: what was issued can be drawn again, whatever became of the case."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from approvals.cases.use import boundary_as_plain
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block
from approvals.papers.words import both, same


def no_blocks(file: CaseFile) -> tuple[Block, ...]:
    """A sheet is its drawing alone."""
    return ()


def sheet_values(file: CaseFile) -> dict[str, Any] | None:
    """The boundary with its numbers, case, project, location, parcel code, layers with heights, the units' names in both languages and modes.

    None where there is no boundary. `layers` are bits of `marine.spaces.Layer`, None unless the right is layered; modes are codes.
    """
    if file.boundary is None:
        return None
    location = file.answers.get("location")
    count = len(file.boundary.units)
    names = [*file.unit_uses, *[""] * (count - len(file.unit_uses))]
    return {
        "boundary": boundary_as_plain(file.boundary),
        "case": file.number,
        "project": file.project,
        "location": str(location.value) if location else "",
        "parcel_code": (file.right.parcel_code if file.right else None) or "",
        "layers": file.layers if file.is_layered else None,
        "heights": asdict(file.heights) if file.is_layered and file.heights else None,
        "unit_names": [
            dict(same(name) if name else both("paper.word.unit", number=at)) for at, name in enumerate(names, 1)
        ],
        "unit_modes": [*file.unit_modes, *[None] * (count - len(file.unit_modes))],
    }
