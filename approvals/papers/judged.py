"""What the check found, as papers tell it: each finding in words with its figures and basis; what was looked for and not found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from approvals.papers.blocks import heads, small
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Words
from approvals.papers.marks import basis_of, cited
from approvals.papers.words import both
from data.messages import LANGUAGES, text
from marine.findings import Finding, Grade
from parcels.checks.words import words


def findings_blocks(file: CaseFile) -> Iterator[Block]:
    """The findings that say something, the gravest first, and how many found nothing."""
    told = sorted((each for each in file.findings if _says_something(each)), key=_gravity, reverse=True)
    if told:
        yield _table(told)
    clear = len(file.findings) - len(told)
    if clear:
        yield small("clear", "paper.check.clear", count=clear)


def finding_words(finding: Finding) -> Words:
    """A finding in words of both languages."""
    return {lang: text(finding.code, lang, **words(finding.facts, lang)) for lang in LANGUAGES}


def _says_something(finding: Finding) -> bool:
    return finding.grade is not None and finding.grade > Grade.CLEAR


def _gravity(finding: Finding) -> int:
    return int(finding.grade or Grade.CLEAR)


def _table(found: Iterable[Finding]) -> Block:
    cells, marks = [], []
    for finding in found:
        assert finding.grade is not None
        basis = basis_of(finding.basis)
        cells.append((both(f"grade.{finding.grade.word}"), finding_words(finding), cited(basis.cite)))
        marks.append((basis.mark,) if basis.mark else ())
    return Block(
        kind="table",
        key="findings",
        title=both("paper.title.findings"),
        columns=heads("grade", "finding", "basis"),
        aligns=("fit", "wide", "left"),
        cells=tuple(cells),
        marks=tuple(marks),
    )
