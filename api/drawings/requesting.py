"""The request for a sheet of a parcel: the parcel as the caller has it, its surroundings as the public may know them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import shapely
from sqlalchemy.orm import Session

from api.drawings import naming
from api.drawings.surrounding import Coast, coast_round, neighbours_round, note_of, sources_of
from api.wording import mode_words
from data.rulebook import RuleBook
from maps import sheets
from marine.boundary import Boundary
from parcels.queries import drawings as queries
from parcels.registering.requests import Occupying

# The sea areas of a coast in one view; a sheet that reached more of them would show no parcel.
MOST_SEAS = 100


def sheet_request(
    session: Session,
    *,
    boundary: Boundary,
    kind: sheets.SheetKind,
    book: RuleBook,
    day: date,
    lang: Literal["zh", "en"] = "zh",
    project: str = "",
    unit_names: Sequence[str] = (),
    unit_modes: Sequence[str | None] = (),
    layers: Sequence[sheets.LayerBand] = (),
    parcel_code: str = "",
    location: str = "",
    map_approval: str = "",
    signatures: sheets.Signatures | None = None,
    issued: sheets.Issued | None = None,
    case: str | None = None,
    exempt_rights: Collection[int] = (),
    exempt_claims: Collection[int] = (),
    is_sample: bool = True,
) -> sheets.SheetRequest:
    """Everything on one sheet of a boundary, drawn on a legal day.

    `unit_modes` are codes of the rule book, `layers` only for a layered right; without `signatures` only the day stands in
    their grid and the rest is left for the hand. `case` is the number of the case whose own right and claim are no
    neighbours; `exempt_rights` are those that it renews or changes. Whatever the register may not show to the public
    (register.md §5) is not asked for: with it or without it the request is the same.
    """
    bare = sheets.SheetRequest(
        boundary=boundary,
        kind=kind,
        project=project,
        unit_names=tuple(unit_names),
        unit_modes=mode_words(unit_modes, book, lang),
        layers=tuple(layers),
        parcel_code=parcel_code,
        location=location,
        map_approval=map_approval,
        signatures=signatures or sheets.Signatures(drawn_on=day),
        issued=issued,
        is_sample=is_sample,
        lang=lang,
    )
    own_rights, own_claims = queries.own_of_case(session, case) if case else (set(), set())
    return _surrounded(session, bare, day, own_rights | set(exempt_rights), own_claims | set(exempt_claims))


def _surrounded(
    session: Session, bare: sheets.SheetRequest, day: date, rights: set[int], claims: set[int]
) -> sheets.SheetRequest:
    """The request with its surroundings: the coast first, for on a position sheet it decides how much is in view."""
    parcel = bare.boundary.parcel.to_shapely()
    coast = coast_round(session, bare, parcel, day)
    request = replace(bare, surroundings=_with_coast(bare, coast))
    view = sheets.extent(request)
    around = neighbours_round(session, request, parcel, day, exempt_rights=rights, exempt_claims=claims)
    seas = queries.seas_in(session, view, parcel, day, limit=MOST_SEAS) if request.kind == "position" else []
    seen = coast.seen_in(view)
    surroundings = replace(
        request.surroundings,
        neighbours=around.neighbours,
        note=note_of(seen, request.lang),
        sources=sources_of(
            seen,
            seas,
            day,
            request.lang,
            drawn_of_more=len(around.neighbours) if around.is_cut else None,
            coast_is_cut=coast.is_cut,
        ),
    )
    request = replace(request, surroundings=surroundings)
    if request.kind == "boundary":
        return request
    return replace(
        request,
        surroundings=replace(surroundings, places=naming.names_on(view, coast.land, coast.named, seas, request.lang)),
        district=naming.district(session, parcel, seas, request.lang),
        remarks=naming.remarks(request),
    )


def _with_coast(request: sheets.SheetRequest, coast: Coast) -> sheets.Surroundings:
    """The coast as fine as it can be seen: a real one has a hundred times the points that a sheet can show."""
    whole = sheets.Surroundings(land=coast.land, shorelines=coast.shorelines)
    finest = sheets.resolution(replace(request, surroundings=whole))

    def thinned(geometry: Any) -> Any:
        return shapely.simplify(geometry, finest, preserve_topology=True)

    return sheets.Surroundings(
        land=None if whole.land is None else thinned(whole.land),
        shorelines=tuple(replace(shore, geometry=thinned(shore.geometry)) for shore in whole.shorelines),
    )


def layer_bands(occupying: Occupying) -> tuple[sheets.LayerBand, ...]:
    """The layers and heights of a layered right for its sheet, equal units told together; none where it is not layered."""
    if not occupying.is_layered:
        return ()
    if not occupying.unit_bands:
        return tuple(_band(band, ()) for band in occupying.bands)
    units: dict[Any, list[int]] = {}
    for unit, bands in enumerate(occupying.unit_bands):
        for band in bands:
            units.setdefault(band, []).append(unit)
    whole = len(occupying.unit_bands)
    return tuple(_band(band, () if len(of) == whole else tuple(of)) for band, of in units.items())


def _band(band: Any, units: tuple[int, ...]) -> sheets.LayerBand:
    return sheets.LayerBand(
        layers=int(band.layers), low=band.low, high=band.high, is_surveyed=band.surveyed, units=units
    )
