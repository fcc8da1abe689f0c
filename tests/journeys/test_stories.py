"""Each story of the demonstration, told over HTTP by the people whose steps they are, and what the register and the papers say after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.demo.journey import STORIES, play
from api.demo.teller import Teller
from api.demo.telling import APPLICANTS, Told, tell
from tests.journeys.conftest import installation, teller_of
from tests.journeys.whole import demand_whole
from tests.support.databases import Database
from tests.support.serving import Serving

ENDS = {
    "clean": ("completed",),
    "overlapping": ("completed",),
    "layered": ("completed", "completed"),
    "corrected": (None,),
    "refused": ("refused",),
    "lapsed": ("lapsed",),
}


@pytest.fixture
def house(peopled: Database, tmp_path: Path) -> Iterator[Serving]:
    with installation(peopled, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("story", list(STORIES))
def test_story(story: str, house: Serving, tmp_path: Path) -> None:
    teller, told = teller_of(house), Told()
    play(teller, [story])
    tell(teller, story, tmp_path / "shown", told)
    cases = [teller.case(case, login) for case, login in APPLICANTS[story]]
    assert tuple(case["ended"] for case in cases) == ENDS[story]
    for case, (name, login) in zip(cases, APPLICANTS[story], strict=True):
        _papers_are_made(teller, case, login, tmp_path / "shown" / name)
        assert not case["holds_sea"] or case["ended"] is None
    if story == "overlapping":
        assert teller.memory["refused"]["code"] == "case.conflict_found"
    if story == "clean":
        assert "fee.rate.41.3" in teller.memory["stopped"]["missing"]
    demand_whole(house.database, tmp_path)


def _papers_are_made(teller: Teller, case: dict[str, Any], login: str, folder: Path) -> None:
    papers = teller.call(login, "GET", f"/cases/{case['number']}/papers")["papers"]
    kinds = [paper["kind"] for paper in papers]
    assert {"use_application", "registration_application"} <= set(kinds)
    if case["ended"] == "completed":
        assert {"acceptance_notice", "decision", "fee_notice", "statement_of_registration", "register_extract"} <= set(kinds)  # fmt: skip
        assert case["parcel_code"] and case["unit_code"].startswith(case["parcel_code"])
    assert all(paper["standing"] in ("valid", "superseded") for paper in papers)
    assert all(sorted(file["lang"] for file in paper["files"]) == ["en", "zh"] for paper in papers)
    files = sorted(folder.glob("*.pdf"))
    assert len(files) == 2 * len(papers)
    assert all(file.read_bytes().startswith(b"%PDF-") for file in files)
