"""The audit after a load: every overlap among the adopted rights, and with what stood there before, outside any lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from data import events
from data.actors import Actor
from data.clock import recorded_at
from data.rulebook import RuleBook, on
from marine.findings import Grade
from marine.overlaps import Pairs, grade_many
from marine.spaces import Spaces
from parcels.checks.limits import Limits, limits_for
from parcels.models import LoadOverlap, LoadRun
from parcels.queries.loads import audited
from parcels.registering.rows import write

KEPT = (Grade.WITHIN_TOLERANCE, Grade.COMPATIBLE, Grade.NEEDS_CONSENT, Grade.CONFLICT)
_COLUMNS = ("run_id", "occupation_id", "other_id", "grade", "reason", "overlap_m2", "width_m")


def audit(session: Session, run_id: int, *, actor: Actor, book: RuleBook, today: date) -> dict[str, int]:
    """Grade every pair that touches the run, keep what overlaps, and mark the run audited; pairs by grade."""
    limits = limits_for(book.inquire(dates=on(today)))
    columns, own, geometry = audited(session, run_id)
    spaces = _spaces(columns, geometry, limits)
    one, other = _pairs(geometry, own)
    pairs = grade_many(
        spaces,
        spaces,
        one,
        other,
        tolerance=limits.tolerance,
        forbidden_layer_pairs=limits.forbidden,
        keep_geometry=False,
    )
    session.execute(delete(LoadOverlap).where(LoadOverlap.run_id == run_id))
    write(session, "load_overlap", _COLUMNS, _rows(run_id, columns["id"], one, other, pairs))
    session.execute(update(LoadRun).where(LoadRun.id == run_id).values(audit="done"))
    found = {grade.word: int((pairs.grade == grade).sum()) for grade in KEPT}
    body = {"run": run_id, "pairs": len(one), "found": found, "rules": book.hash}
    events.record(
        session, events.StreamName("register", 1), "register.audited", body, actor=actor, at=recorded_at(session)
    )
    return found


def _spaces(columns: dict[str, Any], geometry: Any, limits: Limits) -> Spaces:
    given = {name: column for name, column in columns.items() if name not in ("id", "use_type")}
    return Spaces.columns(
        geometry,
        excluded=np.isin(columns["mode"], sorted(limits.excluded_modes)),
        never_layered=np.isin(columns["use_type"], sorted(limits.types_never_layered)),
        **given,
    )


def _pairs(geometry: Any, own: Any) -> tuple[Any, Any]:
    """Positions of pairs whose boxes meet, each once, at least one of the two from the run."""
    if not len(geometry):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    mine = np.flatnonzero(own)
    at, other = shapely.STRtree(geometry).query(geometry[mine])
    one = mine[at]
    keep = (one < other) | (~own[other] & (one != other))
    return one[keep], other[keep]


def _rows(run_id: int, ids: Any, one: Any, other: Any, pairs: Pairs) -> Iterator[tuple[Any, ...]]:
    for at in np.flatnonzero(np.isin(pairs.grade, [int(grade) for grade in KEPT])).tolist():
        yield (
            run_id,
            int(ids[one[at]]),
            int(ids[other[at]]),
            Grade(int(pairs.grade[at])).word,
            str(pairs.reason[at]) or None,
            _number(pairs.overlap_m2[at]),
            _number(pairs.width_m[at]),
        )


def _number(value: Any) -> float:
    return 0.0 if np.isnan(value) else float(value)
