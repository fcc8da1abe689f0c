"""Bulk loads: which run a file has, what its chunks did, and the occupations that the audit after a load compares."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.models import LoadChunk, LoadFeature, LoadOverlap, LoadRun
from parcels.queries import in_milliseconds

Array = npt.NDArray[Any]


def run_of(session: Session, digest: str, target: str) -> LoadRun | None:
    """The run of this file for this target, if it was ever begun."""
    return session.scalar(select(LoadRun).where(LoadRun.source_digest == digest, LoadRun.target == target))


def next_feature(session: Session, run_id: int) -> tuple[int, int]:
    """Number of the next chunk and of the next feature (from 0) of a run."""
    chunk, last = session.execute(
        select(func.max(LoadChunk.number), func.max(LoadChunk.last_feature)).where(LoadChunk.run_id == run_id)
    ).one()
    return (0, 0) if chunk is None else (chunk + 1, last + 1)


def counts(session: Session, run_id: int) -> tuple[int, int]:
    """Features adopted and refused so far."""
    adopted, refused = session.execute(
        select(func.sum(LoadChunk.adopted), func.sum(LoadChunk.refused)).where(LoadChunk.run_id == run_id)
    ).one()
    return int(adopted or 0), int(refused or 0)


def told_features(session: Session, run_id: int, limit: int) -> list[tuple[int, str, list[Any]]]:
    """Features with something to tell (feature number, outcome, findings), in file order, at most `limit`."""
    rows = session.execute(
        select(LoadFeature.feature_number, LoadFeature.outcome, LoadFeature.findings)
        .where(LoadFeature.run_id == run_id, func.jsonb_array_length(LoadFeature.findings) > 0)
        .order_by(LoadFeature.feature_number, LoadFeature.part)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def overlap_counts(session: Session, run_id: int) -> dict[str, int]:
    """Pairs that the audit of a run found, by grade."""
    rows = session.execute(
        select(LoadOverlap.grade, func.count()).where(LoadOverlap.run_id == run_id).group_by(LoadOverlap.grade)
    )
    return {row[0]: row[1] for row in rows}


AUDITED = """
SELECT o.id, o.layers, o.z_low, o.z_high, o.z_surveyed,
       coalesce(lower(o.held) - DATE '0001-01-01' + 1, :open_from), coalesce(upper(o.held) - DATE '0001-01-01' + 1, :open_to),
       o.months, o.is_layered, coalesce(o.use_mode, ''), coalesce(o.use_type, ''), o.accuracy_m,
       coalesce(r.run_id = :run, false), o.geom::bytea
FROM occupation AS o LEFT JOIN sea_right AS r ON r.id = o.right_id
WHERE upper_inf(o.known)
  AND o.geom && (SELECT ST_SetSRID(ST_Extent(i.geom), 4490) FROM occupation AS i JOIN sea_right AS s ON s.id = i.right_id
                 WHERE s.run_id = :run AND upper_inf(i.known))
ORDER BY o.id
"""
NAMES = (
    "id",
    "layers",
    "z_low",
    "z_high",
    "z_surveyed",
    "held_from",
    "held_to",
    "months",
    "layered",
    "mode",
    "use_type",
)


def audited(session: Session, run_id: int) -> tuple[dict[str, Array], Array, Array]:
    """Columns of all current occupation in the run's box, which rows are the run's own, and their geometry in milliseconds."""
    found = session.execute(text(AUDITED), {"run": run_id, "open_from": OPEN_FROM, "open_to": OPEN_TO}).all()
    if not found:
        return (
            {name: np.empty(0, dtype=object) for name in (*NAMES, "accuracy")},
            np.empty(0, bool),
            np.empty(0, object),
        )
    turned = list(zip(*found, strict=True))
    columns: dict[str, Array] = {name: np.array(values) for name, values in zip(NAMES, turned, strict=False)}
    columns["accuracy"] = np.array([np.nan if value is None else value for value in turned[11]], dtype=np.float64)
    for name in ("z_low", "z_high"):
        columns[name] = columns[name].astype(np.float64)
    return columns, np.array(turned[12], dtype=bool), in_milliseconds([bytes(shape) for shape in turned[13]])
