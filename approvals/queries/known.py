"""What is known of parties, projects, places and rights around a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from approvals.models import (
    Authorisation,
    PartyFact,
    ProjectFact,
)
from parcels.models import (
    Party,
    PartyIdentifier,
    Place,
    PlaceCode,
    Project,
    ProjectCode,
    RightParty,
    SeaRight,
)


def facts_of_party(session: Session, party_id: int) -> list[PartyFact]:
    """The verified facts of a party that are current."""
    return list(session.scalars(select(PartyFact).where(PartyFact.party_id == party_id, PartyFact.until.is_(None))))


def identifier_of_party(session: Session, party_id: int, day: date) -> PartyIdentifier | None:
    """The identifier by which a party is known on a day: one with a number, the latest entered."""
    query = (
        select(PartyIdentifier)
        .where(
            PartyIdentifier.party_id == party_id,
            PartyIdentifier.ciphertext.is_not(None),
            PartyIdentifier.valid.contains(day),
        )
        .order_by(PartyIdentifier.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def party_exists(session: Session, party_id: int) -> bool:
    """Whether there is such a party."""
    return session.get(Party, party_id) is not None


def natural_persons(session: Session, parties: Sequence[int]) -> frozenset[int]:
    """Those of the parties that are people or households: their names are not for everybody."""
    query = select(Party.id).where(Party.id.in_(parties), Party.kind.in_(("person", "household")))
    return frozenset(session.scalars(query))


def parties_acted_for(session: Session, account: int, day: date) -> frozenset[int]:
    """The parties for which an account acts on a day."""
    query = select(Authorisation.party_id).where(
        Authorisation.account_id == account,
        Authorisation.withdrawn_at.is_(None),
        Authorisation.valid.contains(day),
    )
    return frozenset(session.scalars(query))


def facts_of_project(session: Session, project_id: int) -> dict[str, Any]:
    """What the project's own register says of it."""
    query = select(ProjectFact.field, ProjectFact.value).where(ProjectFact.project_id == project_id)
    return {row.field: row.value for row in session.execute(query)}


def project_by_code(session: Session, code: str) -> Project | None:
    """The project that bears a code of whatever scheme, the latest entered."""
    query = (
        select(Project)
        .join(ProjectCode, ProjectCode.project_id == Project.id)
        .where(ProjectCode.code == code)
        .order_by(Project.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def project_name(session: Session, project_id: int) -> str | None:
    """The name of a project."""
    return session.scalar(select(Project.name).where(Project.id == project_id))


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """A unit of the same project that another case or right holds: mode, hectares, and the place of whoever holds it."""

    mode: str
    hectares: Decimal
    place_id: int | None


def other_parts_of_project(session: Session, project_id: int, case_number: str) -> list[ProjectPart]:
    """Units of a project held by other cases and rights now: parts are summed before the level of approval is said (山东23)."""
    rows = session.execute(
        text(
            # Two ways by index: one condition over both joins would read the whole register.
            "WITH mine AS ("
            " SELECT o.id FROM sea_claim AS c JOIN occupation AS o ON o.claim_id = c.id WHERE c.project_id = :project"
            " UNION SELECT o.id FROM parcel AS p JOIN occupation AS o ON o.parcel_id = p.id WHERE p.project_id = :project)"
            " SELECT DISTINCT ON (u.id) o.use_mode, u.area_ha, coalesce(c.scope_place_id, r.scope_place_id)"
            " FROM mine JOIN occupation AS o ON o.id = mine.id JOIN unit AS u ON u.id = o.unit_id"
            " LEFT JOIN sea_claim AS c ON c.id = o.claim_id LEFT JOIN sea_right AS r ON r.id = o.right_id"
            " LEFT JOIN parcel AS p ON p.id = o.parcel_id"
            " WHERE upper_inf(o.known) AND coalesce(c.project_id, p.project_id) = :project"
            " AND coalesce(c.case_number, r.case_number) IS DISTINCT FROM :case AND o.use_mode IS NOT NULL"
            " ORDER BY u.id LIMIT 2000"
        ),
        {"project": project_id, "case": case_number},
    )
    return [ProjectPart(mode, hectares, place) for mode, hectares, place in rows if hectares is not None]


def places_above(session: Session, place_id: int | None) -> list[Place]:
    """A place and all above it, widest first; empty where there is none. Asked once a session: no place changes what it lies in."""
    if place_id is None:
        return []
    kept: dict[int, list[Place]] = session.info.setdefault("places_above", {})
    if not kept.get(place_id):
        kept[place_id] = _places_above(session, place_id)
    return list(kept[place_id])


def _places_above(session: Session, place_id: int) -> list[Place]:
    found = {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(_chain(place_id))))}
    chain: list[Place] = []
    at: int | None = place_id
    while at is not None and at in found and len(chain) < len(found):
        chain.append(found[at])
        at = found[at].parent_id
    return chain[::-1]


def codes_above(session: Session, place_id: int | None, day: date) -> list[str]:
    """The codes by which the rule book knows a place and all above it, the place's own first; administrative before statistical.

    Asked once a session for each day: places get their codes before anything lies in them.
    """
    if place_id is None:
        return []
    kept: dict[tuple[int, date], list[str]] = session.info.setdefault("codes_above", {})
    if not kept.get((place_id, day)):
        kept[place_id, day] = _codes_above(session, place_id, day)
    return list(kept[place_id, day])


def _codes_above(session: Session, place_id: int, day: date) -> list[str]:
    places = [place.id for place in reversed(places_above(session, place_id))]
    query = select(PlaceCode.place_id, PlaceCode.scheme, PlaceCode.code).where(
        PlaceCode.place_id.in_(places),
        PlaceCode.scheme.in_(("administrative", "statistical")),
        PlaceCode.valid.contains(day),
    )
    codes: dict[int, dict[str, str]] = {}
    for row in session.execute(query):
        codes.setdefault(row.place_id, {})[row.scheme] = row.code
    own = [codes.get(place, {}) for place in places]
    return [code for each in own if (code := each.get("administrative") or each.get("statistical"))]


def _chain(place_id: int) -> Any:
    """The ids of a place and all above it, as a question."""
    above = select(Place.id, Place.parent_id).where(Place.id == place_id).cte("above", recursive=True)
    above = above.union(select(Place.id, Place.parent_id).join(above, Place.id == above.c.parent_id))
    return select(above.c.id)


def administrative_code(session: Session, place_id: int, day: date) -> str | None:
    """The code by which the rule book knows a place: administrative, else statistical."""
    query = select(PlaceCode.scheme, PlaceCode.code).where(
        PlaceCode.place_id == place_id, PlaceCode.valid.contains(day)
    )
    codes = {row.scheme: row.code for row in session.execute(query)}
    return codes.get("administrative") or codes.get("statistical")


def place_by_code(session: Session, code: str, day: date) -> Place | None:
    """The place that bears an administrative or statistical code on a day."""
    query = (
        select(Place)
        .join(PlaceCode, PlaceCode.place_id == Place.id)
        .where(
            PlaceCode.code == code,
            PlaceCode.scheme.in_(("administrative", "statistical")),
            PlaceCode.valid.contains(day),
        )
        .limit(1)
    )
    return session.scalars(query).first()


def holder_of_right(session: Session, right_id: int) -> int | None:
    """The first holder of a right: whom to ask for a consent."""
    query = select(RightParty.party_id).where(RightParty.right_id == right_id).order_by(RightParty.party_id).limit(1)
    return session.scalar(query)


def is_right(session: Session, right_id: int) -> bool:
    """Whether there is such a right."""
    return session.get(SeaRight, right_id) is not None
