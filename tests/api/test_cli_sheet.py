"""`haiyu sheet` through its public door: the written PDF, its JSON, open questions, refusals, and no database anywhere."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pypdf
import pytest

from api.cli import run
from api.cli.output import Exit

ROOT = Path(__file__).parents[2]
PARCELS = ROOT / "tests" / "specimens" / "parcels"
GOLDEN = [str(PARCELS / "golden-points.txt"), "--units", str(PARCELS / "golden-units.csv")]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def without_any_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody listens at this address: a command that asked for a database would fail."""
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Run the command with `-o sheet.pdf`; its JSON, checked by its schema."""
    schema = json.loads((ROOT / "docs" / "schemas" / "sheet.json").read_text(encoding="utf-8"))

    def asked(*words: str, code: int = Exit.DONE) -> dict[str, Any]:
        assert run(["sheet", *words, "-o", str(tmp_path / "sheet.pdf"), "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        if "error" not in told:
            jsonschema.Draft202012Validator(schema).validate(told)
            assert told["exit_code"] == code
        return told

    return asked


def words_of(told: dict[str, Any]) -> str:
    reader = pypdf.PdfReader(io.BytesIO(Path(told["path"]).read_bytes()))
    assert len(reader.pages) == told["pages"]
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_published_parcel_becomes_its_sheet(ask: Ask) -> None:
    told = ask(*GOLDEN, "--name", "吊机码头工程")
    assert (told["scale"], told["area_ha"], told["points"], told["pages"]) == (400, "0.1106", 15, 1)
    assert told["digest"] == hashlib.sha256(Path(told["path"]).read_bytes()).hexdigest()
    page = words_of(told)
    for words in ("吊机码头工程宗海界址图", "比例尺 1:400", "护岸 非透水构筑物 2-3-…-10-2", told["hash"], "SAMPLE"):
        assert words in page, words


def test_the_same_command_writes_the_same_bytes(ask: Ask) -> None:
    assert ask(*GOLDEN)["digest"] == ask(*GOLDEN)["digest"]


def test_the_position_sheet_in_english_with_its_svg(ask: Ask) -> None:
    told = ask(*GOLDEN, "--kind", "position", "--lang", "en", "--svg", "--name", "Crane quay", "--date", "2026-11-23")
    assert "Position sheet of the sea parcel, Crane quay" in words_of(told) and "Drawn on 2026-11-23" in words_of(told)
    assert len(told["svg"]) == told["pages"] and all(b"<svg" in Path(path).read_bytes()[:200] for path in told["svg"])


def test_a_parcel_off_weihai_shows_the_sample_coast_and_says_that_it_is_unverified(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "bay.csv"
    path.write_text("点号,经度,纬度\n1,122.551,37.112\n2,122.551,37.104\n3,122.563,37.107\n", encoding="utf-8")
    placed = [str(path), "--crs", "EPSG:4490", "--axis", "lonlat", "--mode", "41", "--kind", "position"]
    page = words_of(ask(*placed))
    assert "示例岸线，未经核实" in page and "OpenStreetMap" in page and "开放式养殖" in page
    bare = words_of(ask(*placed, "--no-coast"))
    assert "示例岸线" not in bare


def test_an_open_question_is_exit_12_and_nothing_is_written(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("点号,经度,纬度\n1,122.551,37.112\n2,122.551,37.104\n3,122.563,37.107\n", encoding="utf-8")
    told = ask(str(path), code=Exit.MISSING)
    assert told["missing"][0] == "crs" and told["choices"][0]["values"]
    assert not (tmp_path / "sheet.pdf").exists()


def test_of_several_parcels_one_must_be_chosen(ask: Ask) -> None:
    several = [str(PARCELS / "two-parcels-one-hole.geojson"), "--origin", "cgcs2000"]
    told = ask(*several, code=Exit.MISSING)
    assert [(each["option"], each["value"]) for each in told["choices"][0]["values"]] == [
        ("--parcel", "1"),
        ("--parcel", "2"),
    ]
    hashes = {ask(*several, "--parcel", number)["hash"] for number in ("1", "2")}
    assert len(hashes) == 2


def test_a_boundary_with_a_fault_is_refused(ask: Ask, tmp_path: Path) -> None:
    told = ask(str(PARCELS / "crosses-itself.geojson"), "--origin", "cgcs2000", code=Exit.REFUSED_FILE)
    assert told["error"]["findings"] and not (tmp_path / "sheet.pdf").exists()


def test_an_unknown_use_mode_is_refused(ask: Ask) -> None:
    assert ask(str(PARCELS / "square.geojson"), "--origin", "cgcs2000", "--mode", "99", code=Exit.WRONG_USAGE)["error"]


def test_a_place_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert (
        run(["sheet", *GOLDEN, "-o", str(tmp_path / "no" / "such" / "sheet.pdf"), "--lang", "zh"]) == Exit.WRONG_USAGE
    )
    assert "不能写入" in capsys.readouterr().err


def test_a_name_that_no_font_can_set_is_wrong_usage(ask: Ask) -> None:
    told = ask(*GOLDEN, "--name", "甲\x07乙", code=Exit.WRONG_USAGE)
    assert told["error"]["code"] == "sheets.cannot_be_set" and told["error"]["mend"]["zh"]
