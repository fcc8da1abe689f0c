"""Settles in which system, which axis order and by whom coordinates were made: read from the file, chosen, or asked.

Every step leaves a plain value in `decisions` and, where the file was silent or wrong, a finding. docs/formats.md says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from marine.findings import Refusal, Severity
from parcels.readers import candidates
from parcels.readers.angles import as_floats
from parcels.readers.systems import System, same_system, system
from parcels.readers.values import Declared, Option, Piece, Question, Report, refuse
from parcels.uploads import AxisOrder, Choices, Limits, Origin

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# No angle of a coordinate exceeds this; no easting or northing of a parcel in metres is that small.
LARGEST_ANGLE = 180.0
# A false easting above this puts the origin of a plane far from its map; below it the plane is a local one.
_NO_LOCAL_PLANE_M = 10_000.0
GEOGRAPHIC_CHINA = "EPSG:4490"
GEOGRAPHIC_WGS84 = "EPSG:4326"


@dataclass(slots=True)
class Reference:
    """What is known after settling; `system` is None while its question is open, `axis` likewise."""

    system: System | None = None
    axis: AxisOrder | None = None
    origin: Origin | None = None
    offset: float = 0.0
    accuracy: float | None = None
    questions: list[Question] = field(default_factory=list)
    decisions: dict[str, Any] = field(default_factory=dict)


def settle_reference(
    pieces: tuple[Piece, ...], declared: Declared, choices: Choices, limits: Limits, report: Report
) -> Reference:
    """Decide CRS, axis order and origin of all pieces of one file together."""
    if choices.origin is None and declared.origin_said is not None:
        report.add("crs.origin_read", Severity.WARNS, origin=declared.origin_said)
        choices = replace(choices, origin=declared.origin_said)
    values = [as_floats(piece.corners) for piece in pieces]
    points = np.concatenate(values)
    angular = _one_kind(pieces, values, declared)
    reference = Reference()
    _choose_system(reference, points, angular, declared, choices, report)
    if reference.system is None:
        return reference
    _fits_kind(reference.system, points, angular, pieces)
    if reference.system.geographic:
        _choose_degrees(reference, pieces, points, declared, choices, report)
    else:
        _match_zone(reference, points, report)
        _choose_metres(reference, pieces, points, declared, choices, report)
    _choose_origin(reference, choices, limits, report)
    return reference


def _one_kind(pieces: tuple[Piece, ...], numbers: list[Array], declared: Declared) -> bool:
    """Whether the file speaks of angles; one file that mixes degrees and metres is refused where it changes."""
    first: bool | None = None
    for piece, values in zip(pieces, numbers, strict=True):
        bad: Mask = np.asarray(~np.isfinite(values).all(axis=1))
        if bad.any():
            refuse("ring.not_a_number", feature=piece.feature_number, point=int(np.argmax(bad)) + 1)
        large: Mask = np.asarray((np.abs(values) > LARGEST_ANGLE).any(axis=1))
        if declared.angular and large.any():
            at = int(np.argmax(large))
            refuse("crs.angle_too_large", feature=piece.feature_number, point=at + 1, value=_shown(piece, at))
        # A corner of metres may have one number below 180 beside the false origin; the other tells.
        if large.any() and not large.all():
            at = int(np.argmax(large != large[0]))
            refuse("crs.mixed", feature=piece.feature_number, point=at + 1, value=_shown(piece, at))
        angular = not bool(large.any())
        if first is not None and angular != first:
            refuse("crs.mixed", feature=piece.feature_number, point=1, value=_shown(piece, 0))
        first = angular
    return bool(first)


def _shown(piece: Piece, index: int) -> str:
    return ", ".join(str(value) for value in piece.corners[index])


def _choose_system(
    reference: Reference, points: Array, angular: bool, declared: Declared, choices: Choices, report: Report
) -> None:
    text, by = declared.crs, declared.crs_by
    if choices.crs is not None:
        # Without a `crs` member a GeoJSON says nothing itself; its standard's WGS 84 gives way to a choice in silence.
        if text is not None and by != "rfc7946" and not _agrees(text, choices.crs):
            report.add("crs.overridden", Severity.WARNS, declared=_label(text), chosen=choices.crs)
        text, by = choices.crs, "choice"
    elif choices.origin in ("gcj02", "bd09") and angular:
        text, by = GEOGRAPHIC_WGS84, "origin"
    elif choices.origin in ("cgcs2000", "gnss") and angular and (text is None or declared.crs_by == "rfc7946"):
        text, by = (GEOGRAPHIC_CHINA if choices.origin == "cgcs2000" else GEOGRAPHIC_WGS84), "origin"
    if text is None and declared.datum_said is not None:
        text, by = _from_words(points, angular, declared), "words"
    if text is None or (by == "rfc7946" and not angular):
        reference.questions.append(_ask_system(points, angular, declared))
        return
    reference.system = system(text)
    if by == "rfc7946":
        report.add("crs.rfc7946", Severity.NOTES)
    reference.decisions |= {"crs": reference.system.name, "crs_by": by, "crs_label": reference.system.label}
    if by in ("prj", "crs_member", "layer"):
        report.add("crs.read", Severity.NOTES, crs=reference.system.label)


def _agrees(one: str, other: str) -> bool:
    try:
        return same_system(one, other)
    except Refusal:
        # The file's own statement may be the unreadable one: then the choice simply differs from it.
        return False


def _label(text: str) -> str:
    """The system's own name, or the beginning of the text where it cannot be read."""
    try:
        return system(text).label
    except Refusal:
        return text[:120]


def _from_words(points: Array, angular: bool, declared: Declared) -> str | None:
    """The system that title lines such as "CGCS2000, 中央经线 121°30′" spell out, None where they leave it open."""
    if angular:
        return GEOGRAPHIC_CHINA if declared.datum_said == "cgcs2000" else GEOGRAPHIC_WGS84
    if declared.datum_said != "cgcs2000":
        return None
    zone = candidates.zone_of(points)
    if declared.central_meridian is not None:
        return f"gk:{declared.central_meridian:g}"
    return candidates.zone_system(zone) if zone is not None else None


def _ask_system(points: Array, angular: bool, declared: Declared) -> Question:
    options = candidates.degrees(points) if angular else candidates.metres(points)
    return Question(id="crs", code="question.crs", option="--crs", options=options, facts={"angular": angular})


def _fits_kind(chosen: System, points: Array, angular: bool, pieces: tuple[Piece, ...]) -> None:
    """Refuse metres under a system of degrees, and degrees under a system of metres."""
    if chosen.geographic and not angular:
        refuse("crs.values_are_metres", crs=chosen.label, value=_shown(pieces[0], 0), feature=pieces[0].feature_number)
    # A few metres from a false origin lie thousands of kilometres off; near a local one they can be meant.
    far = chosen.false_easting is not None and abs(chosen.false_easting) > _NO_LOCAL_PLANE_M
    local = not far and (chosen.plausible(points) or chosen.plausible(points[:, ::-1]))
    if not chosen.geographic and angular and not local:
        refuse("crs.values_are_degrees", crs=chosen.label, value=_shown(pieces[0], 0), feature=pieces[0].feature_number)


def _choose_degrees(
    reference: Reference, pieces: tuple[Piece, ...], points: Array, declared: Declared, choices: Choices, report: Report
) -> None:
    """Latitude never exceeds 90°: where one column does, it is the longitude, whatever a header says."""
    over = np.abs(points) > 90.0
    neither = over.all(axis=1)
    if neither.any():
        refuse("crs.latitude_out_of_range", **_where(pieces, int(np.argmax(neither))))
    first, second = int(over[:, 0].sum()), int(over[:, 1].sum())
    if first and second:
        # Rows in both orders: the fewer ones are the slip.
        refuse("crs.axis_mixed", **_where(pieces, int(np.argmax(over[:, 0 if first <= second else 1]))))
    evidence: AxisOrder | None = None
    if first or second:
        evidence = "lonlat" if first else "latlon"
        _no_turned_rows(pieces, points, evidence)
    _settle_axis(reference, evidence, declared, choices, report, points)


def _no_turned_rows(pieces: tuple[Piece, ...], points: Array, order: AxisOrder) -> None:
    """Refuse where single points near 90° E are written in the other order, by comparing each with the middle of all."""
    lon, lat = (points[:, 0], points[:, 1]) if order == "lonlat" else (points[:, 1], points[:, 0])
    typical = np.median(lon), np.median(lat)
    turned = (np.abs(lon - typical[1]) < 3) & (np.abs(lat - typical[0]) < 3) & (abs(typical[0] - typical[1]) > 20)
    if turned.any():
        refuse("crs.axis_mixed", **_where(pieces, int(np.argmax(turned))))


def _where(pieces: tuple[Piece, ...], index: int) -> dict[str, Any]:
    """Feature, point (from 1) and value of the corner with this index over all pieces."""
    for piece in pieces:
        corners = piece.corners
        if index < len(corners):
            value = ", ".join(str(part) for part in corners[index])
            return {"feature": piece.feature_number, "point": index + 1, "value": value}
        index -= len(corners)
    raise IndexError(index)


def _settle_axis(
    reference: Reference,
    evidence: AxisOrder | None,
    declared: Declared,
    choices: Choices,
    report: Report,
    points: Array,
) -> None:
    by: str | None
    if choices.axis is not None:
        if evidence is not None and evidence != choices.axis:
            refuse("crs.axis_impossible", axis=choices.axis, value=f"{points[0, 0]:.10g}, {points[0, 1]:.10g}")
        reference.axis, by = choices.axis, "choice"
    elif evidence is not None:
        reference.axis, by = evidence, declared.axis_by if evidence == declared.axis else "range"
        if declared.axis is None:
            report.add("crs.axis_by_range", Severity.NOTES, axis=evidence)
        elif evidence != declared.axis:
            code = "crs.axis_swapped" if declared.axis_by == "format" else "crs.axis_header_wrong"
            report.add(code, Severity.WARNS, value=f"{points[0, 0]:.10g}, {points[0, 1]:.10g}", axis=evidence)
    elif declared.axis is not None:
        reference.axis, by = declared.axis, declared.axis_by
    else:
        assert reference.system is not None
        reference.questions.append(_ask_axis(reference.system, points))
        return
    reference.decisions |= {"axis": reference.axis, "axis_by": by}


def _ask_axis(chosen: System, points: Array) -> Question:
    options = []
    for order in ("lonlat", "latlon"):
        turned = points if order == "lonlat" else points[:, ::-1]
        options.append(Option(option="--axis", value=order, facts=candidates.place(chosen.to_degrees(turned))))
    return Question(id="axis", code="question.axis", option="--axis", options=tuple(options))


def _match_zone(reference: Reference, points: Array, report: Report) -> None:
    """Bring a zone number in the eastings (40500000) and the false easting of the system together, and say so."""
    chosen = reference.system
    assert chosen is not None
    origin, meridian = chosen.false_easting, chosen.central_meridian
    zone = candidates.zone_of(points)
    if origin is None or meridian is None or meridian < 60:
        return
    prefix = int(origin // 1_000_000)
    if zone is not None and prefix == 0:
        if meridian not in candidates.meridians_of_zone(zone):
            refuse("crs.zone_contradicts", zone=zone, crs=chosen.label, meridian=f"{meridian:g}")
        reference.offset = -zone * 1_000_000.0
        report.add("crs.zone_number_taken_off", Severity.WARNS, zone=zone, crs=chosen.label)
    elif zone is not None and prefix not in (0, zone):
        refuse("crs.zone_contradicts", zone=zone, crs=chosen.label, meridian=f"{meridian:g}")
    elif zone is None and prefix > 0 and candidates.looks_unzoned(points):
        reference.offset = prefix * 1_000_000.0
        report.add("crs.zone_number_added", Severity.WARNS, zone=prefix, crs=chosen.label)
    if reference.offset:
        reference.decisions["easting_offset_m"] = reference.offset


def _choose_metres(
    reference: Reference, pieces: tuple[Piece, ...], points: Array, declared: Declared, choices: Choices, report: Report
) -> None:
    chosen = reference.system
    assert chosen is not None
    shift = np.array([reference.offset, 0.0])
    straight = chosen.plausible(points + shift)
    turned = chosen.plausible(points[:, ::-1] + shift)
    evidence: AxisOrder | None = None
    if straight != turned:
        evidence = "lonlat" if straight else "latlon"
    _settle_axis(reference, evidence, declared, choices, report, points)
    if reference.axis is None:
        return
    ordered = points if reference.axis == "lonlat" else points[:, ::-1]
    degrees = chosen.to_degrees(ordered + shift)
    if not np.isfinite(degrees).all():
        at = int(np.argmax(~np.isfinite(degrees).all(axis=1)))
        refuse("crs.cannot_place", crs=chosen.label, **_where(pieces, at))
    if not straight and not turned:
        report.add("crs.outside_area", Severity.WARNS, crs=chosen.label, **candidates.place(degrees))


def _choose_origin(reference: Reference, choices: Choices, limits: Limits, report: Report) -> None:
    chosen = reference.system
    assert chosen is not None
    by_datum: Origin = "gnss" if chosen.datum == "wgs84" else "cgcs2000"
    origin = choices.origin or by_datum
    if origin in ("gcj02", "bd09"):
        if not chosen.geographic:
            refuse("crs.origin_needs_degrees", origin=origin, crs=chosen.label)
        reference.accuracy = limits.accuracies.sketch_m
        report.add("crs.sketch", Severity.WARNS, origin=origin, accuracy=limits.accuracies.sketch_m)
    elif chosen.datum == "other":
        reference.accuracy = limits.accuracies.other_datum_m
        report.add("crs.other_datum", Severity.WARNS, datum=chosen.datum_name, accuracy=limits.accuracies.other_datum_m)
    elif origin == "gnss":
        reference.accuracy = limits.accuracies.gnss_m
        report.add("crs.wgs84_taken", Severity.WARNS, accuracy=limits.accuracies.gnss_m)
    reference.origin = origin
    reference.decisions |= {"origin": origin, "origin_by": "choice" if choices.origin else "crs"}
    if reference.accuracy is not None:
        reference.decisions["accuracy_m"] = reference.accuracy
