"""Reads a parcel file of any kind into raw shapes, in the reference system it came in, with questions instead of guesses.

One format is one module with `NAME`, `sniff(data)` (by content, never by name) and `read(data, choices, limits, report)`,
entered in `FORMATS`; the general text table stands last. Everything happens in memory: a refused file leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from parcels.readers import delimited, geojson, geopackage, shapefile, signatures, workbook
from parcels.readers.reference import Reference, settle_reference
from parcels.readers.units import read_units, resolve
from parcels.readers.values import Content, Option, Piece, Question, RawShape, RawUnit, Reading, Report, refuse
from parcels.readers.webmaps import shift_suspected
from parcels.uploads import AXIS_ORDERS, LIMITS, ORIGINS, Choices, Limits, Upload

__all__ = [
    "FORMATS",
    "Option",
    "Question",
    "RawShape",
    "RawUnit",
    "Reading",
    "read",
    "shift_suspected",
]

FORMATS: tuple[ModuleType, ...] = (workbook, shapefile, geopackage, geojson, delimited)


def read(upload: Upload, choices: Choices | None = None, limits: Limits = LIMITS) -> Reading:
    """Read one upload; raises `marine.findings.Refusal` with a located code where it is not a readable parcel file."""
    answers = choices or Choices()
    _known_answers(answers)
    _size(upload, limits)
    signatures.refuse_known(upload.data)
    report = Report(limits.findings)
    reader = next(module for module in FORMATS if module.sniff(upload.data))
    content: Content = reader.read(upload.data, answers, limits, report)
    decisions: dict[str, Any] = {
        "name": upload.name,
        "format": content.format,
        "bytes": len(upload.data),
        **content.decisions,
    }
    if content.questions:
        return Reading(
            format=content.format,
            digest=upload.digest,
            questions=content.questions,
            findings=report.findings,
            decisions=decisions,
        )
    pieces = _pieces(content, answers, limits, report)
    reference = settle_reference(pieces, content.declared, answers, limits, report)
    shapes = tuple(_shape(piece, reference) for piece in pieces)
    return Reading(
        format=content.format,
        digest=upload.digest,
        shapes=_picked(shapes, answers),
        questions=tuple(reference.questions),
        findings=report.findings,
        decisions=decisions | reference.decisions | {"shapes": len(shapes)},
    )


def _known_answers(choices: Choices) -> None:
    if choices.axis is not None and choices.axis not in AXIS_ORDERS:
        refuse("choice.axis_unknown", axis=str(choices.axis)[:40])
    if choices.origin is not None and choices.origin not in ORIGINS:
        refuse("choice.origin_unknown", origin=str(choices.origin)[:40])


def _size(upload: Upload, limits: Limits) -> None:
    if len(upload.data) > limits.bytes:
        refuse("file.too_large", megabytes=round(len(upload.data) / 1048576, 1), limit=limits.bytes >> 20)
    if not upload.data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        refuse("file.empty")


def _pieces(content: Content, choices: Choices, limits: Limits, report: Report) -> tuple[Piece, ...]:
    pieces: Sequence[Piece] = content.pieces
    if not pieces:
        blocking = [finding for finding in report.findings if finding.severity == "blocks"]
        if blocking and blocking[0].code == "file.not_a_polygon":
            refuse("file.no_polygons", kind=blocking[0].facts["kind"], count=len(blocking))
        refuse("file.no_shapes")
    if choices.units is None:
        return tuple(pieces)
    rows = read_units(choices.units, choices.encoding, limits, report)
    if choices.parcel is not None and len(pieces) > 1:
        _in_range(choices.parcel, len(pieces))
        pieces = [pieces[choices.parcel - 1]]
    listed = content.format not in (delimited.NAME, workbook.NAME)
    return (resolve(pieces, rows, report, outline_listed=listed),)


def _shape(piece: Piece, reference: Reference) -> RawShape:
    return RawShape(
        rings=piece.rings,
        numbers=piece.numbers,
        units=piece.units,
        crs=reference.system.name if reference.system else None,
        axis=reference.axis,
        origin=reference.origin,
        offset=reference.offset,
        accuracy=reference.accuracy,
        properties=piece.properties,
        feature_number=piece.feature_number,
        part=piece.part,
        name=piece.name,
    )


def _picked(shapes: tuple[RawShape, ...], choices: Choices) -> tuple[RawShape, ...]:
    if choices.parcel is None:
        return shapes
    if choices.units is not None and len(shapes) == 1:
        return shapes
    _in_range(choices.parcel, len(shapes))
    return (shapes[choices.parcel - 1],)


def _in_range(parcel: int, count: int) -> None:
    if not 1 <= parcel <= count:
        refuse("choice.no_such_parcel", parcel=parcel, count=count)
