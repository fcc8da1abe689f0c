"""Fixtures of the check's tests."""

from __future__ import annotations

import pytest
import shapely
from sqlalchemy.orm import Session

from parcels.publishing import ZoneDraft
from tests.parcels.checks.sea import WIDE_KM, World, ms, rectangle


@pytest.fixture
def bare(session: Session) -> World:
    """A sea of which nothing is known."""
    return World(session)


@pytest.fixture
def world(bare: World) -> World:
    """荣成 with its sea, a shoreline far to the south, and one planning layer that only informs far away."""
    reach = WIDE_KM * 1000
    bare.place("371082", "荣成市", rectangle(-reach, -reach, reach, reach), bare.city())
    shore = shapely.LineString([ms(-reach, -20_000), ms(reach, -20_000)])
    bare.layer(
        "shore",
        [
            ZoneDraft(
                identity="S1",
                name_zh="岸线",
                name_en="shore",
                effect="none",
                geometry=shore,
                attributes={"kind": "natural"},
            )
        ],
        kind="shoreline",
    )
    bare.zone("planning", rectangle(15_000, 15_000, 16_000, 16_000), "inform")
    return bare
