"""What officers read of hidden zones in a check, through HTTP: those of the place its true edge, all others its cells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.people.signing_in import signed_in
from tests.api.world import SOUTH, WEST

# Inside the hidden zone of the small world, in Rongcheng's sea: told as a conflict by its edge, in one sentence by its cell.
INSIDE = [(WEST + 210_000, SOUTH + 210_000), (WEST + 230_000, SOUTH + 210_000), (WEST + 230_000, SOUTH + 230_000), (WEST + 210_000, SOUTH + 230_000)]  # fmt: skip
# In the same cell of 0.01° and outside the zone: whoever reads the edge reads nothing there.
BESIDE = [(lon + 45_000, lat) for lon, lat in INSIDE]


@pytest.mark.parametrize(
    ("login", "insight"),
    [
        (None, False),
        ("sample.oyster", False),
        ("sample.steward.371082", True),
        ("sample.window.371082", True),
        ("sample.approver.371082", True),
        ("sample.approver.371000", True),
        ("sample.planner.371000", True),
        ("sample.administrator", True),
        ("sample.window.371083", False),
        ("sample.approver.371083", False),
    ],
)
def test_an_officer_of_the_place_reads_the_edge_and_one_of_another_county_reads_cells(
    peopled_app: Any, login: str | None, insight: bool
) -> None:
    client = signed_in(peopled_app, login)
    told = {}
    for name, ring in (("inside", INSIDE), ("beside", BESIDE)):
        body = {"boundary": {"exterior": ring}, "type": "13", "mode": "41", "from": "2027-01-01", "to": "2041-12-31"}
        told[name] = client.post("/api/v1/checks", json=body).json()
    assert {answer["as"] for answer in told.values()} == {"officer" if insight else "public"}
    found = {name: {each["code"] for each in answer["findings"]} for name, answer in told.items()}
    assert ("hidden.cell" in found["inside"], "hidden.cell" in found["beside"]) == (not insight, not insight)
    assert any(code.startswith("zone.consult") for code in found["inside"]) is insight
    assert ("Secret" in str(told) or "不公开" in str(told)) is insight


def test_an_officer_of_everywhere_reads_every_edge(peopled_app: Any) -> None:
    from data.actors import Actor
    from parcels.checks.disclosure import sees_everything

    everywhere = Actor(person=1, roles=frozenset({"planner", "officer"}), posts=frozenset({("planner", None)}))
    assert sees_everything(everywhere, [7]) and sees_everything(everywhere, [])
    assert not sees_everything(Actor(person=1, roles=frozenset({"officer"})), [7])
