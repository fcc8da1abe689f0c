"""Parties by name or by the whole number of their identity paper: how a window finds whoever stands before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, tuple_, union
from sqlalchemy.orm import Session

from data.store import plan_by_values
from parcels.models import Party, PartyIdentifier, PartyName
from parcels.parties import SCHEMES, PartyKeys

# One sign would list half the book.
SHORTEST = 2
# Of more names that hold the words some are looked at: who searches so broadly must say more.
MOST_NAMED = 2_000


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A party with the name that it bears on the day; no number is told."""

    id: int
    name: str
    kind: str


def find_parties(session: Session, words: str, day: date, *, keys: PartyKeys, limit: int = 20) -> list[FoundParty]:
    """Parties whose name on a day holds the words, or whose identifier is exactly that number; merged ones are left out.

    Names that begin with the words come first. Fewer than two signs find nothing.
    """
    wanted = words.strip()
    if len(wanted) < SHORTEST:
        return []
    hashes = [(scheme, keys.hashed(scheme, wanted)) for scheme in SCHEMES]
    # Each way by its own index; one condition over both would read every name.
    numbered = select(PartyIdentifier.party_id).where(
        tuple_(PartyIdentifier.scheme, PartyIdentifier.keyed_hash).in_(hashes)
    )
    holds = func.strpos(func.lower(PartyName.name), func.lower(wanted)) > 0
    pairs = func.pairs_of(PartyName.name).op("@>")(func.pairs_of(wanted))
    named = select(PartyName.party_id).where(pairs, holds).limit(MOST_NAMED)
    either = union(numbered, named).subquery()
    query = (
        select(Party.id, PartyName.name, Party.kind)
        .join(PartyName, PartyName.party_id == Party.id)
        .where(PartyName.valid.contains(day), Party.merged_into_id.is_(None))
        .where(Party.id.in_(select(either.c.party_id)))
        .where(or_(holds, Party.id.in_(numbered)))
        .order_by(func.strpos(PartyName.name, wanted), PartyName.name, Party.id)
        .limit(limit)
    )
    plan_by_values(session)
    return [FoundParty(*row) for row in session.execute(query)]


def party_found(session: Session, party: int, day: date) -> FoundParty | None:
    """One party by its number, with its name on the day; None where there is none."""
    query = (
        select(Party.id, PartyName.name, Party.kind)
        .join(PartyName, PartyName.party_id == Party.id)
        .where(Party.id == party, PartyName.valid.contains(day))
        .order_by(PartyName.id.desc())
    )
    row = session.execute(query).first()
    return FoundParty(*row) if row else None
