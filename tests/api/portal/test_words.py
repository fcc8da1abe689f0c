"""Searching by words: both ways through the register find the same, and each page goes on where the last one ended."""

from __future__ import annotations

from typing import Any

import pytest

from parcels.queries import atlas
from tests.support.portal_world import NOW

DAY = NOW.date()


def called(world: tuple[Any, dict[str, str]], words: str, *, after: int = 0, limit: int = 500) -> list[int]:
    with world[0].sessions().begin() as session:
        return [row["id"] for row in atlas.occupations_called(session, words, DAY, after=after, limit=limit)]


@pytest.mark.parametrize("words", ["桑沟湾", "筏式4", "湾", "示例", "HAIYU", "100%", "no such name"])
def test_few_and_many_are_found_alike(
    world: tuple[Any, dict[str, str]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = called(world, words)
    monkeypatch.setattr(atlas, "FEW", -1)
    assert called(world, words) == few


def test_there_is_something_to_find_and_pages_go_on(world: tuple[Any, dict[str, str]]) -> None:
    whole = called(world, "桑沟湾")
    assert len(whole) > 10
    first = called(world, "桑沟湾", limit=4)
    assert first + called(world, "桑沟湾", after=first[-1]) == whole
