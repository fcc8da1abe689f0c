"""Blocks that several papers share: the boundary's units and points, holders, materials, evidence, hands and seals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from approvals.papers.answers import named
from approvals.papers.casefile import AuthorityLine, CaseFile, HolderLine
from approvals.papers.content import Block, Row, Words
from approvals.papers.marks import Basis
from approvals.papers.words import DASH, bare_hectares, both, day, joined, same
from data.rulebook.codes import CodeList
from marine.boundary import Boundary
from marine.coordinates import dms


def row(label: str, value: Words, basis: Basis | None = None, **more: Any) -> Row:
    """A row by the code of its label (`paper.label.…`), with its basis and mark where it rests on a rule."""
    cite, mark = basis or Basis("", None)
    return Row(label=both(f"paper.label.{label}"), value=value, cite=cite, mark=mark, **more)


def pairs(key: str, rows: Iterable[Row], title: Words | None = None) -> Block:
    """Labels with their values."""
    return Block(kind="pairs", key=key, title=title, rows=tuple(rows))


def paragraph(key: str, code: str, basis: Basis | None = None, /, **facts: Any) -> Block:
    """One paragraph of the catalogue; what it rests on is marked behind it."""
    marks = ((basis.mark,),) if basis and basis.mark else ()
    return Block(kind="paragraph", key=key, words=both(code, **facts), marks=marks)


def small(key: str, code: str, basis: Basis | None = None, /, **facts: Any) -> Block:
    """The same in small print."""
    marks = ((basis.mark,),) if basis and basis.mark else ()
    return Block(kind="small", key=key, words=both(code, **facts), marks=marks)


def heads(*names: str) -> tuple[Words, ...]:
    """The heads of a table's columns by their names (`paper.column.…`)."""
    return tuple(both(f"paper.column.{name}") for name in names)


def addressee(file: CaseFile) -> Words | None:
    """Whom a paper is addressed to: every holder to be."""
    names = holder_names(file)
    return joined(same(name) for name in names) if names else None


def holder_names(file: CaseFile) -> tuple[str, ...]:
    """The names of the holders to be, as the file has them or as the form names the applicants."""
    if file.holders:
        return tuple(holder.name for holder in file.holders)
    told = file.answers.get("applicant_name")
    return (str(told.value),) if told else ()


def holding(holder: HolderLine) -> Words:
    """The kind of co-holding, with the share where there is one."""
    if holder.holding == "shares" and holder.numerator and holder.denominator:
        return both("paper.holding.shares", numerator=holder.numerator, denominator=holder.denominator)
    return both(f"paper.holding.{holder.holding}")


def government(authority: AuthorityLine) -> Words:
    """The government that decides, by the name of its place."""
    if authority.level == "state":
        return both("level.state")
    return both("paper.word.government", place={"zh": authority.zh, "en": authority.en})


def holders_block(file: CaseFile) -> Block:
    """Every holder with the kind of co-holding and the share."""
    return Block(
        kind="table",
        key="holders",
        title=both("paper.title.holders"),
        columns=heads("number", "holder", "holding"),
        aligns=("center", "left", "left"),
        cells=tuple((same(str(at)), same(each.name), holding(each)) for at, each in enumerate(file.holders, 1)),
    )


def holders_told(file: CaseFile) -> Words:
    """All holders in one line, each with its share where there are several."""
    if len(file.holders) < 2:
        return addressee(file) or DASH
    return joined(both("paper.word.with", what=holder.name, more=holding(holder)) for holder in file.holders)


def units_block(
    boundary: Boundary | None, told: Iterable[Mapping[str, Any]], total: Decimal | str, codes: CodeList
) -> Block:
    """The units: mode, specific use, ring, hectares, and their sum. `told` are rows `{mode, hectares, use}`."""
    rows = [dict(each) for each in told]
    rings = _rings(boundary, len(rows))
    cells = tuple(
        (
            same(str(at)),
            named(codes, each["mode"]),
            same(each["use"] or "—"),
            same(ring),
            same(bare_hectares(each["hectares"])),
        )
        for at, (each, ring) in enumerate(zip(rows, rings, strict=True), 1)
    )
    return Block(
        kind="table",
        key="units",
        title=both("paper.title.units"),
        columns=heads("unit", "mode", "use", "ring", "hectares"),
        aligns=("center", "left", "left", "left", "right"),
        cells=cells,
        total=(both("paper.word.total"), same(""), same(""), same(""), same(bare_hectares(total))),
    )


def unit_rows(file: CaseFile) -> Iterator[dict[str, Any]]:
    """The units of the file's boundary as rows `{mode, hectares, use}`."""
    if file.boundary is None:
        return
    for at, area in enumerate(file.boundary.unit_areas):
        mode = file.unit_modes[at] if at < len(file.unit_modes) else None
        yield {"mode": mode, "hectares": area, "use": file.unit_uses[at] if at < len(file.unit_uses) else ""}


def _rings(boundary: Boundary | None, count: int) -> list[str]:
    """The ring of each unit; a dash where the boundary has not been settled into as many units."""
    if boundary is None or len(boundary.units) != count:
        return ["—"] * count
    return [boundary.unit_notation(at, brief=True) for at in range(count)]


def points_block(boundary: Boundary) -> Block:
    """Number, latitude and longitude of every point, ring by ring; each ring closes with its first point, inner points follow."""
    cells = []
    for ring in boundary.parcel.rings:
        cells += [_point(boundary, point) for point in (*ring, ring[0])]
    outline = {point for ring in boundary.parcel.rings for point in ring}
    cells += [
        _point(boundary, point)
        for point, number in sorted(boundary.numbers, key=lambda each: each[1])
        if point not in outline
    ]
    return Block(
        kind="table",
        key="points",
        title=both("paper.title.points", meridian=dms(int(boundary.central_meridian * 3_600_000), decimals=0)),
        columns=heads("number", "latitude", "longitude"),
        aligns=("center", "center", "center"),
        cells=tuple(cells),
    )


def _point(boundary: Boundary, point: tuple[int, int]) -> tuple[Words, ...]:
    return same(str(boundary.number_of(point))), same(dms(point[1])), same(dms(point[0]))


def materials_block(file: CaseFile) -> Block:
    """The papers on the file, each with the digest of its bytes and who brought it."""
    cells = tuple(
        (
            same(str(at)),
            {"zh": each.zh, "en": each.en},
            same(each.file),
            both(f"paper.by.{each.provided_by}"),
            same(each.digest.removeprefix("sha256:")),
        )
        for at, each in enumerate(file.materials, 1)
    )
    return Block(
        kind="table",
        key="materials",
        title=both("paper.title.materials"),
        columns=heads("number", "material", "file", "by", "digest"),
        aligns=("center", "left", "left", "fit", "hash"),
        cells=cells,
    )


def seal_block(file: CaseFile) -> Block:
    """Who issues the paper, and when; no seal is ever drawn."""
    issuer = {"zh": file.issuer.zh, "en": file.issuer.en}
    return Block(kind="signatures", key="issued", rows=(row("issuer", issuer), row("issued_on", day(file.on))))


def evidence_of(file: CaseFile) -> dict[str, str]:
    """The hashes by which a paper of this file can be checked, the boundary's first."""
    told = {
        "boundary": file.boundary.hash if file.boundary else "",
        "form": file.form_digest or "",
        "materials": file.signing.materials_digest if file.signing else "",
        "template": file.template.hash,
        "rules": file.rules_hash,
    }
    return {name: value for name, value in told.items() if value}
