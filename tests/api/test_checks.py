"""`POST /api/v1/checks` through the public door: what fits, what does not, in which words, and what stays hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from marine.coordinates import dms
from tests.api import world
from tests.api.client import TestClient
from tests.support.databases import Database

USE = {"type": "13", "mode": "41", "from": "2027-01-01", "to": "2041-12-31", "layers": ["surface", "water_column"]}


def draft(points: Any = world.DRAFT, **changes: Any) -> dict[str, Any]:
    return {"boundary": {"exterior": [list(point) for point in points]}, **USE, **changes}


def shifted(lon: int, lat: int = 0) -> list[tuple[int, int]]:
    return [(x + lon, y + lat) for x, y in world.DRAFT]


def of(report: dict[str, Any], grade: str) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["grade"] == grade]


def test_a_draft_over_a_registered_right_conflicts_and_is_offered_the_rest(client: TestClient) -> None:
    report = client.post("/api/v1/checks", json=draft()).json()
    (conflict,) = of(report, "conflict")
    assert report["grade"] == "conflict" and not report["fits"] and report["exit_code"] == 11
    assert report["geometry"]["area_ha"] == "20.2469" and report["geometry"]["central_meridian"] == "122.5"
    assert conflict["facts"]["layers"] == ["surface", "water_column"]
    assert (conflict["facts"]["from"], conflict["facts"]["to"]) == ("2027-01-01", "2034-12-31")
    assert conflict["geometry"]["type"] == "Polygon" and conflict["text"] and conflict["mend"]
    kept = float(report["remedy"]["geometry"]["area_ha"])
    assert 0 < kept < 20.2469 and abs(kept + float(conflict["facts"]["overlap_ha"]) - 20.2469) < 0.05


def test_the_remedy_can_be_sent_back_as_it_came_and_no_longer_conflicts(client: TestClient) -> None:
    offered = client.post("/api/v1/checks", json=draft()).json()["remedy"]["geometry"]
    again = client.post("/api/v1/checks", json={**USE, "boundary": offered}).json()
    assert again["geometry"]["hash"] == offered["hash"]
    assert of(again, "conflict") == []


def test_the_same_question_has_the_same_answer_in_both_languages(client: TestClient) -> None:
    zh = client.post("/api/v1/checks?lang=zh", json=draft()).json()
    en = client.post("/api/v1/checks", json=draft(), headers={"Accept-Language": "en-GB"}).json()
    assert [finding["code"] for finding in zh["findings"]] == [finding["code"] for finding in en["findings"]]
    assert zh["findings"][0]["facts"] == en["findings"][0]["facts"]
    assert zh["findings"][0]["text"] != en["findings"][0]["text"]
    assert client.post("/api/v1/checks?lang=zh", json=draft()).json() == zh


def test_dates_that_do_not_meet_do_not_conflict(client: TestClient) -> None:
    report = client.post("/api/v1/checks", json=draft(**{"from": "2035-01-01", "to": "2040-12-31"})).json()
    assert of(report, "conflict") == []


def test_a_geojson_polygon_in_degrees_is_the_same_boundary_as_its_milliseconds(client: TestClient) -> None:
    ring = [[lon / 3_600_000, lat / 3_600_000] for lon, lat in world.DRAFT]
    told = client.post(
        "/api/v1/checks", json={**USE, "boundary": {"geojson": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}}
    ).json()
    assert told["geometry"]["hash"] == client.post("/api/v1/checks", json=draft()).json()["geometry"]["hash"]


def test_a_hidden_source_has_one_sentence_and_no_shape(client: TestClient) -> None:
    report = client.post("/api/v1/checks?lang=en", json=draft(shifted(210_000, 210_000))).json()
    (finding,) = of(report, "needs_consent")
    assert finding["code"] == "hidden.cell" and finding["geometry"] is None
    assert finding["basis"] == [] and finding["mend"] is None and finding["facts"] == {"reason": "hidden.cell"}
    assert finding["text"] == "An office must look at this place."
    assert "Secret" not in str(report) and "consult" not in str(finding)


def test_land_is_not_sea(client: TestClient) -> None:
    report = client.post("/api/v1/checks", json=draft(shifted(-900_000))).json()
    assert report["grade"] == "conflict" and any("陆地" in finding["text"] for finding in of(report, "conflict"))


def test_faults_of_the_boundary_are_told_at_their_point_with_a_way_to_mend_them(client: TestClient) -> None:
    bow = [world.DRAFT[0], world.DRAFT[2], world.DRAFT[1], world.DRAFT[3], world.DRAFT[4]]
    answer = client.post("/api/v1/checks?lang=en", json=draft(bow))
    problem = answer.json()
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "problems.boundary_invalid" and problem["findings"]
    assert all(finding["at"] and finding["text"] for finding in problem["findings"])


def test_every_wrong_value_is_named_at_once_in_both_languages(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/checks", json=draft(**{"from": "2030-01-01", "to": "2029-12-31", "type": "99", "mode": "98"})
    )
    problem = answer.json()
    assert answer.status_code == 422
    assert {finding["code"] for finding in problem["findings"]} == {"draft.days_reversed", "draft.code_unknown"}
    assert len(problem["findings"]) == 3
    assert problem["texts"]["zh"]["title"] != problem["texts"]["en"]["title"]


def test_a_form_that_lacks_a_field_says_which(client: TestClient) -> None:
    problem = client.post("/api/v1/checks?lang=zh", json={"boundary": {}}).json()
    assert problem["code"] == "problems.form"
    assert "mode：没有填" in [finding["text"] for finding in problem["findings"]]


def test_papers_cannot_be_claimed_through_the_public_door(client: TestClient) -> None:
    assert client.post("/api/v1/checks", json=draft(papers=True)).status_code == 422


def test_inner_units_travel_by_the_numbers_of_their_points(client: TestClient) -> None:
    w, s = world.WEST - 200_000, world.SOUTH
    corners = [
        (w, s),
        (w + 10_000, s),
        (w + 20_000, s),
        (w + 20_000, s + 9_000),
        (w + 10_000, s + 9_000),
        (w, s + 9_000),
    ]
    points = [{"number": at, "lon_ms": x, "lat_ms": y} for at, (x, y) in enumerate(corners, start=1)]
    boundary = {"exterior": corners, "points": points, "units": [{"ring": "1-2-5-6-1"}, {"ring": "2-3-4-5-2"}]}
    report = client.post("/api/v1/checks", json={**USE, "boundary": boundary, "mode": ["41", "42"]}).json()
    units = report["geometry"]["units"]
    assert [(unit["ring"], unit["mode"]) for unit in units] == [("1-2-5-6-1", "41"), ("2-3-4-5-2", "42")]
    assert sum(float(unit["area_ha"]) for unit in units) == float(report["geometry"]["area_ha"])


@pytest.mark.parametrize(
    "boundary",
    [
        {"geojson": {"type": "Polygon", "coordinates": []}},
        {"geojson": {"type": "Polygon", "coordinates": [[]]}},
        {"geojson": {"type": "Polygon", "coordinates": [[[122, 37], [122, 37], [122, 37]]]}},
        {"geojson": {"type": "Polygon", "coordinates": [[[1e308, 37], [122, 37], [122, 38]]]}},
        {"exterior": [], "points": []},
        {"exterior": [[0, 0], [0, 0], [0, 0]]},
        {"exterior": [[10**30, 0], [1, 1], [2, 0]]},
        {"exterior": world.DRAFT, "holes": [[[0, 0], [1, 1]]]},
        {"exterior": world.DRAFT, "units": [{"ring": "…"}, {"ring": ""}]},
        {"exterior": world.DRAFT, "units": [{"ring": "1-2-3-1"}, {"ring": "1-2-99-1"}]},
    ],
)
def test_a_boundary_that_is_none_is_refused_with_a_reason(client: TestClient, boundary: dict[str, Any]) -> None:
    answer = client.post("/api/v1/checks", json={**USE, "boundary": boundary})
    assert answer.status_code == 422 and answer.json()["title"] and answer.json()["findings"] is not None


def test_the_command_line_says_the_same(
    client: TestClient,
    filled: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "parcel.csv"
    rows = [f"{at},{dms(lat)},{dms(lon)}" for at, (lon, lat) in enumerate(world.DRAFT, start=1)]
    file.write_text("\n".join(["点号,北纬,东经", *rows]), encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", filled.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", filled.owner_url)
    use = [
        "--type",
        "13",
        "--mode",
        "41",
        "--from",
        "2027-01-01",
        "--to",
        "2041-12-31",
        "--layers",
        "surface,water_column",
    ]
    code = run(["check", str(file), "--crs", "EPSG:4490", *use, "--json", "--lang", "zh"])
    told = json.loads(capsys.readouterr().out)
    (shape,) = client.post("/api/v1/files", json={"text": file.read_text("utf-8"), "crs": "EPSG:4490"}).json()["shapes"]
    asked = client.post(
        "/api/v1/checks?lang=zh", json={**USE, "boundary": shape["geometry"], "origin": shape["origin"]}
    ).json()
    names = ("grade", "fits", "exit_code", "geometry", "not_judged", "missing", "remedy", "rules", "as")
    assert {name: told[name] for name in names} == {name: asked[name] for name in names}
    boundary_findings = [finding for finding in told["findings"] if not finding["code"].startswith("crs.")]
    assert boundary_findings == asked["findings"] and code == 11
