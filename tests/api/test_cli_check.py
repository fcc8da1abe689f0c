"""`haiyu check` through its public door: JSON by its schema, exit codes, questions, several parcels, units, and what stays hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.cli import run
from api.cli.output import Exit
from marine.cells import OFFICER_CELL_MS
from tests.api import world
from tests.api.client import TestClient
from tests.support import databases

ROOT = Path(__file__).parents[2]
USE = ["--type", "13", "--mode", "41", "--from", "2027-01-01", "--to", "2041-12-31"]
PLACED = ["--crs", "EPSG:4490", "--axis", "lonlat"]
Ring = list[tuple[int, int]]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def on_the_filled_database(filled: databases.Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command finds the small world by its settings."""
    monkeypatch.setenv("DATABASE_URL", filled.app_url)
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    """Run the command on the given points (milliseconds) or text; the JSON, checked by its schema."""
    schema = json.loads((ROOT / "docs" / "schemas" / "check.json").read_text(encoding="utf-8"))

    def asked(content: Any, *options: str, code: int, name: str = "draft.csv") -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else table(content), encoding="utf-8")
        assert run(["check", str(path), *options, "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        jsonschema.Draft202012Validator(schema).validate(told)
        assert told["exit_code"] == code
        return told

    return asked


def table(ring: Any) -> str:
    """A coordinate table in decimal degrees."""
    rows = [f"{number},{lon / 3_600_000:.10f},{lat / 3_600_000:.10f}" for number, (lon, lat) in enumerate(ring, 1)]
    return "点号,经度,纬度\n" + "\n".join(rows) + "\n"


def moved(lon: int, lat: int) -> Ring:
    """The world's draft elsewhere."""
    return [(x + lon, y + lat) for x, y in world.DRAFT]


FREE = moved(0, 100_000)


def test_a_fitting_parcel_is_exit_0(ask: Ask) -> None:
    told = ask(FREE, *PLACED, *USE, code=Exit.DONE)
    assert told["fits"] and told["grade"] == "compatible" and told["remedy"] is None
    assert told["geometry"]["area_ha"].startswith("20.2") and told["geometry"]["central_meridian"] == "122.5"
    assert told["as"] == "public" and told["rules"] and told["missing"] == []


def test_an_overlapping_parcel_is_exit_11_with_a_remedy(ask: Ask) -> None:
    told = ask(list(world.DRAFT), *PLACED, *USE, code=Exit.CONFLICT)
    assert told["findings"][0]["code"] == "neighbour.exclusive" and told["remedy"]["geometry"]["points"]


def test_the_command_line_and_http_give_the_same_answer(ask: Ask, client: TestClient) -> None:
    polygon = json.dumps({"type": "Polygon", "coordinates": [closed(list(world.DRAFT))]})
    told = ask(polygon, "--origin", "cgcs2000", *USE, "--lang", "zh", code=Exit.CONFLICT, name="draft.geojson")
    body = {"boundary": {"exterior": told["geometry"]["exterior"]}, "type": "13", "mode": "41"}
    answered = client.post("/api/v1/checks?lang=zh", json={**body, "from": "2027-01-01", "to": "2041-12-31"}).json()
    for name in ("grade", "geometry", "findings", "not_judged", "remedy", "rules", "exit_code"):
        assert told[name] == answered[name], name


def test_missing_reference_and_axis_are_asked_for_with_the_option_that_answers(ask: Ask) -> None:
    told = ask(FREE, *USE, code=Exit.MISSING)
    assert told["missing"] and told["choices"][0]["option"].startswith("--")
    assert {value["option"] for value in told["choices"][0]["values"]} <= {"--crs", "--axis", "--origin"}


def test_without_type_and_dates_nothing_fits_and_the_options_are_named(ask: Ask) -> None:
    told = ask(FREE, *PLACED, "--mode", "41", code=Exit.MISSING)
    assert not told["fits"] and {"type", "dates"} <= set(told["missing"])
    assert {choice["option"] for choice in told["choices"]} >= {"--type", "--from"}


def test_the_geometry_block_is_there_outside_every_known_sea(ask: Ask) -> None:
    told = ask(moved(-20_000_000, -10_000_000), *PLACED, *USE, code=Exit.MISSING)
    assert told["geometry"]["hash"] and told["geometry"]["points"] and "place" in told["missing"]


def test_several_parcels_stand_in_a_list_and_the_worst_is_the_exit_code(ask: Ask) -> None:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [closed(ring)]}}
        for ring in (FREE, list(world.DRAFT), bow_tie())
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    given = [*USE, "--origin", "cgcs2000"]
    told = ask(content, *given, code=Exit.REFUSED_FILE, name="three.geojson")
    assert [each["exit_code"] for each in told["parcels"]] == [0, 11, 13]
    assert told["parcels"][2]["error"]["findings"][0]["code"].startswith("ring.")
    assert "parcels" not in ask(content, *given, "--parcel", "1", code=Exit.DONE, name="three.geojson")


def closed(ring: Ring) -> list[list[float]]:
    """A closed ring in degrees."""
    return [[lon / 3_600_000, lat / 3_600_000] for lon, lat in [*ring, ring[0]]]


def bow_tie() -> Ring:
    """A ring that crosses itself."""
    a, b, c, d = FREE[:4]
    return [a, c, b, d]


def test_units_come_from_their_table_with_their_modes(ask: Ask, tmp_path: Path) -> None:
    west, south = FREE[0]
    ring = [(west, south), (west + 4000, south), (west + 8000, south), (west + 8000, south + 4000), (west + 4000, south + 4000), (west, south + 4000)]  # fmt: skip
    units = tmp_path / "units.csv"
    units.write_text("unit,ring,mode\n1,1-2-5-6-1,23\n2,2-3-4-5-2,31\n", encoding="utf-8")
    told = ask(
        ring,
        *PLACED,
        "--units",
        str(units),
        "--type",
        "31",
        "--from",
        "2027-01-01",
        "--to",
        "2041-12-31",
        code=Exit.DONE,
    )
    assert [(unit["ring"], unit["mode"]) for unit in told["geometry"]["units"]] == [
        ("1-2-5-6-1", "23"),
        ("2-3-4-5-2", "31"),
    ]
    areas = [float(unit["area_ha"]) for unit in told["geometry"]["units"]]
    assert sum(areas) == pytest.approx(float(told["geometry"]["area_ha"]), abs=1e-9)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--type", "99"], Exit.WRONG_USAGE),
        (["--layers", "air"], Exit.WRONG_USAGE),
        (["--months", "13"], Exit.WRONG_USAGE),
        (["--from", "2028-01-01", "--to", "2027-01-01"], Exit.WRONG_USAGE),
        (["--parcel", "7"], Exit.WRONG_USAGE),
    ],
)
def test_a_wrong_option_is_wrong_usage(options: list[str], code: int, tmp_path: Path) -> None:
    path = tmp_path / "draft.csv"
    path.write_text(table(FREE), encoding="utf-8")
    assert run(["check", str(path), *PLACED, "--mode", "41", *options]) == code


def test_a_file_that_nobody_can_read_is_exit_13(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert run(["check", str(path), *USE, "--json"]) == Exit.REFUSED_FILE
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == 13 and told["error"]["message"]["zh"] and told["error"]["message"]["en"]


def test_halving_through_the_command_does_not_find_the_hidden_edge(ask: Ask) -> None:
    """The hidden zone of the world begins at WEST + 200,000; the answer changes only at a line of the grid."""
    edge, south = world.WEST + 200_000, world.SOUTH + 210_000
    clear, hit = edge - 2 * OFFICER_CELL_MS, edge + 10_000
    for _ in range(17):
        middle = (clear + hit) // 2
        ring = [(middle - 500, south), (middle, south), (middle, south + 900), (middle - 500, south + 900)]
        told = ask(ring, *PLACED, *USE, code=Exit.NEEDS_CONSENT if seen(middle) else Exit.DONE)
        assert ("hidden.cell" in [finding["code"] for finding in told["findings"]]) == seen(middle)
        assert "Secret" not in json.dumps(told) and "hidden" not in json.dumps(told["sources"])
        clear, hit = (clear, middle) if seen(middle) else (middle, hit)
    assert hit % OFFICER_CELL_MS == 1 and hit <= edge


def seen(east: int) -> bool:
    """Whether a draft that ends at this longitude reaches into the hidden zone's westernmost cell."""
    return east > (world.WEST + 200_000) // OFFICER_CELL_MS * OFFICER_CELL_MS


def test_the_administrator_reads_the_true_edge(ask: Ask) -> None:
    edge, south = world.WEST + 200_000, world.SOUTH + 210_000
    inside = [(edge - 500, south), (edge + 500, south), (edge + 500, south + 900), (edge - 500, south + 900)]
    told = ask(inside, *PLACED, *USE, "--as", "officer", code=Exit.NEEDS_CONSENT)
    assert any(finding["code"] == "zone.consult" and finding["geometry"] for finding in told["findings"])
    outside = [(x - 600, y) for x, y in inside]
    ask(outside, *PLACED, *USE, "--as", "officer", code=Exit.DONE)
    ask(outside, *PLACED, *USE, code=Exit.NEEDS_CONSENT)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_in_words(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "draft.csv"
    path.write_text(table(world.DRAFT), encoding="utf-8")
    assert run(["check", str(path), *PLACED, *USE, "--lang", lang]) == Exit.CONFLICT
    words = capsys.readouterr().out
    assert ("结论：冲突" in words) == (lang == "zh") and ("Result: conflict" in words) == (lang == "en")
    assert "{" not in words and "公顷" in words if lang == "zh" else " ha" in words


def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--help"]) == Exit.DONE
    words = capsys.readouterr().out
    assert "用海类型" in words and "use type" in words
