"""Layers in versions: a draft version is laid down with its zones, and published by a second person under the register lock.

Publishing is one act (register.md §6): it takes the register exclusively, so no check under lock sees half a version.
A version may be dated ahead; the one before it ends on the day on which the new one begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from data import events
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from marine.buffers import buffered
from marine.coordinates import MS_PER_DEGREE
from parcels.locks import EXCLUSIVE, take
from parcels.models import Layer, LayerVersion, Zone
from parcels.models.columns import SRID

PART_POINTS = 128  # the candidate query on whole red lines of 10,000 points took twice as long (measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDraft:
    """What a layer is, apart from its versions; `disclosure` and `accuracy_m` as register.md §5 and §2."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    office_zh: str | None = None
    office_en: str | None = None
    disclosure: str = "public"
    accuracy_m: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDraft:
    """One zone to be laid down. `geometry` is shapely in milliseconds of arc; empty types or modes mean all."""

    identity: str
    name_zh: str
    name_en: str
    effect: str
    geometry: Any
    use_types: tuple[str, ...] = ()
    use_modes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    buffer_m: float = 0
    answer_days: int | None = None
    cite: str | None = None
    disclosure: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


def layer_of(session: Session, draft: LayerDraft) -> Layer:
    """The layer with this code, made if it is new; an existing one keeps what it is."""
    found = session.scalar(select(Layer).where(Layer.code == draft.code))
    if found is not None:
        return found
    layer = Layer(**{name: getattr(draft, name) for name in draft.__slots__})
    session.add(layer)
    session.flush()  # versions name the layer's number
    return layer


def lay_down(
    session: Session,
    layer: Layer,
    *,
    source: str,
    valid: tuple[date | None, date | None],
    actor: Actor,
    transition: str = "all",
    transition_basis: str | None = None,
    cite: str | None = None,
    mark: str | None = None,
    proposed_by: str,
) -> LayerVersion:
    """A draft version without zones yet; `valid` are the first and last day, both included, None for open."""
    session.execute(select(Layer.id).where(Layer.id == layer.id).with_for_update())
    last = session.scalar(select(func.max(LayerVersion.number)).where(LayerVersion.layer_id == layer.id)) or 0
    version = LayerVersion(
        layer_id=layer.id,
        number=last + 1,
        standing="draft",
        valid=days(*valid),
        transition=transition,
        transition_basis=transition_basis,
        source=source,
        cite=cite,
        mark=mark,
        proposed_by=proposed_by,
    )
    session.add(version)
    session.flush()  # zones name the version's number
    at = recorded_at(session)
    body = {"version": version.number, "layer": layer.code, "source": source, "proposed_by": actor.plain()}
    events.record(session, _stream(layer), "layer.laid_down", body, actor=actor, at=at)
    return version


def add_zones(session: Session, version: LayerVersion, zones: Sequence[ZoneDraft]) -> list[int]:
    """Write zones whole, with their buffer applied, and subdivided for the candidate query; their ids in order."""
    if version.standing != "draft":
        raise Refusal("layer.not_a_draft", version=version.number)
    if not zones:
        return []
    wholes = [shapely.transform(zone.geometry, _to_degrees) for zone in zones]
    effects = [shapely.transform(buffered(zone.geometry, zone.buffer_m), _to_degrees) for zone in zones]
    ids = session.scalars(
        insert(Zone).returning(Zone.id, sort_by_parameter_order=True),
        [_row(version.id, zone, whole, effect) for zone, whole, effect in zip(zones, wholes, effects, strict=True)],
    ).all()
    session.execute(_SUBDIVIDE, {"version": version.id, "ids": list(ids), "points": PART_POINTS})
    return list(ids)


_SUBDIVIDE = text(
    "INSERT INTO zone_part (zone_id, version_id, geom) "
    "SELECT id, version_id, ST_Subdivide(effect_geom, :points) FROM zone WHERE version_id = :version AND id = ANY(:ids)"
)


def demand_planner(actor: Actor) -> None:
    """Refuse whoever neither plans nor administers: nobody else lays a version down, takes it back or publishes it."""
    if not (actor.is_administrator or actor.has("planner")):
        raise Refusal("layer.planner_only")


def publish(
    session: Session, version: LayerVersion, *, approved_by: str, actor: Actor, first: date | None = None
) -> LayerVersion:
    """Put a draft version into force on its first day, or on another that is given and not past.

    Refuses one's own draft (four eyes) and what is published already.
    """
    demand_planner(actor)
    take(session, EXCLUSIVE)
    session.refresh(version, with_for_update=True)
    layer = session.get_one(Layer, version.layer_id)
    if version.standing != "draft":
        raise Refusal("layer.not_a_draft", version=version.number)
    if approved_by == version.proposed_by:
        raise Refusal("layer.four_eyes")
    at = recorded_at(session)
    if first is not None:
        _begin_on(version, first, legal_day(at))
    first = version.valid.lower or legal_day(at)
    if _end_earlier(session, version, first):
        # What a later version says must not reach back over the days of the one before it.
        version.valid = Range(first, version.valid.upper, bounds="[)")
    version.standing, version.published_at, version.approved_by = "published", at, approved_by
    session.flush()  # the event tells what stands
    body = {"version": version.number, "layer": layer.code, "from": first, "zones": _count(session, version)}
    events.record(session, _stream(layer), "layer.published", body, actor=actor, at=at)
    return version


def _begin_on(version: LayerVersion, first: date, today: date) -> None:
    """Another first day than the proposed one; one that is past would change what governed acts already done."""
    if first < today:
        raise Refusal("layer.first_day_past", first=first)
    if version.valid.upper is not None and version.valid.upper <= first:
        raise Refusal("layer.ends_before", first=first)
    version.valid = Range(first, version.valid.upper, bounds="[)")


def _end_earlier(session: Session, version: LayerVersion, first: date) -> int:
    """Earlier published versions that reach past `first` end the day before; one that would begin later is withdrawn."""
    earlier = session.scalars(
        select(LayerVersion).where(
            LayerVersion.layer_id == version.layer_id,
            LayerVersion.standing == "published",
            LayerVersion.valid.op("&&")(Range(first, None, bounds="[)")),
        )
    ).all()
    for old in earlier:
        if old.valid.lower is not None and old.valid.lower >= first:
            old.standing = "withdrawn"
        else:
            old.valid = Range(old.valid.lower, first, bounds="[)")
    return len(earlier)


def discard(session: Session, version: LayerVersion, *, actor: Actor) -> LayerVersion:
    """Take a draft version back; it stays on record and can never be published."""
    demand_planner(actor)
    take(session, EXCLUSIVE)
    session.refresh(version, with_for_update=True)
    if version.standing != "draft":
        raise Refusal("layer.not_a_draft", version=version.number)
    version.standing = "withdrawn"
    session.flush()  # the event tells what stands
    layer, at = session.get_one(Layer, version.layer_id), recorded_at(session)
    body = {"version": version.number, "layer": layer.code}
    events.record(session, _stream(layer), "layer.discarded", body, actor=actor, at=at)
    return version


def _count(session: Session, version: LayerVersion) -> int:
    return session.scalar(select(func.count()).select_from(Zone).where(Zone.version_id == version.id)) or 0


def days(first: date | None, last: date | None) -> Range[date]:
    """Both days included, as people write them, stored half-open (register.md §6 'Dates')."""
    return Range(first, None if last is None else date.fromordinal(last.toordinal() + 1), bounds="[)")


def _row(version_id: int, zone: ZoneDraft, whole: Any, effect: Any) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "identity": zone.identity,
        "name_zh": zone.name_zh,
        "name_en": zone.name_en,
        "effect": zone.effect,
        "use_types": list(zone.use_types) or None,
        "use_modes": list(zone.use_modes) or None,
        "held": days(zone.first, zone.last),
        "buffer_m": zone.buffer_m,
        "answer_days": zone.answer_days,
        "cite": zone.cite,
        "disclosure": zone.disclosure,
        "attributes": zone.attributes,
        "geom": _ewkb(whole),
        "effect_geom": _ewkb(effect),
    }


def _ewkb(geometry: Any) -> str:
    wkb: str = shapely.to_wkb(shapely.set_srid(geometry, SRID), hex=True, include_srid=True)
    return wkb


def _to_degrees(ms: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    degrees: np.ndarray[Any, Any] = np.rint(ms) / MS_PER_DEGREE
    return degrees


def _stream(layer: Layer) -> events.StreamName:
    return events.StreamName("layer", layer.code)


def in_chunks(zones: Iterable[ZoneDraft], points: int = 200_000) -> Iterable[list[ZoneDraft]]:
    """Zones in lists of at most so many points, so that one statement never carries a whole atlas."""
    chunk: list[ZoneDraft] = []
    held = 0
    for zone in zones:
        size = int(shapely.get_num_coordinates(zone.geometry))
        if chunk and held + size > points:
            yield chunk
            chunk, held = [], 0
        chunk.append(zone)
        held += size
    if chunk:
        yield chunk
