"""Who acts for whom: a person (an account's number) acts for a party on dated days, by a document, until it is taken back.

Each act is an event in the party's chain. The caller has judged whether the actor may do this, and commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from approvals.models import Authorisation
from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName, lock_streams, record
from parcels.models import Party, PartyName, SourceFile
from parcels.publishing import days
from parcels.registering.writing import instant_of_act


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorising:
    """A person (account) is to act for a party from a day on, to a day included (None: until it is taken back), by a kept file."""

    account: int
    party: int
    first: date
    last: date | None = None
    basis: str


@dataclass(frozen=True, slots=True)
class ActedFor:
    """A party that an account acts for on a day, with the name that the party bears then."""

    authorisation: int
    party: int
    name: str | None
    kind: str
    first: date | None
    last: date | None


def grant(session: Session, asked: Authorising, *, actor: Actor) -> Authorisation:
    """Enter an authorisation. Nobody enters his own, and for no day are there two of one person for one party."""
    if asked.account == actor.person:
        raise Refusal("authorisation.to_oneself")
    if asked.last is not None and asked.last < asked.first:
        raise Refusal("authorisation.days_reversed")
    if session.get(Party, asked.party) is None:
        raise Refusal("authorisation.party_unknown", party=asked.party)
    if session.scalar(select(SourceFile.digest).where(SourceFile.digest == asked.basis)) is None:
        raise Refusal("authorisation.basis_unknown", digest=asked.basis)
    stream, valid = StreamName("party", asked.party), days(asked.first, asked.last)
    lock_streams(session, [stream])
    if _standing(session, asked, valid) is not None:
        raise Refusal("authorisation.already")
    at = instant_of_act(session, [stream])
    made = Authorisation(
        account_id=asked.account,
        party_id=asked.party,
        valid=valid,
        basis_digest=asked.basis,
        granted_by=actor.person,
        recorded_at=at,
    )
    session.add(made)
    session.flush()  # the event names the authorisation's number
    body = {**_told(made), "from": asked.first, "to": asked.last, "basis": asked.basis}
    record(session, stream, "party.authorised", body, actor=actor, at=at)
    return made


def withdraw(session: Session, authorisation: Authorisation, *, actor: Actor) -> None:
    """Take an authorisation back at once; what was done under it stands."""
    stream = StreamName("party", authorisation.party_id)
    session.refresh(authorisation, with_for_update=True)
    if authorisation.withdrawn_at is not None:
        raise Refusal("authorisation.withdrawn", on=authorisation.withdrawn_at.isoformat())
    at: datetime = instant_of_act(session, [stream])
    authorisation.withdrawn_at = at
    record(session, stream, "party.authorisation_withdrawn", _told(authorisation), actor=actor, at=at)


def authorisation(session: Session, number: int) -> Authorisation | None:
    """An authorisation by its number."""
    return session.get(Authorisation, number)


def authorisations_of_party(session: Session, party: int, limit: int = 500) -> list[Authorisation]:
    """Every authorisation of a party, taken back or not, newest first."""
    query = select(Authorisation).where(Authorisation.party_id == party).order_by(Authorisation.id.desc()).limit(limit)
    return list(session.scalars(query))


def parties_of(session: Session, account: int, day: date) -> list[ActedFor]:
    """The parties for which an account acts on a day, in the order in which it was authorised."""
    named = and_(PartyName.party_id == Party.id, PartyName.valid.contains(day))
    query = (
        select(Authorisation, Party.kind, PartyName.name)
        .join(Party, Party.id == Authorisation.party_id)
        .outerjoin(PartyName, named)
        .where(
            Authorisation.account_id == account,
            Authorisation.withdrawn_at.is_(None),
            Authorisation.valid.contains(day),
        )
        .order_by(Authorisation.id, PartyName.id)
    )
    found: dict[int, ActedFor] = {}
    for row, kind, name in session.execute(query):
        found[row.party_id] = ActedFor(row.id, row.party_id, name, kind, *both_included(row.valid))
    return list(found.values())


def both_included(valid: Range[Any]) -> tuple[date | None, date | None]:
    """First and last day, both included as people read them, of a stored range.

    >>> both_included(Range(date(2026, 1, 1), date(2027, 1, 1)))
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    """
    last = None if valid.upper is None else date.fromordinal(valid.upper.toordinal() - 1)
    return valid.lower, last


def _standing(session: Session, asked: Authorising, valid: Range[date]) -> int | None:
    """An authorisation of the same person for the same party on some of the same days."""
    query = select(Authorisation.id).where(
        Authorisation.account_id == asked.account,
        Authorisation.party_id == asked.party,
        Authorisation.withdrawn_at.is_(None),
        Authorisation.valid.overlaps(valid),
    )
    return session.scalar(query.limit(1))


def _told(row: Authorisation) -> dict[str, Any]:
    return {"authorisation": row.id, "account": row.account_id, "party": row.party_id}
