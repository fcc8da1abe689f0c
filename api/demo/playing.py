"""The whole demonstration: the stage, the house, each story told by its people, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from api.demo.house import open_house
from api.demo.journey import STORIES, play
from api.demo.stage import START, Stage
from api.demo.teller import Teller
from api.demo.telling import Told, tell


def play_all(stage: Stage, folder: Path, heard: Callable[[int], None] = lambda steps: None) -> Told:
    """Tell every story through HTTP; its papers go into a folder of its own. `heard` is told after each step."""
    told = Told()
    with open_house(stage.settings, START) as house:
        teller = Teller(house.address, house.clock, house.clock.advance, house.settle, heard=lambda step: heard(1))
        for story in STORIES:
            play(teller, [story])
            tell(teller, story, folder, told)
    return told


def step_count() -> int:
    """How many steps the stories have together."""
    return sum(len(story()) for story in STORIES.values())
