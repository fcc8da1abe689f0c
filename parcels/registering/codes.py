"""Parcel codes and unit codes given at registration: from a locked series, never given again (GB/T 37346-2019)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.codes import CodeError, parcel_code, unit_code
from parcels.queries import register as queries
from parcels.registering.requests import District
from parcels.registering.rows import run

# Where the registry has not divided its sea, both districts are written 000; a place's registry code of twelve digits names them.
UNDIVIDED = "000"


@dataclass(frozen=True, slots=True)
class Codes:
    """A parcel's code and the code of its real-estate unit without attached objects."""

    parcel: str
    unit: str


def district_of(registry_code: str | None) -> District | None:
    """The district that a place's registry code names: six digits, or twelve with cadastral district and sub-district.

    >>> district_of("371082")
    District(county='371082', zone='000', subzone='000')
    >>> district_of(None) is None
    True
    """
    if registry_code is None or len(registry_code) not in (6, 12):
        return None
    return District(
        county=registry_code[:6], zone=registry_code[6:9] or UNDIVIDED, subzone=registry_code[9:] or UNDIVIDED
    )


_MAKE = "INSERT INTO number_series (name, last) VALUES (%(name)s, 0) ON CONFLICT DO NOTHING"
_LOCK = "SELECT last FROM number_series WHERE name = %(name)s FOR UPDATE"
_MOVE = "UPDATE number_series SET last = %(last)s WHERE name = %(name)s"


def issue(session: Session, district: District) -> Codes:
    """The next codes of a sub-district; the series' row stays locked until the act ends."""
    prefix = f"{district.county}{district.zone}{district.subzone}"
    name = f"parcel:{prefix}"
    found = run(session, _LOCK, {"name": name})
    if not found:
        run(session, _MAKE, {"name": name})
        found = run(session, _LOCK, {"name": name})
    number = max(int(found[0][0]), queries.greatest_sequence(session, prefix)) + 1
    try:
        parcel = parcel_code(district.county, district.zone, district.subzone, number)
    except CodeError as fault:
        raise Refusal("register.codes_exhausted", district=prefix, sequence=number) from fault
    run(session, _MOVE, {"name": name, "last": number})
    return Codes(parcel, unit_code(parcel))
