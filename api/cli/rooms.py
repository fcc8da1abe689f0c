"""The one place that knows the tables of every room: only the command line may import all of them (design.md §3)."""

from __future__ import annotations

import importlib
import importlib.util

from sqlalchemy import MetaData

from data import event_tables
from data.store import metadata


def all_metadata() -> MetaData:
    """The metadata with every room's tables registered on it."""
    assert event_tables.Event.metadata is metadata
    if importlib.util.find_spec("parcels.models"):
        importlib.import_module("parcels.models")
    return metadata
