"""The profile of a party: facts verified once, which a form takes over instead of asking (docs/procedures.md, source `profile`).

Identity numbers are sealed. A new verification follows the old row; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from approvals.models import PartyFact
from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName, lock_streams, record
from parcels.models import Party
from parcels.parties import PartyKeys
from parcels.registering.writing import instant_of_act

SEALED = frozenset({"id_number", "legal_person_id"})
# What sealed facts are bound to: they open as nothing else.
PURPOSE = "party_fact"
# Numbers that name a person. A credit code (uscc) names a body and is public.
_KIND, _NUMBER, _PUBLIC_KIND = "id_kind", "id_number", "uscc"


@dataclass(frozen=True, slots=True)
class Verified:
    """One fact in the clear, with the day on which and the way in which it was verified."""

    value: Any
    verified_on: date | None
    verified_by: str | None


def opened(fact: PartyFact, keys: PartyKeys) -> Any:
    """The value of a fact, opened where it is sealed."""
    return fact.value if fact.sealed is None else keys.open_text(PURPOSE, fact.sealed)


def profile_of(session: Session, party: int, *, keys: PartyKeys) -> dict[str, Verified]:
    """The current facts of a party by field, in the clear."""
    query = select(PartyFact).where(PartyFact.party_id == party, PartyFact.until.is_(None)).order_by(PartyFact.id)
    return {
        fact.field: Verified(opened(fact, keys), fact.verified_on, fact.verified_by) for fact in session.scalars(query)
    }


def shown(profile: Mapping[str, Verified]) -> dict[str, Verified]:
    """A profile as a page shows it: numbers that name a person are masked."""
    kind = profile.get(_KIND)
    personal = SEALED if kind is None or kind.value != _PUBLIC_KIND else SEALED - {_NUMBER}
    return {
        field: Verified(masked(str(fact.value)), fact.verified_on, fact.verified_by) if field in personal else fact
        for field, fact in profile.items()
    }


def masked(number: str) -> str:
    """An identity number as it may be shown: its first and last four signs; of a short one nothing.

    >>> masked("371082198001010012"), masked("E1234567")
    ('3710********0012', '********')
    """
    return f"{number[:4]}********{number[-4:]}" if len(number) >= 15 else "********"


def verify(
    session: Session,
    party: int,
    facts: Mapping[str, Any],
    *,
    verified_on: date,
    verified_by: str,
    keys: PartyKeys,
    actor: Actor,
) -> None:
    """Enter facts as verified on a day by somebody or something; each follows the one that stood before it."""
    if session.get(Party, party) is None:
        raise Refusal("authorisation.party_unknown", party=party)
    stream = StreamName("party", party)
    lock_streams(session, [stream])
    before = select(PartyFact).where(PartyFact.party_id == party, PartyFact.field.in_(facts), PartyFact.until.is_(None))
    for fact in session.scalars(before):
        fact.until = verified_on
    session.flush()  # one current row for each field: the old one ends before the new one begins
    for field, value in facts.items():
        sealed = keys.seal_text(PURPOSE, str(value)) if field in SEALED else None
        session.add(
            PartyFact(
                party_id=party,
                field=field,
                value=None if sealed else value,
                sealed=sealed,
                verified_on=verified_on,
                verified_by=verified_by,
                since=verified_on,
            )
        )
    body = {"party": party, "fields": sorted(facts), "verified_on": verified_on}
    texts = {"verified_by": verified_by}
    record(
        session, stream, "party.facts_verified", body, actor=actor, at=instant_of_act(session, [stream]), texts=texts
    )
