"""受理通知书: accepted, or accepted by silence, with the papers received, the three figures apart and the predicted day."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.clock import CaseClock, Figure
from approvals.papers.answers import coded
from approvals.papers.blocks import heads, holders_told, materials_block, pairs, paragraph, row, seal_block
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Row
from approvals.papers.law import law
from approvals.papers.marks import basis_of, cited
from approvals.papers.words import DASH, both, day, hectares, same


def acceptance_notice(file: CaseFile) -> tuple[Block, ...]:
    """The notice of acceptance."""
    return tuple(_blocks(file))


def _blocks(file: CaseFile) -> Iterator[Block]:
    code = "paper.acceptance.by_silence" if file.is_accepted_by_silence else "paper.acceptance.accepted"
    basis = law("accepted_or_not", file.on)
    told = {"project": file.project or DASH, "received": day(file.received_on or file.on)}
    yield paragraph("accepted", code, basis, cite=basis.cite, **told)
    yield pairs("matter", case_rows(file))
    if file.materials:
        yield materials_block(file)
    if file.clock is not None:
        yield pairs("figures", _figures(file.clock), both("paper.title.figures"))
        yield _statutory(file, file.clock)
        yield from _missing(file.clock)
    yield seal_block(file)


def case_rows(file: CaseFile) -> Iterator[Row]:
    """The case in a few rows: number, applicants, project, days, type and hectares."""
    yield row("case", same(file.number))
    yield row("applicant", holders_told(file))
    if file.project:
        yield row("project", same(file.project))
    for name, on in (("received_on", file.received_on), ("accepted_on", file.accepted_on)):
        if on is not None:
            yield row(name, day(on))
    if file.use_type is not None:
        yield row("use_type", coded(file.book.codes["use_types"], file.use_type))
    if file.boundary is not None:
        yield row("area", hectares(file.boundary.area))


def _figures(clock: CaseClock) -> Iterator[Row]:
    """Promised, statutory and former days, never added or subtracted; then the day on which the case should be done."""
    yield _figure("promised", clock.promised)
    path = basis_of(limit.source for limit in clock.statutory_path)
    days = both("paper.word.working_days", count=clock.statutory_days)
    yield row("statutory", both("paper.acceptance.summed", days=days), path, how="computed")
    yield _figure("former", clock.former)
    finish = both("paper.acceptance.no_prediction") if clock.predicted_finish is None else day(clock.predicted_finish)
    yield row("predicted_finish", finish, how="computed")


def _figure(name: str, figure: Figure) -> Row:
    if figure.days is None or figure.source is None:
        return row(name, both("paper.word.not_entered"))
    days = both("paper.word.working_days", count=figure.days)
    return row(name, both(f"paper.acceptance.{name}", days=days), basis_of([figure.source]))


def _statutory(file: CaseFile, clock: CaseClock) -> Block:
    """The limit of each step along the longest way, with its article and, where the step has begun, its last day."""
    cells, marks = [], []
    for limit in clock.statutory_path:
        step = file.template.steps[limit.step].title.model_dump()
        days = both("paper.word.working_days", count=limit.days)
        cells.append((step, days, day(limit.finish) if limit.finish else DASH, cited(limit.source.cite)))
        marks.append((limit.source.mark,) if limit.source.mark else ())
    return Block(
        kind="table",
        key="statutory",
        title=both("paper.title.statutory"),
        columns=heads("step", "limit", "last_day", "basis"),
        aligns=("left", "right", "fit", "left"),
        cells=tuple(cells),
        marks=tuple(marks),
    )


def _missing(clock: CaseClock) -> Iterator[Block]:
    """What stands in the way of a sure prediction: years whose holiday table nobody has entered."""
    if clock.missing:
        years = "、".join(name.removeprefix("calendar.") for name in clock.missing)
        yield Block(
            kind="small",
            key="missing",
            words=both("paper.acceptance.missing", years={"zh": years, "en": years.replace("、", ", ")}),
        )
