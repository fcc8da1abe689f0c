"""The shapes of `load`, `sheet`, `rules`, `db`, `verify`, `demo` and of every refusal: real answers against the schemas in docs/schemas."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import text

from api.cli import run
from api.settings import Settings
from data.cluster import Cluster
from tests.data.test_events import note
from tests.support.databases import Database

ROOT = Path(__file__).parents[2]
Ask = Callable[..., dict[str, Any]]
SQUARE = [[122.50, 37.10], [122.51, 37.10], [122.51, 37.11], [122.50, 37.11], [122.50, 37.10]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command with `--json`; its answer, checked by the schema of that name and by its exit code."""

    def asked(shape: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        came = run([*arguments, "--json"])
        out = capsys.readouterr().out
        assert came == code, out
        told: dict[str, Any] = json.loads(out)
        schema = json.loads((ROOT / "docs" / "schemas" / f"{shape}.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(told)
        return told

    return asked


@pytest.fixture
def elsewhere(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """An installation on a database of its own, with an empty home."""
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", own_database.owner_url)
    monkeypatch.setenv("DATABASE_READ_URL", own_database.read_url)
    return own_database


def collection(folder: Path, name: str, *features: tuple[dict[str, Any], Any]) -> str:
    """A GeoJSON file of features; the path as text."""
    told = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if ring is None else {"type": "Polygon", "coordinates": [ring]},
        }
        for properties, ring in features
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), encoding="utf-8")
    return str(path)


def test_a_load_tells_feature_by_feature_and_a_second_run_changes_nothing(
    ask: Ask, elsewhere: Database, tmp_path: Path
) -> None:
    east = [[x + 0.005, y] for x, y in SQUARE]
    use = {"用海方式": "41", "用海类型": "13", "起始日期": "2020-01-01", "备注": "旧"}
    path = collection(tmp_path, "old.geojson", ({**use}, SQUARE), ({**use}, east), ({**use}, None))
    told = ask("load", "load", path, "--as", "rights")
    assert (told["features"], told["adopted"], told["refused"], told["was_finished"]) == (3, 2, 1, False)
    assert told["overlaps"] == {"conflict": 1}
    assert told["unused_columns"] == ["备注"]
    assert [each["outcome"] for each in told["told"]] == ["adopted", "adopted", "refused"]
    again = ask("load", "load", path, "--as", "rights")
    assert again == {**told, "was_finished": True}


def test_a_layer_without_a_second_person_stays_a_draft(ask: Ask, elsewhere: Database, tmp_path: Path) -> None:
    path = collection(tmp_path, "zones.geojson", ({"编号": "Z1", "名称": "甲", "效力": "禁止"}, SQUARE))
    told = ask("load", "load", path, "--as", "zones", "--code", "red", "--name", "红线")
    assert (told["version"], told["published"]) == (1, False)
    path = collection(tmp_path, "later.geojson", ({"编号": "Z2", "名称": "乙", "效力": "限制"}, SQUARE))
    told = ask("load", "load", path, "--as", "zones", "--code", "red", "--name", "红线", "--approved-by", "second")
    assert (told["version"], told["published"]) == (2, True)


def test_refusals_of_every_kind_have_one_shape(ask: Ask, elsewhere: Database, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert ask("error", "check", str(empty), code=13)["exit_code"] == 13
    assert ask("error", "check", str(tmp_path / "absent.csv"), code=2)["error"]["code"] == "cli.wrong_usage"
    path = collection(tmp_path, "zones.geojson", ({"名称": "甲"}, SQUARE))
    assert ask("error", "load", path, "--as", "zones", code=2)["error"]["code"] == "load.layer_needed"
    assert ask("error", "code", "parse", "371082001002XX00017", code=13)["error"]["facts"] == {"at": 13}
    assert ask("error", "db", "stop", code=2)["error"]["code"] == "cli.db.outside"
    crossed = tmp_path / "crossed.csv"
    crossed.write_text("点号,经度,纬度\n1,122.5,37.1\n2,122.51,37.11\n3,122.51,37.1\n4,122.5,37.11\n", encoding="utf-8")
    located = ask("error", "check", str(crossed), "--crs", "EPSG:4490", code=13)["error"]["findings"]
    assert any(each["code"] == "ring.crosses_itself" and "at" in each for each in located)


def test_a_sheet_says_what_it_wrote_and_asks_what_the_file_leaves_open(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "parcel.csv"
    rows = "".join(f"{at},{x},{y}\n" for at, (x, y) in enumerate(SQUARE[:4], 1))
    path.write_text("点号,经度,纬度\n" + rows, encoding="utf-8")
    out = tmp_path / "sheet.pdf"
    assert ask("sheet", "sheet", str(path), "--out", str(out), code=12)["missing"] == ["crs"]
    told = ask("sheet", "sheet", str(path), "--out", str(out), "--crs", "EPSG:4490", "--svg")
    assert out.read_bytes().startswith(b"%PDF")
    assert told["points"] == 4
    assert [Path(each).name for each in told["svg"]] == ["sheet.svg"]


def test_a_clean_record_and_a_forged_one_have_one_shape(ask: Ask, elsewhere: Database) -> None:
    with elsewhere.sessions()() as session:
        note(session)
        session.commit()
    assert ask("verify", "verify")["events"] == 1
    with elsewhere.engine("superuser").begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE event SET body = '{}'"))
    forged = ask("verify", "verify", code=11)
    assert forged["faults"][0]["code"] == "event.column_differs"


def test_an_outside_database_says_how_it_is_and_what_it_lacks(ask: Ask, elsewhere: Database) -> None:
    assert ask("db", "db", "status")["state"] == "outside"
    assert ask("db", "db", "prepare")["ready"] is True
    with elsewhere.engine("superuser").begin() as connection:
        connection.execute(text("GRANT CREATE ON SCHEMA public TO haiyu_app"))
    assert [each["code"] for each in ask("db", "db", "prepare", code=12)["missing"]] == ["prepare.may_create"]


def test_values_of_the_rule_book_are_listed_entered_confirmed_and_withdrawn_in_one_shape(
    ask: Ask, elsewhere: Database, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7")
    filed = ["--document", str(paper)]
    before = ask("rules", "rules", "list")
    entry = ["--rule", "fee.rate", "--key", "mode=41", "--key", "grade=3", "--place", "3710", "--value", "0.03"]
    entered = ask("rules", "rules", "enter", *entry, "--from", "2027-01-01", "--cite", "文件（测试）", *filed)
    assert entered["before"] == before["rules"] != entered["rules"]
    sure = ["--rule", "term.maximum_years", "--key", "use_type=13", "--from", "2002-01-01"]
    assert ask("rules", "rules", "confirm", *sure, *filed)["confirmation"] == 1
    assert ask("rules", "rules", "withdraw", str(entered["entry"]))["withdrawn"] == entered["entry"]
    assert ask("error", "rules", "list", "--rule", "no.such", code=2)["error"]["code"] == "rules.no_such_rule"


@pytest.fixture
def home_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with the browser libraries and no database yet, in a folder that the cluster's user can enter."""
    libraries = Settings().home / "static"
    folder = Path("/tmp") / f"haiyu-shapes-{os.getpid()}"
    folder.mkdir(mode=0o755)
    (folder / "static").symlink_to(libraries)
    monkeypatch.setenv("HAIYU_HOME", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield folder
    Cluster(folder).remove()
    shutil.rmtree(folder)


def test_the_demonstration_tells_six_stories_and_leaves_their_papers(ask: Ask, home_of_its_own: Path) -> None:
    assert ask("db", "db", "status")["state"] == "missing"
    told = ask("demo", "demo", "--out", str(home_of_its_own / "shown"))
    granted = [act["parcel_code"] for act in told["acts"] if act["code"] == "cli.demo.granted"]
    told_once = {act["code"] for act in told["acts"]}
    assert len(granted) == len(set(granted)) == 4
    assert {"cli.demo.refused", "cli.demo.remedy", "cli.demo.consented", "cli.demo.corrected", "cli.demo.stopped"} <= told_once  # fmt: skip
    for papers in (act for act in told["acts"] if act["code"] == "cli.demo.papers"):
        files = list(Path(papers["folder"]).glob("*.pdf"))
        assert len(files) == 2 * papers["count"] > 0
        assert all(file.read_bytes().startswith(b"%PDF-") for file in files)
    assert Path(told["html"]).stat().st_size > 10_000
    assert Path(told["png"]).read_bytes().startswith(b"\x89PNG")
    assert ask("db", "db", "status")["state"] == "running"
    assert ask("db", "db", "stop") == {"stopped": True}
    assert ask("db", "db", "reset", "--confirm", "yes")["removed"] is True
