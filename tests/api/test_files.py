"""`POST /api/v1/files`: files, pasted tables, questions instead of guesses, and refusals that say where."""

from __future__ import annotations

import json
from typing import Any

from tests.api import world
from tests.api.client import TestClient

TABLE = "点号,北纬,东经\n1,37°07′05.515″,122°30′29.645″\n2,37°07′08.885″,122°30′49.457″\n3,37°07′13.864″,122°30′49.875″\n4,37°07′21.220″,122°30′45.936″\n5,37°07′17.890″,122°30′26.362″\n"


def paste(client: TestClient, text: str, **choices: Any) -> dict[str, Any]:
    told: dict[str, Any] = client.post("/api/v1/files", json={"text": text, **choices}).json()
    return told


def geojson(*polygons: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": f"P{at}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for at, ring in enumerate(polygons)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def ring(west: float) -> list[list[float]]:
    return [[west, 37.1], [west + 0.01, 37.1], [west + 0.01, 37.11], [west, 37.11], [west, 37.1]]


def test_a_pasted_table_keeps_its_numbers_and_its_milliseconds(client: TestClient) -> None:
    (shape,) = paste(client, TABLE, crs="EPSG:4490")["shapes"]
    points = shape["geometry"]["points"]
    assert [point["number"] for point in points] == [1, 2, 3, 4, 5]
    assert [(point["lon_ms"], point["lat_ms"]) for point in points] == list(world.DRAFT)
    assert shape["geometry"]["area_ha"] == "20.2469" and points[0]["edge_m"] == 500.01


def test_what_the_text_leaves_open_is_asked_with_choices_that_answer_it(client: TestClient) -> None:
    told = paste(client, TABLE)
    (question,) = told["questions"]
    assert question["text"] and told["shapes"][0]["geometry"] is None
    assert {(choice["field"], choice["value"]) for choice in question["choices"]} == {("crs", "EPSG:4490"), ("crs", "EPSG:4326"), ("origin", "gcj02"), ("origin", "bd09")}  # fmt: skip
    for choice in question["choices"]:
        assert choice["label"] and paste(client, TABLE, **{choice["field"]: choice["value"]})["questions"] == []


def test_an_uploaded_file_is_read_by_its_content(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/files", files={"file": ("berth.bin", geojson(ring(122.5)))}, data={"crs": "EPSG:4490"}
    )
    assert answer.json()["format"] == "geojson" and answer.json()["shapes"][0]["geometry"]["hash"]


def test_several_parcels_in_one_file_ask_which_one(client: TestClient) -> None:
    content = geojson(ring(122.5), ring(122.52))
    told = client.post("/api/v1/files", files={"file": ("two.geojson", content)}, data={"crs": "EPSG:4490"}).json()
    (question,) = told["questions"]
    assert (question["id"], [choice["value"] for choice in question["choices"]]) == ("parcel", ["1", "2"])
    second = client.post(
        "/api/v1/files", files={"file": ("two.geojson", content)}, data={"crs": "EPSG:4490", "parcel": "2"}
    ).json()
    assert second["questions"] == [] and [shape["feature"] for shape in second["shapes"]] == [2]


def test_a_crossing_ring_is_told_at_its_point_and_has_no_geometry(client: TestClient) -> None:
    bow = "点号,经度,纬度\n1,122.50,37.10\n2,122.51,37.11\n3,122.51,37.10\n4,122.50,37.11\n"
    (shape,) = paste(client, bow, crs="EPSG:4490")["shapes"]
    assert shape["geometry"] is None
    assert any(finding["severity"] == "blocks" and finding["at"] for finding in shape["findings"])


def test_a_file_that_is_no_parcel_is_refused_in_both_languages(client: TestClient) -> None:
    answer = client.post("/api/v1/files", files={"file": ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)})
    problem = answer.json()
    assert answer.status_code == 422 and problem["code"].startswith("file.")
    assert set(problem["texts"]) == {"zh", "en"} and problem["title"] in {
        each["title"] for each in problem["texts"].values()
    }


def test_another_kind_of_body_is_415_and_a_missing_file_422(client: TestClient) -> None:
    assert client.post("/api/v1/files", content=b"x", headers={"content-type": "text/plain"}).status_code == 415
    answer = client.post("/api/v1/files", data={"crs": "EPSG:4490"}, files={"units": ("u.csv", b"unit,ring")})
    assert answer.status_code == 422 and "file" in answer.json()["detail"]


def test_an_unknown_choice_is_named(client: TestClient) -> None:
    problem = paste(client, TABLE, axis="up")
    assert problem["code"] == "problems.form" and problem["findings"][0]["field"] == "axis"
