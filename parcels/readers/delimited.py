"""Coordinate tables as text: CSV, TSV, and whatever was pasted from a paper, a mail or a spreadsheet."""

from __future__ import annotations

from parcels.readers import tables
from parcels.readers.delimiters import split
from parcels.readers.texts import decode
from parcels.readers.values import Content, Report, refuse
from parcels.uploads import Choices, Limits

NAME = "table"


def sniff(data: bytes) -> bool:
    """Any text; this reader is asked last."""
    return bool(data)


def read(data: bytes, choices: Choices, limits: Limits, report: Report) -> Content:
    """The points of a text table, as parcels, units and holes."""
    text, encoding = decode(data, choices.encoding, report)
    found = tables.pieces_of(split(text, limits), limits, report)
    if found is None:
        refuse("table.no_points")
    pieces, declared, decisions = found
    return Content(format=NAME, pieces=pieces, declared=declared, decisions=decisions | {"encoding": encoding})
