"""The public register, zones and ground: what is shown, how much of it, and what leaves no trace."""

from __future__ import annotations

import pytest

from tests.api.client import TestClient

BOX = "122.4,37.0,122.7,37.25"


def test_occupations_in_a_box_come_as_geojson_with_inclusive_days(client: TestClient) -> None:
    told = client.get(f"/api/v1/register?bbox={BOX}&lang=en").json()
    assert told["type"] == "FeatureCollection" and not told["truncated"] and told["day"] == "2026-11-23"
    assert sorted(feature["properties"]["code"] for feature in told["features"]) == ["HAIYU-EAST", "HAIYU-WEST"]
    east = next(feature["properties"] for feature in told["features"] if feature["properties"]["code"] == "HAIYU-EAST")
    assert (east["from"], east["to"], east["standing"]) == ("2020-01-01", "2034-12-31", "registered")
    assert east["layers"] == ["surface", "water_column"] and east["months"] == list(range(1, 13))
    assert east["mode_label"] == "41 Open aquaculture" and float(east["area_ha"]) > 0


def test_another_day_shows_what_was_in_force_then(client: TestClient) -> None:
    codes = [
        f["properties"]["code"] for f in client.get(f"/api/v1/register?bbox={BOX}&day=2003-06-01").json()["features"]
    ]
    assert "HAIYU-OLD" in codes


def test_a_list_is_bounded_and_says_so(client: TestClient) -> None:
    told = client.get(f"/api/v1/register?bbox={BOX}&limit=1").json()
    assert len(told["features"]) == 1 and told["truncated"]


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "123,37,122,38", "122,nan,123,38", "-200,0,0,1"])
def test_a_box_that_is_no_box_is_refused(client: TestClient, box: str) -> None:
    answer = client.get("/api/v1/register", params={"bbox": box})
    assert (answer.status_code, answer.json()["code"]) == (422, "problems.box")


def test_a_right_is_found_by_its_inherited_number(client: TestClient) -> None:
    (feature,) = client.get("/api/v1/register/HAIYU-OLD").json()["features"]
    assert feature["properties"]["to"] == "2005-12-31"


def test_a_code_that_nobody_bears_is_404(client: TestClient) -> None:
    answer = client.get("/api/v1/register/nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and answer.json()["title"] == "The register holds no nothing"


def test_only_public_zones_are_shown(client: TestClient) -> None:
    told = client.get("/api/v1/zones?bbox=121.9,36.9,122.9,37.4&lang=en").json()
    assert [feature["properties"]["name"] for feature in told["features"]] == ["Fishery zone<b>"]
    assert "Secret" not in str(told)


def test_the_ground_is_land_of_the_register_and_sea_areas_and_is_not_sent_twice(client: TestClient) -> None:
    answer = client.get("/api/v1/ground")
    kinds = [feature["properties"]["kind"] for feature in answer.json()["features"]]
    assert kinds[:2] == ["land", "sea_area"] and set(kinds[2:]) == {"water_name", "land_name"}
    assert "OpenStreetMap" in answer.json()["attribution"]
    again = client.get("/api/v1/ground", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
