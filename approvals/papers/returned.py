"""补正通知书 and 不予受理通知书: what is lacking, told once and item by item; or why the application is not taken."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.forms import split_name
from approvals.papers.acceptance import case_rows
from approvals.papers.blocks import heads, pairs, paragraph, row, seal_block, small
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Row, Words
from approvals.papers.law import law
from approvals.papers.marks import origin_basis
from approvals.papers.words import DASH, both, day, same
from approvals.templates import Ground, Limit


def correction_notice(file: CaseFile) -> tuple[Block, ...]:
    """The one notice of what is to be corrected."""
    return tuple(_correction(file))


def rejection_notice(file: CaseFile) -> tuple[Block, ...]:
    """The notice that the application is not taken, with its legal ground and the right of review."""
    return tuple(_rejection(file))


def _correction(file: CaseFile) -> Iterator[Block]:
    basis = law("accepted_or_not", file.on)
    yield paragraph("asked", "paper.correction.asked", basis, cite=basis.cite, **_received(file))
    yield pairs("matter", case_rows(file))
    yield Block(
        kind="table",
        key="items",
        title=both("paper.title.items"),
        columns=heads("number", "item", "what"),
        aligns=("center", "left", "wide"),
        cells=tuple(
            (same(str(at)), item_words(file, item), same(file.texts[item]) if item in file.texts else DASH)
            for at, item in enumerate(file.items, 1)
        ),
    )
    yield paragraph("once", "paper.correction.once", basis, cite=basis.cite)
    limit = _lapse(file)
    if limit is not None and limit.days is not None:
        told = origin_basis(file.template.sources[str(limit.source)], file.on)
        yield small(
            "lapse",
            "paper.correction.lapse",
            told,
            days=both("paper.word.working_days", count=limit.days),
            cite=told.cite,
        )
    yield seal_block(file)


def item_words(file: CaseFile, item: str) -> Words:
    """What an item of a correction names: a field of the form (of a co-holder too), or a paper."""
    name, holder = split_name(item)
    if name in file.form.fields:
        label: Words = file.form.fields[name].label.model_dump()
        return label if holder == 1 else both("paper.word.of_holder", what=label, number=holder)
    for step in file.template.steps.values():
        if item in step.materials_in:
            return step.materials_in[item].title.model_dump()
    return same(item)


def _lapse(file: CaseFile) -> Limit | None:
    """After how long an application lapses that nobody corrects: the silence of the step that sends it back to acceptance."""
    timing = file.template.timing
    for step in file.template.steps.values():
        if timing and step.silence and any(each.reopens == timing.accepted_by for each in step.outcomes.values()):
            return step.silence.after
    return None


def _rejection(file: CaseFile) -> Iterator[Block]:
    basis = law("accepted_or_not", file.on)
    yield paragraph("rejected", "paper.rejection.rejected", basis, cite=basis.cite, **_received(file))
    yield pairs("matter", [*case_rows(file), *ground_rows(file)])
    yield from reasons(file)
    yield review_block(file)
    yield seal_block(file)


def _received(file: CaseFile) -> dict[str, Words]:
    return {"project": same(file.project) if file.project else DASH, "received": day(file.received_on or file.on)}


def ground_of(file: CaseFile) -> Ground | None:
    """The legal ground that the act named, from whichever of the template's lists has it."""
    named = file.ground or ""
    return next((group[named] for group in file.template.grounds.values() if named in group), None)


def ground_rows(file: CaseFile) -> Iterator[Row]:
    """The legal ground with its article."""
    ground = ground_of(file)
    if ground is not None:
        yield row("ground", ground.title.model_dump(), origin_basis(file.template.sources[ground.source], file.on))


def reasons(file: CaseFile) -> Iterator[Block]:
    """The officer's own words, where the act brought some: `reason` first, then whatever else it told."""
    told = [words for _, words in sorted(file.texts.items(), key=lambda each: (each[0] != "reason", each[0])) if words]
    if told:
        yield Block(
            kind="list", key="reasons", title=both("paper.title.reasons"), items=tuple(same(each) for each in told)
        )


def review_block(file: CaseFile) -> Block:
    """The right to ask for review or to sue; within what time is told by the laws on review and suits, not by this paper."""
    basis = law("written_refusal", file.on)
    return paragraph("review", "paper.review", basis, cite=basis.cite)
