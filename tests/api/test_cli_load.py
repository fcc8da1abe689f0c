"""`haiyu load` through its public door, on a database of its own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from sqlalchemy import text

from api.cli import run
from parcels.loading import runs
from tests.support.databases import Database

Load = Callable[..., dict[str, Any]]
RIGHTS = {
    "项目名称": ["甲", "乙", "丙", "丁"],
    "用海方式": ["41", "41", "31", "41"],
    "起始日期": ["2020-01-01", "2020年3月1日", "", "昨天"],
    "终止日期": ["2034-12-31", "1931-06-30", "9966-12-31", "2034-12-31"],
    "用海空间层": ["水面、水体", "", "surface", "空中"],
    "权利人": ["甲公司", "乙公司", "丙公司", "丁公司"],
}


def square(lon: float, lat: float, side: float = 0.004) -> list[list[float]]:
    return [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]


def features(properties: dict[str, list[Any]], geometries: list[dict[str, Any] | None]) -> str:
    made = [
        {
            "type": "Feature",
            "properties": {name: values[at] for name, values in properties.items()},
            "geometry": geometry,
        }
        for at, geometry in enumerate(geometries)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": made}, ensure_ascii=False)


def polygon(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [square(lon, lat)]}


@pytest.fixture
def load(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Load:
    """Write a file, load it, and give the JSON of the command; `code` is the exit code that must come."""
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))

    def loaded(content: str, *options: str, code: int = 0, name: str = "old.geojson") -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        assert run(["load", str(path), *options, "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return loaded


def count(database: Database, table: str) -> int:
    with database.sessions()() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def bow() -> dict[str, Any]:
    return {
        "type": "Polygon",
        "coordinates": [[[122.7, 37], [122.71, 37.01], [122.71, 37], [122.7, 37.01], [122.7, 37]]],
    }


def test_old_rights_are_taken_as_they_are_and_what_is_odd_is_told_by_feature(
    load: Load, own_database: Database
) -> None:
    shapes = [polygon(122.6, 37.0), polygon(122.602, 37.001), bow(), None]
    told = load(features(RIGHTS, shapes), "--as", "rights")
    assert (told["features"], told["adopted"], told["refused"]) == (4, 3, 1)
    codes = {each["feature"]: {finding["code"] for finding in each["findings"]} for each in told["told"]}
    assert 1 not in codes
    assert {"load.dates.century_suspected", "layers.unknown"} <= codes[2]
    assert {"ring.kept_invalid", "load.dates.far_future"} <= codes[3]
    assert any("usable" in code for code in codes[4])
    assert told["overlaps"]["conflict"] == 1
    assert count(own_database, "sea_right") == 3


def test_running_the_same_file_again_changes_nothing(load: Load, own_database: Database) -> None:
    content = features(RIGHTS, [polygon(122.6, 37.0), polygon(122.62, 37), polygon(122.64, 37), polygon(122.66, 37)])
    first = load(content, "--as", "rights")
    events = count(own_database, "event")
    again = load(content, "--as", "rights")
    assert not first["was_finished"] and again["was_finished"]
    assert (again["run"], again["adopted"]) == (first["run"], 4)
    assert (count(own_database, "sea_right"), count(own_database, "event")) == (4, events)


def test_a_run_that_was_stopped_goes_on_after_its_last_chunk(
    load: Load, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    content = features(RIGHTS, [polygon(122.6, 37.0), polygon(122.62, 37), polygon(122.64, 37), polygon(122.66, 37)])
    asked = runs.rights.requests

    def dies_at_the_second(table: Any, names: Any, first: int, last: int) -> Any:
        if first == 2:
            raise KeyboardInterrupt
        return asked(table, names, first, last)

    monkeypatch.setattr(runs.rights, "requests", dies_at_the_second)
    with pytest.raises(BaseException):  # noqa: B017 - whatever stops a process may stop it here
        load(content, "--as", "rights")
    assert count(own_database, "sea_right") == 2
    monkeypatch.setattr(runs.rights, "requests", asked)
    told = load(content, "--as", "rights")
    assert (told["adopted"], count(own_database, "sea_right"), count(own_database, "load_chunk")) == (4, 4, 2)


def test_a_file_without_a_reference_system_or_with_a_wrong_map_is_not_begun(load: Load, own_database: Database) -> None:
    content = features(RIGHTS, [polygon(122.6, 37.0)] * 4)
    assert load(content, "--as", "rights", "--map", "use_mode=nowhere", code=2)["error"]["code"] == "load.no_column"
    assert load(content, "--as", "rights", "--map", "colour=用海方式", code=2)["error"]["code"] == "load.no_field"
    assert load("not a map at all", "--as", "rights", code=13)["error"]["code"] == "load.unreadable"
    assert load("", "--as", "rights", code=13)["error"]["code"] == "file.empty"
    assert count(own_database, "load_run") == 0


ZONES = {
    "zone_id": ["a", "b", "c"],
    "effect": ["forbid", "征求意见", "maybe"],
    "modes": ["33,41", "", ""],
    "buffer_m": [0, 500, 0],
}


def test_zones_stay_a_draft_until_a_second_person_approves_them(load: Load, own_database: Database) -> None:
    line = {"type": "LineString", "coordinates": [[122.6, 37.2], [122.7, 37.2]]}
    content = features(ZONES, [polygon(122.6, 37.0), line, polygon(122.8, 37)])
    layer = ["--as", "zones", "--code", "cables", "--name", "电缆"]
    assert load(content, "--as", "zones", code=2)["error"]["code"] == "load.layer_needed"
    told = load(content, *layer)
    assert (told["adopted"], told["refused"], told["published"], told["version"]) == (2, 1, False, 1)
    assert told["told"][0]["findings"][0]["code"] == "load.effect_unknown"
    approved = load(content + " ", *layer, "--approved-by", "乙")
    assert (approved["published"], approved["version"]) == (True, 2)
    with own_database.sessions()() as session:
        effects = session.execute(text("SELECT DISTINCT effect, use_modes FROM zone ORDER BY effect")).all()
    assert [tuple(row) for row in effects] == [("consult", None), ("forbid", ["33", "41"])]


def test_a_shoreline_is_lines_with_their_kind_and_places_come_with_their_sea(
    load: Load, own_database: Database
) -> None:
    line = {"type": "LineString", "coordinates": [[122.6, 37.2], [122.7, 37.2]]}
    shore = features({"kind": ["自然", "natural"]}, [line, polygon(122.6, 37.0)])
    told = load(shore, "--as", "shoreline", "--code", "shore", "--name", "岸线", "--approved-by", "乙")
    assert (told["adopted"], told["refused"]) == (1, 1)
    assert told["told"][0]["findings"][0]["code"] == "load.not_a_line"
    sea = features({"code": ["371082", ""], "name": ["荣成市", "无码"]}, [polygon(122.6, 37.0), polygon(122.7, 37)])
    told = load(sea, "--as", "places", name="sea.geojson")
    assert (told["adopted"], told["refused"]) == (1, 1)
    assert count(own_database, "place_area_part") >= 1


def test_every_overlapping_real_lease_file_is_adopted_whole(load: Load, realdata: Path, capsys: Any) -> None:
    source = realdata / "leases" / "leases_nc_shellfish.gpkg"
    arguments = ["load", str(source), "--as", "rights", "--map", "to=Expiration", "--map", "from=EffectiveD"]
    assert run([*arguments, "--set", "use_type=13", "--set", "use_mode=41", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["features"], told["adopted"] + told["refused"]) == (611, 611)
    assert told["refused"] == 0 and told["overlaps"]["conflict"] > 100
    far = [
        finding for each in told["told"] for finding in each["findings"] if finding["code"] == "load.dates.far_future"
    ]
    assert far


def test_a_shapefile_that_was_cut_off_is_refused_and_nothing_of_it_is_kept(
    load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str], own_database: Database
) -> None:
    shapes = geopandas.GeoDataFrame(
        {"use_mode": ["41"] * 40}, geometry=[shapely.box(n, 0, n + 0.5, 1) for n in range(40)]
    )
    shapes.set_crs("EPSG:4490").to_file(tmp_path / "old.shp")
    whole = (tmp_path / "old.shp").read_bytes()
    (tmp_path / "old.shp").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for part in sorted(tmp_path.glob("old.*")):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    for name in ("old.shp", "old.zip"):
        assert run(["load", str(tmp_path / name), "--as", "rights", "--json"]) == 13
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "file.shapefile_cut_off"
    assert count(own_database, "load_run") == 0
    assert not (tmp_path / "home" / "files").exists()
