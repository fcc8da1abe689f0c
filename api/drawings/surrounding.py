"""What lies round a parcel on its sheet, as the public may know it: neighbours by holder, land, shoreline, and where each comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from data.messages import text
from maps import sheets
from maps.sheets.layering import layers_in_words
from parcels.checks.disclosure import PUBLIC
from parcels.checks.shoreline import ARTIFICIAL
from parcels.checks.versions import CaseDates, governing
from parcels.queries import drawings as queries
from parcels.queries.zones import VersionRow, published_versions
from parcels.samples import coast as sample_coast
from parcels.samples import world

# So many parcels are drawn at most, the nearest first; on a boundary sheet each has a line in the table.
MOST_NEIGHBOURS = {"boundary": 60, "position": 2_000}
MOST_PIECES_OF_COAST = 20_000
# Holders of one right that are named; the others are counted.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Coast:
    """Land and shoreline in milliseconds of arc as far as a sheet can reach, with the versions that they come from.

    `named` are the pieces of land with a name of their own; `is_cut`: there were more pieces than may be drawn.
    """

    versions: tuple[VersionRow, ...] = ()
    pieces: tuple[queries.CoastPiece, ...] = ()
    land: Any = None
    shorelines: tuple[sheets.Shoreline, ...] = ()
    named: tuple[queries.CoastPiece, ...] = ()
    is_cut: bool = False

    def seen_in(self, extent: sheets.Bounds) -> tuple[VersionRow, ...]:
        """The versions of which something lies in view."""
        view = shapely.box(*extent)
        seen = {piece.version_id for piece in self.pieces if shapely.intersects(piece.geometry, view)}
        return tuple(version for version in self.versions if version.id in seen)


def coast_round(session: Session, request: sheets.SheetRequest, parcel: Any, day: date) -> Coast:
    """The public land and shoreline, in the versions that govern on a day, as far as the sheet can reach."""
    versions = coast_versions(session, day)
    if not versions:
        return Coast()
    found = queries.coast_near(
        session,
        sheets.reach(request),
        parcel,
        day,
        versions=[version.id for version in versions],
        limit=MOST_PIECES_OF_COAST,
    )
    pieces = tuple(found[:MOST_PIECES_OF_COAST])
    by_id = {version.id: version for version in versions}
    dry = [piece for piece in pieces if by_id[piece.version_id].kind == "land"]
    return Coast(
        versions=versions,
        pieces=pieces,
        land=_gathered(dry, "Polygon"),
        shorelines=tuple(_shorelines([piece for piece in pieces if by_id[piece.version_id].kind == "shoreline"])),
        # A zone that only repeats its layer's name has none of its own.
        named=tuple(piece for piece in dry if piece.name_zh != by_id[piece.version_id].name_zh),
        is_cut=len(found) > MOST_PIECES_OF_COAST,
    )


def coast_versions(session: Session, day: date) -> tuple[VersionRow, ...]:
    """The versions of public land and shoreline layers that govern on a day."""
    published, _ = published_versions(session)
    layering = governing(published, CaseDates(received=day, accepted=day, decided=day))
    return tuple(
        version
        for version in layering.governing
        if version.kind in ("land", "shoreline") and version.disclosure == PUBLIC
    )


def _shorelines(pieces: Sequence[queries.CoastPiece]) -> list[sheets.Shoreline]:
    """Lines by kind; what does not say that it is artificial counts as natural, as in the check."""
    artificial = _gathered([piece for piece in pieces if piece.kind == ARTIFICIAL], "LineString")
    natural = _gathered([piece for piece in pieces if piece.kind != ARTIFICIAL], "LineString")
    found = []
    if natural is not None:
        found.append(sheets.Shoreline(geometry=natural, kind="natural"))
    if artificial is not None:
        found.append(sheets.Shoreline(geometry=artificial, kind="artificial"))
    return found


def _gathered(pieces: Sequence[queries.CoastPiece], wanted: str) -> Any:
    """All polygons, or all lines, of these pieces as one geometry; None where there are none."""
    if not pieces:
        return None
    # Twice: a piece cut from a collection may hold collections itself.
    parts = shapely.get_parts(shapely.get_parts(np.array([piece.geometry for piece in pieces])))
    kept = [part for part in parts if part.geom_type == wanted and not part.is_empty]
    if not kept:
        return None
    return shapely.multipolygons(kept) if wanted == "Polygon" else shapely.multilinestrings(kept)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The neighbours that are drawn, the nearest first, and whether there are more."""

    neighbours: tuple[sheets.Neighbour, ...]
    is_cut: bool


def neighbours_round(
    session: Session,
    request: sheets.SheetRequest,
    parcel: Any,
    day: date,
    *,
    exempt_rights: Collection[int],
    exempt_claims: Collection[int],
) -> Neighbourhood:
    """The parcels held in public inside the map, each under its holders' names."""
    most = MOST_NEIGHBOURS[request.kind]
    found = queries.occupied_near(
        session,
        sheets.extent(request),
        parcel,
        day,
        limit=most,
        exempt_rights=exempt_rights,
        exempt_claims=exempt_claims,
    )
    kept = found[:most]
    rights = {each.right_id for each in kept if each.right_id is not None}
    holders = queries.holders_of_rights(session, rights, day) if rights else {}
    return Neighbourhood(
        tuple(
            # Units and height bands of one parcel are one outline.
            sheets.Neighbour(
                geometry=shapely.union_all(shapely.get_parts(each.geometry)),
                label=_label(each, holders.get(each.right_id or 0, ()), request.lang),
            )
            for each in kept
        ),
        len(found) > most,
    )


def _label(neighbour: queries.Occupied, holders: Sequence[str], lang: str) -> str:
    """The holders of a right; of what is not yet registered only how it stands; layers where the right is a layered one."""
    if neighbour.right_id is None:
        name = text(f"standing.{neighbour.standing}", lang)
    elif len(holders) > MOST_NAMES:
        name = text("sheets.holders.more", lang, names=_list(holders[:MOST_NAMES], lang), count=len(holders))
    else:
        name = _list(holders, lang) or neighbour.parcel_code or ""
    if not neighbour.is_layered:
        return name
    return text("sheets.holders.layered", lang, name=name, layers=layers_in_words(neighbour.layers, lang))


def _list(names: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(names)


def note_of(versions: Sequence[VersionRow], lang: str) -> str:
    """What stands beside the map: that a shoreline in view is a sample, or that nobody has verified it."""
    marks = {version.mark for version in versions if version.mark}
    if not marks:
        return ""
    return text("sheets.note.sample_shore" if marks == {world.MARK} else "sheets.note.unverified_shore", lang)


def sources_of(
    versions: Sequence[VersionRow],
    seas: Sequence[queries.SeaPiece],
    day: date,
    lang: str,
    *,
    drawn_of_more: int | None = None,
    coast_is_cut: bool = False,
) -> str:
    """The line at the foot: where everything in view comes from, with versions, credits and marks, and what was left out.

    What has one source and one mark is told together. `drawn_of_more` is the number of neighbours drawn where there are more.
    """
    from_source: dict[tuple[str, str | None], list[str]] = {}
    for version in versions:
        name = version.name_zh if lang == "zh" else version.name_en
        told = text("sheets.source.version", lang, name=name, number=version.number)
        from_source.setdefault((version.source, version.mark), []).append(told)
    for sea in seas:
        from_source.setdefault((sea.source, sea.mark), []).append(text("sheets.source.seas", lang))
    told_of = [_source_told(names, source, mark, lang) for (source, mark), names in from_source.items()]
    told_of.append(text("sheets.source.register", lang, day=day.isoformat()))
    if drawn_of_more is not None:
        told_of.append(text("sheets.source.neighbours_cut", lang, count=drawn_of_more))
    if coast_is_cut:
        told_of.append(text("sheets.source.coast_cut", lang, count=MOST_PIECES_OF_COAST))
    return ("；" if lang == "zh" else "; ").join(told_of)


def _source_told(names: Sequence[str], source: str, mark: str | None, lang: str) -> str:
    # The sample coast is cut from OpenStreetMap, whose licence asks to be named wherever it is drawn.
    credit = f", {sample_coast.ATTRIBUTION}" if source == world.SOURCE else ""
    told = text("sheets.source.of", lang, names=_list(list(dict.fromkeys(names)), lang), source=source + credit)
    if not mark:
        return told
    return told + text("sheets.source.sample" if mark == world.MARK else "sheets.source.unverified", lang)
