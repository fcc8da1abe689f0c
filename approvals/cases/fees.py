"""The first bill of a case: its units at the grade of the place that holds each, from the first day of the term."""

from __future__ import annotations

from sqlalchemy.orm import Session

from approvals.cases.acting import Acting, Asked
from approvals.cases.checking import use_of
from approvals.cases.seas import term_of
from approvals.cases.store import Opened, Works, names_in_book
from approvals.money import bill_for
from marine.boundary import measured
from marine.fees import FeeSheet, FeeUnit
from marine.polygons import Polygon
from marine.spaces import Layer, layer_names
from parcels.registering.places import places_of


def first_bill(acting: Acting) -> FeeSheet:
    """What the first bill asks for, by the rule book under the locks of the act; the total is None while a rate is unknown."""
    draft, (first, last) = use_of(acting.case), term_of(acting.case)
    layers = layer_names(draft.layers or Layer.ALL) if draft.layered else ()
    boundary = draft.boundary
    places = [_place(acting, unit) for unit in boundary.units]
    units = [
        FeeUnit(mode=str(mode), hectares=area, layers=layers, place=place)
        for mode, area, place in zip(draft.unit_modes, boundary.unit_areas, places, strict=True)
    ]
    return bill_for(units, places[0], max(first, acting.today), last, inquiry=acting.inquiry.at(period=first))


def fee_foreseen(session: Session, case: Opened, works: Works) -> FeeSheet:
    """What the first bill would ask for if it were issued now; nothing is locked, so the bill itself is computed again."""
    return first_bill(Acting(session, case, works, Asked(name="bill.issue"), "window"))


def _place(acting: Acting, unit: Polygon) -> str:
    """The rule book's name of the place that holds most of a unit; that of the case where no sea area is known there."""
    found = places_of(acting.session, measured(unit), acting.today)
    place_id = found[0].place_id if found else acting.case.row.scope_place_id
    return names_in_book(acting.session, place_id, acting.works.book, acting.today)[-1]
