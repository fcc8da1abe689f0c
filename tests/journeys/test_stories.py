"""Each story of the demonstration, told by its people over HTTP."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from api.demo.journey import STORIES, play
from tests.journeys.conftest import installation, teller_of
from tests.support.databases import Database


@pytest.mark.parametrize("name", list(STORIES))
def test_story(name: str, peopled: Database, tmp_path: Path) -> None:
    with installation(peopled, tmp_path) as house:
        teller = teller_of(house)
        teller.heard = lambda step: print(time.strftime("%X"), step)
        play(teller, [name])
