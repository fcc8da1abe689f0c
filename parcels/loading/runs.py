"""Runs: a file is loaded in chunks, each a transaction of its own; a run that was stopped goes on after its last chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.clock import recorded_at
from data.rulebook import RuleBook
from marine.findings import Finding
from parcels import register
from parcels.loading import places, rights, zones
from parcels.loading.audit import audit
from parcels.loading.columns import ColumnMap
from parcels.loading.tables import FeatureTable
from parcels.models import LayerVersion, LoadChunk, LoadFeature, LoadRun
from parcels.parties import PartyKeys
from parcels.publishing import LayerDraft, add_zones, lay_down, layer_of, publish
from parcels.queries.loads import counts, next_feature, overlap_counts, run_of, told_features

CHUNK = 5_000  # register.md §6: at most 5,000 features, so that the exclusive lock is held for about two seconds
Opened = Callable[[], Any]
Heard = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of a file. `features` are those with something to tell: (number from 1, outcome, findings)."""

    run: int
    target: str
    was_finished: bool
    features: int
    adopted: int
    refused: int
    told: tuple[tuple[int, str, list[Any]], ...]
    overlaps: Mapping[str, int]
    unused_columns: tuple[str, ...]
    version: int | None = None
    published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A layer version to lay down, and who approves it at once (another than the proposer), if anybody."""

    layer: LayerDraft
    source: str
    proposed_by: str
    approved_by: str | None = None
    first: date | None = None
    last: date | None = None
    cite: str | None = None
    mark: str | None = None


def load_rights(
    opened: Opened,
    table: FeatureTable,
    names: ColumnMap,
    *,
    actor: Actor,
    keys: PartyKeys | None,
    book: RuleBook,
    today: date,
    heard: Heard = lambda count: None,
    told_at_most: int = 1_000,
) -> LoadReport:
    """Adopt a table of old rights; `opened()` gives a session as a context manager, one for each transaction."""
    with opened() as session:
        run_id, was_finished = _begin(session, table, names, "rights", actor, "pending")
        session.commit()
    if not was_finished:
        _adopt_chunks(opened, run_id, table, names, actor, keys, heard)
        with opened() as session:
            _finish(session, run_id)
            audit(session, run_id, actor=actor, book=book, today=today)
            session.commit()
    with opened() as session:
        return _report(session, run_id, table, names, "rights", was_finished, told_at_most)


def _adopt_chunks(
    opened: Opened,
    run_id: int,
    table: FeatureTable,
    names: ColumnMap,
    actor: Actor,
    keys: PartyKeys | None,
    heard: Heard,
) -> None:
    with opened() as session:
        number, first = next_feature(session, run_id)
    heard(first)
    while first < len(table):
        last = min(first + CHUNK, len(table))
        asked = rights.requests(table, names, first, last)
        with opened() as session:
            chunk = register.RunChunk(run_id=run_id, number=number, first_feature=first, last_feature=last - 1)
            register.adopt(session, asked, actor=actor, keys=keys, run=chunk)
            session.commit()
        heard(last - first)
        number, first = number + 1, last


def load_zones(
    opened: Opened,
    table: FeatureTable,
    names: ColumnMap,
    target: str,
    publication: Publication,
    *,
    actor: Actor,
    heard: Heard = lambda count: None,
    told_at_most: int = 1_000,
) -> LoadReport:
    """Lay a table down as a new version of a layer, all in one transaction, and publish it if somebody approves."""
    version_number, published = None, False
    with opened() as session:
        run_id, was_finished = _begin(session, table, names, target, actor, "not_needed")
        if not was_finished:
            version = _new_version(session, publication, actor)
            refused = _lay_zones(session, run_id, version, table, names, target, heard)
            _one_chunk(session, run_id, len(table), refused)
            if publication.approved_by is not None:
                publish(session, version, approved_by=publication.approved_by, actor=actor)
            version_number, published = version.number, version.standing == "published"
            _finish(session, run_id)
        session.commit()
    with opened() as session:
        report = _report(session, run_id, table, names, target, was_finished, told_at_most)
    return _with_version(report, version_number, published)


def _with_version(report: LoadReport, number: int | None, published: bool) -> LoadReport:
    values = {name: getattr(report, name) for name in report.__slots__}
    return LoadReport(**{**values, "version": number, "published": published})


def _new_version(session: Session, publication: Publication, actor: Actor) -> LayerVersion:
    return lay_down(
        session,
        layer_of(session, publication.layer),
        source=publication.source,
        valid=(publication.first, publication.last),
        actor=actor,
        cite=publication.cite,
        mark=publication.mark,
        proposed_by=publication.proposed_by,
    )


def _lay_zones(
    session: Session,
    run_id: int,
    version: LayerVersion,
    table: FeatureTable,
    names: ColumnMap,
    target: str,
    heard: Heard,
) -> int:
    """Write the zones in lists that one statement can carry; the number refused."""
    waiting: list[tuple[int, Any]] = []
    points = refused = 0
    for at, draft in zones.drafts(table, names, target):
        if isinstance(draft, Finding):
            refused += 1
            _feature(session, run_id, at, None, [_plain(draft)])
            heard(1)
            continue
        waiting.append((at, draft))
        points += 1 if draft.geometry is None else len(draft.geometry.wkb) // 16
        if points > 200_000:
            _flush_zones(session, run_id, version, waiting, heard)
            waiting, points = [], 0
    _flush_zones(session, run_id, version, waiting, heard)
    return refused


def _flush_zones(
    session: Session, run_id: int, version: LayerVersion, waiting: list[tuple[int, Any]], heard: Heard
) -> None:
    ids = add_zones(session, version, [draft for _, draft in waiting])
    if ids:
        session.execute(
            insert(LoadFeature),
            [
                {
                    "run_id": run_id,
                    "feature_number": at,
                    "part": 0,
                    "outcome": "adopted",
                    "zone_id": zone,
                    "findings": [],
                }
                for (at, _), zone in zip(waiting, ids, strict=True)
            ],
        )
    heard(len(waiting))


def load_places(
    opened: Opened,
    table: FeatureTable,
    names: ColumnMap,
    *,
    actor: Actor,
    heard: Heard = lambda count: None,
    told_at_most: int = 1_000,
) -> LoadReport:
    """Enter places with their sea areas, all in one transaction."""
    with opened() as session:
        run_id, was_finished = _begin(session, table, names, "places", actor, "not_needed")
        refused = 0
        for at, geometry in enumerate(table.geometries if not was_finished else ()):
            values = {field: table.columns[column][at] for field, column in names.columns.items()} | dict(
                names.constants
            )
            outcome = places.load_feature(session, geometry, values, table.name, at)
            is_refused = isinstance(outcome, Finding)
            refused += is_refused
            _feature(session, run_id, at, None if is_refused else "adopted", [_plain(outcome)] if is_refused else [])
            heard(1)
        if not was_finished:
            _one_chunk(session, run_id, len(table), refused)
            _finish(session, run_id)
        session.commit()
    with opened() as session:
        return _report(session, run_id, table, names, "places", was_finished, told_at_most)


def _begin(
    session: Session, table: FeatureTable, names: ColumnMap, target: str, actor: Actor, audit_state: str
) -> tuple[int, bool]:
    """The run of this file, begun or found again; and whether it was finished before."""
    if not actor.is_administrator:
        raise Refusal("register.administrator_only")
    found = run_of(session, table.digest, target)
    if found is not None:
        if found.state == "finished":
            return found.id, True
        if found.column_map != names.plain():
            raise Refusal("load.map_changed", run=found.id)
        return found.id, False
    made = LoadRun(
        target=target,
        source_digest=table.digest,
        source_name=table.name,
        column_map=names.plain(),
        feature_count=len(table),
        audit=audit_state,
        actor=str(actor.plain()),
    )
    session.add(made)
    session.flush()  # chunks name the run's number
    return made.id, False


def _finish(session: Session, run_id: int) -> None:
    at = recorded_at(session)
    session.execute(update(LoadRun).where(LoadRun.id == run_id).values(state="finished", finished_at=at))


def _one_chunk(session: Session, run_id: int, features: int, refused: int) -> None:
    session.add(
        LoadChunk(
            run_id=run_id,
            number=0,
            first_feature=0,
            last_feature=max(0, features - 1),
            adopted=features - refused,
            refused=refused,
            recorded_at=recorded_at(session),
        )
    )


def _feature(session: Session, run_id: int, at: int, outcome: str | None, findings: Iterable[Any]) -> None:
    session.add(
        LoadFeature(run_id=run_id, feature_number=at, part=0, outcome=outcome or "refused", findings=list(findings))
    )


def _plain(finding: Finding | int) -> dict[str, Any]:
    assert isinstance(finding, Finding)
    return {"code": finding.code, **finding.facts}


def _report(
    session: Session, run_id: int, table: FeatureTable, names: ColumnMap, target: str, was_finished: bool, limit: int
) -> LoadReport:
    adopted, refused = counts(session, run_id)
    told = told_features(session, run_id, limit)
    return LoadReport(
        run=run_id,
        target=target,
        was_finished=was_finished,
        features=len(table),
        adopted=adopted,
        refused=refused,
        told=tuple((number + 1, outcome, findings) for number, outcome, findings in told),
        overlaps=overlap_counts(session, run_id) if target == "rights" else {},
        unused_columns=names.unused,
    )
