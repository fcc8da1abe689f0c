"""The check beside its baselines: its SQL beside a bare prepared ST_Intersects, and where the rest of its time goes."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np
import shapely
from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import packaged
from data.store import engine_for, sessions
from marine.coordinates import MS_PER_DEGREE
from parcels import checks
from parcels.drafts import ParcelDraft
from parcels.queries import rows
from tests.bench.store import TODAY

BARE = "SELECT id FROM occupation WHERE upper_inf(known) AND ST_Intersects(geom, %(draft)s::geometry)"
# Where each phase of a check is entered; the same function may be bound by name in several modules.
PHASES = {
    "sql": ("parcels.queries.occupations.rows", "parcels.queries.zones.rows", "parcels.queries.places.rows"),
    "grading": ("parcels.checks.rights.grade", "parcels.checks.zones.overlaps_with_regions"),
    "remedy": ("parcels.checks.checking.offer_remedy",),
}


def measure(url: str, drafts: list[ParcelDraft]) -> dict[str, Any]:
    """Milliseconds a check by phase, candidates, and the ratio of its SQL to the bare query, over all drafts."""
    # Plans as the server makes them, for the bare query too.
    factory = sessions(engine_for(url, generic_plans=True))
    with factory() as session:
        _walk(session, drafts[:200])
        spent = _walk(session, drafts)
    medians = {name: _three(values) for name, values in spent.items() if name != "hits"}
    return {
        "drafts": len(drafts),
        **{f"{name}_ms": value for name, value in medians.items()},
        "sql_to_bare_median": round(medians["sql"]["median"] / medians["bare"]["median"], 2),
        "sql_to_bare_total": round(sum(spent["sql"]) / sum(spent["bare"]), 2),
        "hits": {str(hits): count for hits, count in sorted(Counter(map(int, spent["hits"])).items())},
    }


def _bare(session: Session, draft: ParcelDraft) -> float:
    """Milliseconds on the same connection, by the same door, prepared and binary: only the index and the exact predicate."""
    shape = shapely.transform(draft.boundary.parcel.to_shapely(), lambda ms: ms / MS_PER_DEGREE)
    wkb = shapely.to_wkb(shapely.set_srid(shape, 4490), include_srid=True)
    begun = time.perf_counter()
    rows(session, BARE, {"draft": wkb})
    return (time.perf_counter() - begun) * 1000


def _walk(session: Session, drafts: list[ParcelDraft]) -> dict[str, list[float]]:
    """Every phase of every check in milliseconds, and the bare query between the checks, each first in its turn.

    Asked one after the other without a pause, the bare query would find its server process awake and its pages warm, which the
    check never does. `serialising` is the JSON text in Chinese.
    """
    spent: dict[str, list[float]] = defaultdict(list)
    book, public = packaged(), Actor.public()
    clock: dict[str, float] = {}
    with _timed(clock):
        for number, draft in enumerate(drafts):
            if number % 2:
                spent["bare"].append(_bare(session, draft))
            clock.update(dict.fromkeys(PHASES, 0.0))
            begun = time.perf_counter()
            report = checks.check(session, draft, asker=public, book=book, today=TODAY)
            checked = time.perf_counter()
            json.dumps(checks.as_json(report, "zh"), ensure_ascii=False)
            told = time.perf_counter()
            for phase in PHASES:
                spent[phase].append(clock[phase] * 1000)
            spent["serialising"].append((told - checked) * 1000)
            spent["whole"].append((told - begun) * 1000)
            spent["hits"].append(len(report.judged.occupations))
            if not number % 2:
                spent["bare"].append(_bare(session, draft))
    return spent


@contextmanager
def _timed(clock: dict[str, float]) -> Iterator[None]:
    """Add the time spent in each phase to `clock`; SQL inside the remedy counts as SQL and as remedy."""
    with ExitStack() as stack:
        for phase, places in PHASES.items():
            for place in places:
                module, _, name = place.rpartition(".")
                original = getattr(__import__(module, fromlist=[name]), name)
                stack.enter_context(mock.patch(place, _counted(original, phase, clock)))
        yield


def _counted(original: Callable[..., Any], phase: str, clock: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return original(*given, **named)
        finally:
            clock[phase] = clock.get(phase, 0.0) + time.perf_counter() - begun

    return timed


def _three(values: list[float]) -> dict[str, float]:
    median, high, top = np.percentile(values, [50, 95, 99])
    return {"median": round(float(median), 3), "p95": round(float(high), 3), "p99": round(float(top), 3)}
