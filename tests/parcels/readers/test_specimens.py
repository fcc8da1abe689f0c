"""The committed specimen files do what `expected.csv` beside them says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from marine.findings import Refusal
from parcels.drafts import draft_parcel
from parcels.uploads import Upload
from tests.parcels.readers.reading import codes, read, tell, tell_all

FOLDER = Path(__file__).parents[2] / "specimens" / "parcels"
with (FOLDER / "expected.csv").open(encoding="utf-8") as stream:
    EXPECTED = [tuple(row.values()) for row in csv.DictReader(stream)]


def outcome_of(data: bytes, choices: dict[str, object]) -> tuple[str, set[str]]:
    """What became of a file, and what was told about it, faults included."""
    try:
        reading = read(data, **choices)
    except Refusal as refusal:
        return "refused", {tell_all(refusal).code}
    if reading.questions:
        return "asked", {question.id for question in reading.questions}
    drafts = [draft_parcel(shape) for shape in reading.shapes]
    for draft in drafts:
        for finding in draft.all_findings:
            tell(finding)
    sound = all(draft.boundary is not None for draft in drafts)
    told = codes(reading) | {finding.code for draft in drafts for finding in draft.all_findings}
    return f"{'shapes' if sound else 'faulty'}={len(drafts)}", told


@pytest.mark.parametrize(("file", "choices", "outcome", "told"), EXPECTED)
def test_each_specimen_gives_what_is_expected_of_it(file: str, choices: str, outcome: str, told: str):
    given: dict[str, object] = dict(part.split("=", 1) for part in choices.split())
    if "units" in given:
        given["units"] = Upload("units.csv", (FOLDER / str(given["units"])).read_bytes())
    assert outcome_of((FOLDER / file).read_bytes(), given) == (outcome, set(told.split()))


def test_every_specimen_is_expected():
    files = {path.name for path in FOLDER.iterdir()} - {"README.md", "expected.csv", "golden-units.csv"}
    assert files == {row[0] for row in EXPECTED}
