"""The check of an act, repeated under its locks against what occupies the sea at that moment (register.md §2 and §6).

The database finds candidates by box; `marine.overlaps.grade` alone judges. An act goes through where every neighbour is clear,
touching, left by rounding, or layered with its papers on file; everything else refuses it, with the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import shapely
from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.boundary import Boundary
from marine.findings import Finding, Grade
from marine.overlaps import Pairs, grade
from marine.snapping import snap
from marine.spaces import Spaces, days_of, layer_names, month_numbers
from parcels.checks.limits import TOLERANCES, Limits
from parcels.queries import register as queries
from parcels.queries.register import Holding, Paper
from parcels.registering.cores import judge_again
from parcels.registering.requests import Occupying
from parcels.registering.spaces import UnitBand, space_of, space_of_holding

LAYERED = "layers.compatible"
# What a consent can still close; a claim may stand meanwhile, a decision or an entry may not.
CONSENT_CLOSES = frozenset({"layers.consent", "heights.apart"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the neighbours say of an act that may go on: findings, and the rights and cases it is layered with."""

    findings: tuple[Finding, ...] = ()
    layered_rights: tuple[int, ...] = ()
    layered_cases: tuple[str, ...] = ()

    @property
    def is_layered(self) -> bool:
        """Whether the register must carry the note 立体分层设权."""
        return bool(self.layered_rights or self.layered_cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The act's own side: whose case, which boundary, and what does not block it (its own claim, the right it renews or changes).

    `consents_pending`: a claim, whose layered neighbours are still being asked.
    """

    case_number: str
    boundary: Boundary
    occupying: Occupying
    own_claim: int | None = None
    own_right: int | None = None
    consents_pending: bool = False


def judge(session: Session, side: Side, rows: Sequence[UnitBand], limits: Limits) -> Judged:
    """Judge the act's rows against every current occupation; raises `Refusal` with the findings where one stands against it."""
    near = [other for other in queries.holdings_around(session, side.boundary.bounds) if not _is_own(other, side)]
    if not near:
        return Judged()
    # Units cut to slivers would each overlap by less than the tolerance: both sides are judged in one piece besides.
    around = in_one_piece(near, "use_mode", ("right_id", "claim_id", "held_from", "held_to", *_ALIKE))
    drafts = Spaces.of([space_of(row, side.occupying, limits) for row in in_one_piece(rows, "mode", ("band",))])
    others = Spaces.of([space_of_holding(other, limits) for other in around])
    mine, theirs = _boxes_that_meet(drafts, others)
    papers = _papers(session, side, around)
    pairs = grade(
        drafts,
        others,
        mine,
        theirs,
        tolerance=limits.tolerance,
        forbidden_layer_pairs=limits.forbidden,
        papers=[papers[other] for other in theirs.tolist()],
    )
    deep = judge_again(session, pairs, drafts, mine, around, theirs, papers, limits)
    found = [(at, around[other]) for at, other in enumerate(theirs.tolist()) if pairs.grade[at] > Grade.CLEAR]
    findings = tuple(_finding(pairs, at, other, limits) for at, other in found)
    _refuse(pairs, found, findings, deep, side, limits)
    layered = [other for at, other in found if pairs.reason[at] == LAYERED]
    return Judged(
        findings=findings,
        layered_rights=tuple(sorted({other.right_id for other in layered if other.right_id is not None})),
        layered_cases=tuple(
            sorted({other.case_number for other in layered if other.case_number and not other.right_id})
        ),
    )


_ALIKE = ("layers", "z_low", "z_high", "z_surveyed", "months", "is_layered", "use_type")
Row = TypeVar("Row", UnitBand, Holding)


def in_one_piece(rows: Sequence[Row], mode: str, alike: Sequence[str]) -> list[Row]:
    """Rows that are alike joined to one: those of one mode, and where there are several modes all of them, as of none.

    An overlap is as wide as it is, whatever unit borders run through it.
    """
    groups: dict[Any, dict[Any, list[Row]]] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in alike)
        groups.setdefault(key, {}).setdefault(getattr(row, mode), []).append(row)
    found: list[Row] = []
    for by_mode in groups.values():
        joined = [_joined(each) for each in by_mode.values()]
        if len(joined) > 1:
            of_no_mode: dict[str, Any] = {mode: None}
            found.append(replace(_joined(joined), **of_no_mode))
        found += joined
    return found


def _joined(rows: Sequence[Row]) -> Row:
    if len(rows) == 1:
        return rows[0]
    return replace(rows[0], geometry=shapely.union_all([row.geometry for row in rows]))


def _is_own(other: Holding, side: Side) -> bool:
    """Only the case's own claim and the right that it renews or changes do not block it (register.md §3)."""
    return (other.claim_id is not None and other.claim_id == side.own_claim) or (
        other.right_id is not None and other.right_id == side.own_right
    )


def _boxes_that_meet(drafts: Spaces, others: Spaces) -> tuple[Any, Any]:
    """The pairs whose boxes lie within 1 ms of each other: what the index would find for each unit by itself."""
    one, other = shapely.bounds(drafts.geometry)[:, None, :], shapely.bounds(others.geometry)[None, :, :]
    meets = (
        (one[..., 0] - 1 <= other[..., 2])
        & (other[..., 0] - 1 <= one[..., 2])
        & (one[..., 1] - 1 <= other[..., 3])
        & (other[..., 1] - 1 <= one[..., 3])
    )
    mine, theirs = np.nonzero(meets)
    return mine, theirs


def _papers(session: Session, side: Side, around: Iterable[Holding]) -> list[bool]:
    """For each neighbour, whether consent or settlement and the argumentation's conclusion are on file between the two.

    The later side's file holds them and names its boundary by hash; either of the two may be the later one.
    """
    around = list(around)
    rights = sorted({other.right_id for other in around if other.right_id is not None})
    papers = queries.layering_papers(session, side.case_number, rights) if side.occupying.is_layered else []
    return [any(_is_between(paper, side, other) for paper in papers) for other in around]


def _is_between(paper: Paper, side: Side, other: Holding) -> bool:
    if paper.case_number == side.case_number and paper.boundary_hash == side.boundary.hash:
        return (paper.earlier_right_id is not None and paper.earlier_right_id == other.right_id) or (
            paper.earlier_case_number is not None and paper.earlier_case_number == other.case_number
        )
    return (
        paper.case_number == other.case_number
        and paper.boundary_hash == other.boundary_hash
        and paper.earlier_case_number == side.case_number
    )


def _finding(pairs: Pairs, at: int, other: Holding, limits: Limits) -> Finding:
    """One pair as a finding, with all that was measured."""
    first, last = days_of(int(pairs.shared_from[at]), int(pairs.shared_to[at]))
    facts = {
        "overlap_m2": _number(pairs.overlap_m2[at]),
        "share_draft": _number(pairs.share_draft[at]),
        "share_other": _number(pairs.share_other[at]),
        "width_m": _number(pairs.width_m[at]),
        "shared_edge_m": _number(pairs.shared_edge_m[at]),
        "layers": list(layer_names(int(pairs.shared_layers[at]))),
        "months": list(month_numbers(int(pairs.shared_months[at]))),
        "from": first,
        "to": last,
        "standing": other.standing,
        "right_id": other.right_id,
        "case_number": other.case_number,
        "parcel_code": other.parcel_code,
    }
    return Finding(
        code=str(pairs.reason[at]),
        grade=Grade(int(pairs.grade[at])),
        facts=facts,
        basis=tuple(limits.sources[rule] for rule in TOLERANCES.values()),
        geometry=pairs.geometry[at],
    )


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _refuse(
    pairs: Pairs,
    found: Sequence[tuple[int, Holding]],
    findings: Sequence[Finding],
    deep: frozenset[int],
    side: Side,
    limits: Limits,
) -> None:
    """Refuse what no act may enter; the worst grade names the refusal."""
    waits = CONSENT_CLOSES if side.consents_pending else frozenset()
    bad = [
        finding
        for finding in findings
        if finding.grade is not None
        and finding.grade >= Grade.NEEDS_CONSENT
        and not (finding.grade is Grade.NEEDS_CONSENT and finding.code in waits)
    ]
    if bad:
        worst = max(finding.grade for finding in bad if finding.grade is not None)
        code = "register.conflict" if worst is Grade.CONFLICT else "register.needs_consent"
        raise Refusal(code, bad, case=side.case_number, count=len(bad))
    wide = [
        (finding, other)
        for finding, (at, other) in zip(findings, found, strict=True)
        if finding.grade is Grade.WITHIN_TOLERANCE and (at in deep or pairs.width_m[at] > limits.tolerance.rounding)
    ]
    if wide:
        raise Refusal(
            "boundary.snap_first",
            [finding for finding, _ in wide],
            case=side.case_number,
            count=len(wide),
            width_m=max(float(finding.facts["width_m"]) for finding, _ in wide),
            snapped=_snapped(side.boundary, [other.geometry for _, other in found]),
        )


def _snapped(boundary: Boundary, neighbours: Sequence[Any]) -> Any:
    """The boundary moved off its neighbours, to be signed again; None where moving it breaks it."""
    return snap(boundary, neighbours).boundary
