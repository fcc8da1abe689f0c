"""Layers through HTTP: a version is laid down from a file by one person, looked at, and published by another."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from api.app import create_app
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import signed_in
from tests.api.world import CUT, SOUTH
from tests.support.databases import Database, clone

LAYERS = "/api/v1/zones/layers"
WEST, BASE = CUT / 3.6e6, SOUTH / 3.6e6
PLANNER, ADMINISTRATOR = "sample.planner.371000", "sample.administrator"


@pytest.fixture(scope="module")
def database(cluster: Any, people_template: Database) -> Iterator[Database]:
    with clone(cluster, people_template) as found:
        yield found


@pytest.fixture(scope="module")
def app(database: Database) -> Iterator[Any]:
    made = create_app(settings_for(database), clock=lambda: NOW, samples_allowed=True)
    yield made
    made.state.house.engine.dispose()


@pytest.fixture
def planner(app: Any) -> TestClient:
    return signed_in(app, PLANNER)


@pytest.fixture
def administrator(app: Any) -> TestClient:
    return signed_in(app, ADMINISTRATOR)


def layer_of(*zones: dict[str, Any], reach: float = 0.05) -> bytes:
    """A layer over the small world, each zone with its own words."""
    box = [
        [WEST - reach, BASE - reach],
        [WEST + reach, BASE - reach],
        [WEST + reach, BASE + reach],
        [WEST - reach, BASE + reach],
    ]
    shape = {"type": "Polygon", "coordinates": [[*box, box[0]]]}
    features = [{"type": "Feature", "properties": zone, "geometry": shape} for zone in zones]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


FORBIDS = {"identity": "T1", "name": "示例禁区", "effect": "forbid"}


def laid_down(client: TestClient, code: str, content: bytes, **given: Any) -> Any:
    file = {"file": ("layer.geojson", content, "application/geo+json")}
    return client.post(f"{LAYERS}/{code}/versions", data={"name": "示例图层", **given}, files=file)


def zones_now(app: Any) -> set[str]:
    box = f"{WEST - 0.01},{BASE - 0.01},{WEST + 0.01},{BASE + 0.01}"
    told = signed_in(app, None).get(f"/api/v1/zones?bbox={box}").json()
    return {feature["properties"]["layer_code"] for feature in told["features"]}


def test_one_lays_down_another_publishes_and_nothing_holds_before(
    app: Any, planner: TestClient, administrator: TestClient
) -> None:
    told = laid_down(planner, "trial", layer_of(FORBIDS))
    assert told.status_code == 201, told.text
    assert (told.json()["phase"], told.json()["zones"], told.json()["proposed_by"]) == ("draft", 1, "杨示例")
    assert "trial" not in zones_now(app)
    at = f"{LAYERS}/trial/versions/1"
    refused = planner.post(f"{at}/publication", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "layer.four_eyes")
    assert "trial" not in zones_now(app)
    published = administrator.post(f"{at}/publication", json={})
    assert published.status_code == 200, published.text
    assert (published.json()["phase"], published.json()["published_by"]) == ("in_force", "朱示例")
    assert "trial" in zones_now(app)
    again = administrator.post(f"{at}/publication", json={})
    assert (again.status_code, again.json()["code"]) == (409, "layer.not_a_draft")


def test_the_preview_tells_whom_a_version_hits_and_whom_the_next_one_frees(
    planner: TestClient, administrator: TestClient
) -> None:
    laid_down(planner, "steps", layer_of(FORBIDS))
    first = planner.get(f"{LAYERS}/steps/versions/1/changes").json()
    assert first["replaces"] is None
    assert (
        first["counts"]["hit"]["right"] == len([f for f in first["features"] if f["properties"]["kind"] == "right"]) > 0
    )
    assert {(f["properties"]["before"], f["properties"]["after"]) for f in first["features"]} == {("none", "forbid")}
    administrator.post(f"{LAYERS}/steps/versions/1/publication", json={})
    laid_down(planner, "steps", layer_of({**FORBIDS, "effect": "inform"}))
    milder = planner.get(f"{LAYERS}/steps/versions/2/changes").json()
    assert (milder["replaces"], milder["counts"]) == (1, {"milder": first["counts"]["hit"]})
    laid_down(planner, "steps", layer_of(FORBIDS))
    alike = planner.get(f"{LAYERS}/steps/versions/3/changes").json()
    assert (alike["counts"], alike["zones"], alike["looked_at"]) == ({}, {"new": 0, "gone": 0, "alike": 1}, 0)
    laid_down(planner, "steps", layer_of({**FORBIDS, "identity": "T2"}, reach=0.0005))
    assert planner.get(f"{LAYERS}/steps/versions/4/changes").json()["counts"]["freed"]["right"] > 0


def test_the_preview_is_a_file_too(planner: TestClient) -> None:
    laid_down(planner, "files", layer_of(FORBIDS))
    at = f"{LAYERS}/files/versions/1/changes"
    features = planner.get(at).json()["features"]
    table = planner.get(f"{at}?form=csv&lang=en")
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.content.decode("utf-8-sig").splitlines()) == len(features) + 1
    sheet = openpyxl.load_workbook(io.BytesIO(planner.get(f"{at}?form=xlsx").content)).active
    assert sheet.max_row == len(features) + 1
    assert len(json.loads(planner.get(f"{at}?form=geojson").content)["features"]) == len(features)


def test_a_version_dated_ahead_leaves_the_one_before_it_until_then(
    app: Any, planner: TestClient, administrator: TestClient
) -> None:
    laid_down(planner, "ahead", layer_of(FORBIDS))
    administrator.post(f"{LAYERS}/ahead/versions/1/publication", json={})
    laid_down(planner, "ahead", layer_of({**FORBIDS, "effect": "inform"}), **{"from": "2027-03-01"})
    past = administrator.post(f"{LAYERS}/ahead/versions/2/publication", json={"from": "2020-01-01"})
    assert (past.status_code, past.json()["code"]) == (422, "layer.first_day_past")
    assert administrator.post(f"{LAYERS}/ahead/versions/2/publication", json={}).json()["phase"] == "ahead"
    versions = next(each for each in planner.get(LAYERS).json()["layers"] if each["code"] == "ahead")["versions"]
    assert [(each["number"], each["phase"], each["to"]) for each in versions] == [
        (2, "ahead", None),
        (1, "in_force", "2027-02-28"),
    ]


def test_a_file_with_a_feature_that_cannot_be_used_is_refused_whole(planner: TestClient, database: Database) -> None:
    told = laid_down(planner, "faulty", layer_of(FORBIDS, {**FORBIDS, "identity": "T2", "effect": "maybe"}))
    assert (told.status_code, told.json()["code"]) == (422, "layer.file_has_faults")
    assert [each["code"] for each in told.json()["findings"]] == ["load.effect_unknown"]
    with database.sessions()() as session:
        assert session.execute(text("SELECT count(*) FROM layer WHERE code = 'faulty'")).scalar_one() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("layer.geojson", b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
        ("layer.vrt", b"{}"),
        ("layer.geojson", b'{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "http://127.0.0.1/"}}, "features": []}'),
        ("layer.gpkg", b"not a database"),
        ("layer.zip", b"PK not a zip"),
    ],
)  # fmt: skip
def test_a_file_that_would_open_another_is_not_opened(planner: TestClient, name: str, content: bytes) -> None:
    told = planner.post(f"{LAYERS}/odd/versions", data={"name": "x"}, files={"file": (name, content, "text/plain")})
    assert (told.status_code, told.json()["code"]) == (422, "load.not_a_layer_file")


def test_a_draft_is_taken_back_and_stays_so(planner: TestClient, administrator: TestClient) -> None:
    laid_down(planner, "back", layer_of(FORBIDS))
    assert planner.delete(f"{LAYERS}/back/versions/1").json()["phase"] == "withdrawn"
    refused = administrator.post(f"{LAYERS}/back/versions/1/publication", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "layer.not_a_draft")


def test_only_planners_and_administrators_see_drafts(app: Any, planner: TestClient) -> None:
    laid_down(planner, "secret", layer_of(FORBIDS))
    for login, status in ((None, 401), ("sample.oyster", 403), ("sample.window.371082", 403)):
        client = signed_in(app, login)
        assert client.get(f"{LAYERS}/secret/versions/1").status_code == status
        assert client.get(f"{LAYERS}/secret/versions/1/changes").status_code == status
    assert planner.get(f"{LAYERS}/secret/versions/9").status_code == 404


def test_the_shape_of_a_hidden_zone_ends_where_the_reader_s_places_end(
    planner: TestClient, administrator: TestClient
) -> None:
    laid_down(planner, "hidden", layer_of(FORBIDS, reach=2), disclosure="officer")
    cut = planner.get(f"{LAYERS}/hidden/versions/1").json()["features"][0]["geometry"]
    whole = administrator.get(f"{LAYERS}/hidden/versions/1").json()["features"][0]["geometry"]
    assert whole["type"] == "Polygon" and whole != cut


def test_an_administrator_publishes_without_reading_a_case(planner: TestClient, administrator: TestClient) -> None:
    """The first preview listed the applications of a county to whoever administers the machine."""
    laid_down(planner, "cases", layer_of(FORBIDS, reach=2))
    told = administrator.get(f"{LAYERS}/cases/versions/1/changes").json()
    assert {feature["properties"]["kind"] for feature in told["features"]} == {"right"}
    assert told["not_shown"] == sum(counts["claim"] + counts["draft"] for counts in told["counts"].values())
