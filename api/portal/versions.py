"""The submitted versions of a case side by side: both boundaries on one map, points moved, what the applications say, the files by digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from api.portal.charts import case_chart
from approvals import queries
from approvals.cases.store import Opened, Works
from approvals.papers.content import Block, PaperContent
from approvals.papers.reserving import content_in
from marine.coordinates import dms

APPLICATION = "use_application"
# Blocks that are compared by themselves, and the signature, whose digests change with whatever else does.
POINTS, FILES, SIGNED = "points", "materials", "signing"
# Cells of the list of files: its title, its file, its digest.
TITLE, FILE, DIGEST = 1, 2, -1
MAP_SIZE = (760, 300)
Told = dict[str, Any]
Use = Mapping[str, Any]


def compared(session: Session, case: Opened, works: Works, lang: str, today: date) -> list[Told]:
    """Each submission against the one before, newest first; empty while there is one only."""
    applications = [row for row in queries.documents_of(session, case.row.id) if row.kind == APPLICATION]
    contents = [content_in(row, works.keys) for row in applications]
    uses = [version.use for version in queries.versions_of(session, case.row.id)]
    told = []
    for number in range(1, len(contents)):
        before, now = contents[number - 1], contents[number]
        hashes = (applications[number - 1].boundary_hash, applications[number].boundary_hash)
        both = (uses[number - 1], uses[number]) if len(uses) > number else None
        told.append(
            {
                "a": number,
                "b": number + 1,
                "on": now.issued_on.isoformat(),
                "rows": list(differences(before, now, hashes, lang)),
                "files": list(files_changed(before, now, lang)),
                "boundary": _boundary(session, both, hashes, lang, today) if both else None,
            }
        )
    return told[::-1]


def _boundary(
    session: Session, both: tuple[Use, Use], hashes: tuple[str | None, str | None], lang: str, today: date
) -> Told:
    before, now = both
    earlier = before["boundary"] if hashes[0] != hashes[1] else None
    change = Decimal(now["hectares"]) - Decimal(before["hectares"])
    return {
        "same": hashes[0] == hashes[1],
        "was": before["hectares"],
        "now": now["hectares"],
        "change": f"{change:+}".replace("-", "−"),
        "points": list(points_changed(before["boundary"], now["boundary"])),
        "map": case_chart(session, now, lang, today, before=earlier, size=MAP_SIZE),
    }


def points_changed(before: Use, now: Use) -> Iterator[Told]:
    """The corners that were `moved`, `added` or `removed`, by their numbers.

    >>> was = {"points": [[1, 0, 0], [2, 3600000, 0]]}
    >>> [(each["number"], each["how"]) for each in points_changed(was, {"points": [[1, 0, 0], [2, 3600001, 0], [3, 1, 1]]})]
    [(2, 'moved'), (3, 'added')]
    """
    was = {number: (lon, lat) for number, lon, lat in before["points"]}
    told = {number: (lon, lat) for number, lon, lat in now["points"]}
    for number in sorted({**was, **told}):
        old, new = was.get(number), told.get(number)
        if old != new:
            how = "added" if old is None else "removed" if new is None else "moved"
            yield {"number": number, "how": how, "was": _place(old), "now": _place(new)}


def _place(point: tuple[int, int] | None) -> str:
    return f"{dms(point[1])} N  {dms(point[0])} E" if point else ""


def files_changed(before: PaperContent, now: PaperContent, lang: str) -> Iterator[Told]:
    """The files that were `added`, `removed`, or `replaced` under the same title, by their digests."""
    was, told = _files_of(before, lang), _files_of(now, lang)
    for title in {**was, **told}:
        old, new = was.get(title, {}), told.get(title, {})
        gone, come = [each for each in old if each not in new], [each for each in new if each not in old]
        how = "replaced" if gone and come else "added" if come else "removed"
        if gone or come:
            yield {
                "title": title,
                "how": how,
                "was": [{"file": old[each], "digest": each} for each in gone],
                "now": [{"file": new[each], "digest": each} for each in come],
            }


def _files_of(content: PaperContent, lang: str) -> dict[str, dict[str, str]]:
    """By title the files that an application lists: digest to name."""
    found: dict[str, dict[str, str]] = {}
    for block in content.blocks:
        for cells in block.cells if block.key == FILES else ():
            found.setdefault(cells[TITLE][lang], {})[cells[DIGEST][lang]] = cells[FILE][lang]
    return found


def differences(
    before: PaperContent, now: PaperContent, hashes: tuple[str | None, str | None], lang: str
) -> Iterator[dict[str, str]]:
    """Every row of the application whose value is another one now; rows that only tell the boundary's hash are the map's matter."""
    was, told = _rows_of(before, lang), _rows_of(now, lang)
    for name in {**was, **told}:
        old, new = was.get(name, ""), told.get(name, "")
        if old != new and not any(each and each in old + new for each in hashes):
            yield {"label": name, "was": old, "now": new}


def _rows_of(content: PaperContent, lang: str) -> dict[str, str]:
    """The labelled values of a paper in its order, tables row by row."""
    told: dict[str, str] = {}
    for block in content.blocks:
        if block.key not in (POINTS, FILES, SIGNED):
            told |= _of_block(block, lang)
    return told


def _of_block(block: Block, lang: str) -> dict[str, str]:
    heading = block.title[lang] if block.title else ""
    told = {row.label[lang]: row.value[lang] for row in block.rows}
    for number, cells in enumerate(block.cells, 1):
        told[f"{heading} {number}".strip()] = " · ".join(cell[lang] for cell in cells)
    return told
