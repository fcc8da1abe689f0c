"""Anchors: now and then the heads of the changed streams are chained to each other, so that no chain can be cut short unseen."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from data.event_tables import Event, EventAnchor, EventStream
from data.events import ALGORITHM, digest, instant

# "Someone makes an anchor": two jobs in one hour make one after the other, never two with one number.
ANCHOR_LOCK = 7104_0001


def anchor(session: Session, *, at: datetime) -> EventAnchor | None:
    """Cover the heads of all streams that changed since the last anchor, and that anchor; None where nothing changed."""
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ANCHOR_LOCK})
    last = session.execute(
        select(EventAnchor.id, EventAnchor.hash, EventAnchor.horizon).order_by(EventAnchor.id.desc()).limit(1)
    ).one_or_none()
    # Read before the heads: a transaction that ends in between is covered now and looked at again next time, never missed.
    horizon = session.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).scalar_one()
    changed = select(Event.stream).where(Event.tx >= last.horizon) if last else select(Event.stream)
    heads = session.execute(
        select(EventStream.name, EventStream.seq, EventStream.hash)
        .where(EventStream.name.in_(changed.distinct()))
        .order_by(EventStream.name.collate("C"))
    ).all()
    known = _told_by(session, last.id) if last else []
    covered: list[Any] = [
        told for name, seq, hash_ in heads if hash_ is not None and (told := [name, seq, hash_.hex()]) not in known
    ]
    if not covered:
        return None
    envelope = rfc8785.dumps(
        {
            "alg": ALGORITHM,
            "anchor": last.id + 1 if last else 1,
            "previous": last.hash.hex() if last else None,
            "recorded_at": instant(at),
            "heads": covered,
        }
    )
    columns = {
        "id": last.id + 1 if last else 1,
        "recorded_at": at,
        "previous": last.hash if last else None,
        "alg": ALGORITHM,
        "hash": digest(envelope),
        "envelope": envelope,
        "horizon": horizon,
    }
    return session.scalars(insert(EventAnchor).values(columns).returning(EventAnchor)).one()


def _told_by(session: Session, number: int) -> Any:
    """The heads that an anchor tells."""
    return json.loads(session.execute(select(EventAnchor.envelope).where(EventAnchor.id == number)).scalar_one())[
        "heads"
    ]
