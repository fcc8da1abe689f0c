"""The one place that knows the tables of every room: only the command line may import all of them (docs/architecture.md)."""

from __future__ import annotations

from sqlalchemy import MetaData

import api.models
import approvals.models
import parcels.models
from data import event_tables, overlay_tables
from data.store import metadata


def all_metadata() -> MetaData:
    """The metadata with every room's tables registered on it."""
    tables = (event_tables.Event, overlay_tables.RuleEntry, parcels.models.Occupation)
    for table in (*tables, approvals.models.Case, api.models.Account):
        assert table.metadata is metadata
    return metadata
