"""A database of the test's own with the table that test jobs leave their marks in."""

from __future__ import annotations

import pytest

from tests.api.jobs import world
from tests.support.databases import Database


@pytest.fixture
def queue(own_database: Database) -> Database:
    """The database, ready for test jobs."""
    world.prepare(own_database)
    return own_database
