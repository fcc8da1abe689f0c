"""The map of an office through HTTP: units by state and day, counts, files; what is hidden stays with the officers of its place."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.routes import planning
from parcels.queries.planning import View, zones_in
from parcels.queries.scope import Scope
from tests.api.client import TestClient
from tests.api.portal.conftest import Opener
from tests.support.portal_world import NOW

BOX = "bbox=121.0,36.5,123.0,37.8"
PLANNER, WINDOW, ELSEWHERE = "sample.planner.371000", "sample.window.371082", "sample.window.371083"


def told(client: TestClient, path: str = "units", **query: str) -> Any:
    answer = client.get(
        f"/api/v1/planning/{path}?{BOX}&" + "&".join(f"{name}={value}" for name, value in query.items())
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def claims(client: TestClient) -> set[str]:
    return {feature["properties"]["case"] for feature in told(client, states="pending")["features"]}


def test_counts_are_those_of_the_units(as_somebody: Opener) -> None:
    found = told(as_somebody(PLANNER))
    assert found["kind"] == "units"
    assert found["shown"] == len(found["features"]) == found["counts"]["total"] > 50
    for state, n in found["counts"]["states"].items():
        assert n == sum(feature["properties"]["state"] == state for feature in found["features"])
    for layer, n in found["counts"]["layers"].items():
        assert n == sum(layer in feature["properties"]["layers"] for feature in found["features"])


def test_states_and_layers_narrow_what_is_told_and_not_what_is_counted(as_somebody: Opener) -> None:
    whole, narrow = told(as_somebody(PLANNER)), told(as_somebody(PLANNER), states="expiring", layers="seabed")
    assert whole["counts"] == narrow["counts"]
    assert {f["properties"]["state"] for f in narrow["features"]} <= {"expiring"}
    assert all("seabed" in f["properties"]["layers"] for f in narrow["features"])
    refused = as_somebody(PLANNER).get(f"/api/v1/planning/units?{BOX}&states=maybe")
    assert (refused.status_code, refused.json()["code"]) == (422, "planning.unknown_name")


def test_sites_stand_with_their_state_and_park_and_without_their_owner(as_somebody: Opener) -> None:
    answer = as_somebody(PLANNER).get(f"/api/v1/planning/sites?{BOX}", headers={"Accept-Language": "en"})
    sites = [feature["properties"] for feature in answer.json()["features"] if feature["properties"]["kind"] == "site"]
    assert {site["site"] for site in sites} <= {"vacant", "reserved", "leased", "built"}
    assert {site["park"] for site in sites} == {"Sample oyster park", "Sample marine-equipment park"}
    assert {site["mark"] for site in sites} == {"sample"}
    assert "owner" not in answer.text


def test_another_day_shows_the_sea_of_that_day(as_somebody: Opener) -> None:
    then = told(as_somebody(PLANNER), day="2014-06-01")
    assert then["counts"]["states"]["pending"] == 0
    assert 0 < then["counts"]["total"] < told(as_somebody(PLANNER))["counts"]["total"]
    for feature in then["features"]:
        p = feature["properties"]
        assert p["from"] is None or p["from"] <= "2014-06-01"
        assert (p["state"] == "ended") == (p["to"] is not None and p["to"] < "2014-06-01")


def test_by_record_time_the_sea_is_what_the_register_held_then(as_somebody: Opener) -> None:
    """The sample world was recorded in one sitting: before that, the register held nothing, whatever was in force."""
    valid, record = (told(as_somebody(PLANNER), day="2014-06-01", time=time) for time in ("valid", "record"))
    assert (valid["time"], record["time"]) == ("valid", "record")
    assert valid["counts"]["total"] > 0
    assert record["counts"]["total"] == len(record["features"]) == 0
    today = told(as_somebody(PLANNER), time="record")
    assert today["features"] == told(as_somebody(PLANNER))["features"]
    refused = as_somebody(PLANNER).get(f"/api/v1/planning/units?{BOX}&time=both")
    assert refused.status_code == 422
    ahead = as_somebody(PLANNER).get(f"/api/v1/planning/units?{BOX}&time=record&day=2030-01-01")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "planning.not_recorded_yet")
    zones = [
        told(as_somebody(PLANNER), "zones", day="2026-11-01", time=time)["features"] for time in ("valid", "record")
    ]
    assert zones[0]
    assert zones[1] == []  # published when the sample was laid, whatever day they are in force from
    file = as_somebody(PLANNER).get(f"/api/v1/planning/export?{BOX}&day=2014-06-01&time=record")
    assert "haiyu-2014-06-01-as-recorded.geojson" in file.headers["content-disposition"]


def test_a_claim_before_its_notice_is_seen_by_officers_of_its_place_alone(as_somebody: Opener, world: Any) -> None:
    with world[0].sessions()() as session:
        hidden = set(
            session.scalars(
                text(
                    "SELECT c.case_number FROM occupation AS o JOIN sea_claim AS c ON c.id = o.claim_id "
                    "WHERE upper_inf(o.known) AND o.disclosure <> 'public'"
                )
            )
        )
    seen = {login: claims(as_somebody(login)) & hidden for login in (PLANNER, WINDOW, ELSEWHERE)}
    assert hidden
    assert seen[PLANNER] == hidden
    assert seen[WINDOW] | seen[ELSEWHERE] == hidden
    assert not seen[WINDOW] & seen[ELSEWHERE]
    assert seen[WINDOW]
    public = as_somebody(None).get(f"/api/v1/register?{BOX}&limit=5000").text
    assert not any(number in public for number in hidden)


def test_sea_that_a_place_gave_away_is_seen_by_its_officers_no_more_on_no_day(world: Any) -> None:
    """Nothing is kept: the statements run in a transaction that is taken back."""
    west, south, east, north = map(float, BOX.removeprefix("bbox=").split(","))
    today = NOW.date()
    with world[0].engine("superuser").connect() as connection, Session(connection) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE zone SET disclosure = 'officer'"))
        place = session.execute(
            text("SELECT place_id FROM place_area ORDER BY ST_Area(geom) DESC LIMIT 1")
        ).scalar_one()
        scope = Scope(everywhere=False, places=(place,), today=today)

        def seen(day: date) -> int:
            view = View(box=(west, south, east, north), day=day, until=None, soon=day, scope=scope)
            return len(zones_in(session, view, 1_000))

        assert seen(today) > 0
        session.execute(text("UPDATE place_area SET valid = daterange(lower(valid), :today) WHERE place_id = :place"), {"today": today, "place": place})  # fmt: skip
        assert seen(today) == seen(today - timedelta(days=1)) == 0


@pytest.mark.parametrize("path", ["units", "zones", "export"])
def test_the_public_and_applicants_get_nothing(as_somebody: Opener, path: str) -> None:
    assert as_somebody(None).get(f"/api/v1/planning/{path}?{BOX}").status_code == 401
    assert as_somebody("sample.oyster").get(f"/api/v1/planning/{path}?{BOX}").status_code == 403


def test_too_many_to_draw_come_as_counts_by_cells(as_somebody: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(as_somebody(PLANNER))
    monkeypatch.setattr(planning, "MOST_DRAWN", 10)
    cells = told(as_somebody(PLANNER))
    assert (cells["kind"], cells["counts"]) == ("cells", whole["counts"])
    assert sum(feature["properties"]["n"] for feature in cells["features"]) == whole["shown"]


def test_what_is_selected_is_exported(as_somebody: Opener) -> None:
    client = as_somebody(PLANNER)
    some = [feature["id"] for feature in told(client)["features"][:3]]
    chosen = client.get(f"/api/v1/planning/export?{BOX}&ids={','.join(map(str, some))}")
    assert [feature["id"] for feature in json.loads(chosen.content)["features"]] == some
    table = client.get(f"/api/v1/planning/export?{BOX}&form=csv&lang=zh").content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("代码,名称,状态")
    assert len(table) == told(client)["shown"] + 1


def test_years_grow_from_the_first(as_somebody: Opener) -> None:
    years = as_somebody(PLANNER).get("/api/v1/planning/years").json()["years"]
    assert (years[0]["year"], years[-1]["year"]) == (2002, NOW.year)
    assert years[-1]["units"] > years[0]["units"]


def test_an_administrator_sees_where_claims_lie_and_not_whose(as_somebody: Opener) -> None:
    pending = told(as_somebody("sample.administrator"), states="pending")["features"]
    assert pending
    assert {feature["properties"]["case"] for feature in pending} == {None}
    assert not any("-HY-" in feature["properties"]["code"] for feature in pending)


def test_pages_of_layers_and_the_map_are_for_whom_they_are(as_somebody: Opener) -> None:
    for lang in ("zh", "en"):
        for path in ("/map", "/zones", "/zones/new", "/zones/planning/1"):
            page = as_somebody(PLANNER).get(f"{path}?lang={lang}")
            assert page.status_code == 200, page.text[:2000]
            assert "portal." not in page.text.partition("<main")[2].partition('id="boot"')[0].replace("js/portal/", "")
    assert as_somebody(WINDOW).get("/map").status_code == 200
    assert as_somebody(WINDOW).get("/zones").status_code == 403
    assert as_somebody(None).get("/map").headers["location"].startswith("/sign-in?next=")
    assert as_somebody(PLANNER).get("/zones/nobodys/1").status_code == 404
