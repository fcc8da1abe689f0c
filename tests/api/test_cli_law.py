"""The commands fee, clock and code through their public door: JSON by its schema, exit codes, words, and no database."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.cli import run
from api.cli.output import Exit
from data import overlay
from data.actors import Actor
from data.rulebook import Entry, packaged
from data.store import engine_for, sessions

ROOT = Path(__file__).parents[2]
FEE = "fee --mode 23 --place 371082 --hectares 10 --from 2027-01-01 --years 1"
CLOCK = "clock --from 2026-09-24 --days 8"
BUILD = "code build --county 371082 --zone 001 --subzone 002 --sequence 17"


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation that has no database yet."""
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def told(capsys: pytest.CaptureFixture[str], line: str, code: int = Exit.DONE) -> dict[str, Any]:
    """The JSON of a command line, checked against its schema and its exit code."""
    assert run([*line.split(), "--json"]) == code
    captured = capsys.readouterr()
    answer: dict[str, Any] = json.loads(captured.out)
    assert captured.err == ""
    schema = json.loads((ROOT / "docs" / "schemas" / f"{line.split()[0]}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(answer)
    return answer


def test_the_fee_of_a_pier_in_rongcheng(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, FEE)
    assert answer["total_yuan"] == 323000
    (line,) = answer["lines"]
    assert (line["rate_wan_per_ha"], line["grade"], line["yuan"]) == (3.23, 3, 323000)
    assert line["basis"][0]["cite"] == packaged().values("fee.rate", mode="23", grade=3)[-1].origin.cite
    assert line["confidence"] == "h"
    assert (answer["missing"], answer["place"]["zh"]) == ([], "荣成市")
    assert answer["rules_source"] == "packaged"
    assert answer["rules"] == packaged().hash


def test_a_fee_without_a_known_rate_has_no_total_and_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, FEE.replace("23", "41", 1), Exit.MISSING)
    assert answer["total_yuan"] is None
    assert answer["missing"] == ["fee.rate.41.3"]
    assert answer["choices"][0]["option"] is None
    assert "管理员" in answer["choices"][0]["message"]["zh"]


def test_a_choice_says_which_option_answers_it_and_the_option_does(capsys: pytest.CaptureFixture[str]) -> None:
    line = FEE.replace("--mode 23", "--mode 11")
    (choice,) = told(capsys, line, Exit.MISSING)["choices"]
    assert (choice["option"], choice["values"]) == ("--fee-mode", ["11-industry", "11-town"])
    assert told(capsys, f"{line} {choice['option']} {choice['values'][0]}")["total_yuan"] == 19_000_000


def test_a_grade_that_the_book_lacks_is_asked_for_and_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    line = FEE.replace("371082", "330902")
    (choice,) = told(capsys, line, Exit.MISSING)["choices"]
    assert choice["option"] == "--grade"
    answer = told(capsys, f"{line} --grade 2")
    assert answer["total_yuan"] == 393_000
    assert answer["lines"][0]["basis"][-1]["seen"] == "stated"


def test_an_old_place_code_is_answered_by_the_present_one(capsys: pytest.CaptureFixture[str]) -> None:
    (choice,) = told(capsys, FEE.replace("371082", "371081"), Exit.MISSING)["choices"]
    assert (choice["option"], choice["values"]) == ("--place", ["371003"])
    old = FEE.replace("371082", "371081").replace("2027-01-01", "2013-01-01") + " --grade 4"
    assert told(capsys, old)["total_yuan"] == 165_000


def test_several_units_make_one_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    line = "fee --mode 21 --hectares 0.0147 --mode 23 --hectares 0.0178 --mode 31 --hectares 0.0781"
    answer = told(capsys, f"{line} --place 371082 --from 2027-01-01 --years 1")
    assert answer["total_yuan"] == 23163.83
    assert [each["unit"] for each in answer["lines"]] == [0, 1, 2]


def test_relief_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, f"{FEE} --relief public_facility --decision 示例1号 --share 50")
    assert (answer["total_yuan"], answer["lines"][-1]["yuan"]) == (161_500, -161_500)
    answer = told(capsys, f"{FEE} --relief public_facility", Exit.MISSING)
    assert answer["choices"][0]["option"] == "--decision"


def test_the_clock_over_national_day(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, CLOCK)
    assert (answer["finish"], answer["provisional_finish"]) == ("2026-10-13", None)
    assert answer["days"][0] == {"date": "2026-09-24", "label": "start", "counted": False, "name": None}
    assert sum(day["counted"] for day in answer["days"]) == 8
    assert {"date": "2026-10-10", "label": "makeup_workday", "counted": True, "name": None} in answer["days"]


def test_the_clock_beyond_the_last_known_year(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "clock --from 2026-12-28 --days 8", Exit.MISSING)
    assert (answer["finish"], answer["provisional_finish"]) == (None, "2027-01-08")
    assert answer["missing"] == ["calendar.2027"]


def test_a_day_is_left_out_only_by_a_ground_that_the_law_names(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "clock --from 2026-03-05 --days 5 --exclude 2026-03-09..2026-03-10=expert_review")
    assert answer["finish"] == "2026-03-16"
    assert (
        run(["clock", "--from", "2026-03-05", "--days", "5", "--exclude", "2026-03-09..2026-03-10=holiday_mood"]) == 2
    )


def test_a_code_is_built_and_parsed_back(capsys: pytest.CaptureFixture[str]) -> None:
    built = told(capsys, BUILD)
    assert built["parcel_code"] == "371082001002GH00017"
    assert built["unit_code"] == "371082001002GH00017W00000000"
    assert built["display"] == "371082 001002 GH00017 W00000000"
    for written in (built["unit_code"], built["display"]):
        parsed = told(capsys, f"code parse {written}")
        assert {name: parsed[name] for name in ("parcel_code", "unit_code", "display", "parts", "place")} == {
            name: built[name] for name in ("parcel_code", "unit_code", "display", "parts", "place")
        }
    assert told(capsys, f"code parse {built['parcel_code']}")["unit_code"] is None


def test_a_statistical_code_is_not_used_for_a_parcel(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, BUILD.replace("371082", "371072"), Exit.MISSING)
    assert answer["parcel_code"] is None
    assert answer["choices"][0]["values"] == ["371002"]


def test_a_code_of_old_certificates_is_read_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "code parse 371081001002GH00017")
    assert answer["place"]["zh"] == "文登区"
    assert answer["findings"][0]["code"] == "code.county_former"
    built = told(capsys, BUILD.replace("371082", "371081"), Exit.MISSING)
    assert built["choices"][0]["values"] == ["371003"]


def test_a_code_that_cannot_be_is_refused_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["code", "parse", "37108200100OGH00017", "--json"]) == Exit.REFUSED_FILE
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["facts"]) == ("code.form", {"at": 12})


@pytest.mark.parametrize(
    "line",
    [
        FEE.replace("--mode 23", "--mode 99"),
        FEE.replace("--mode 23", "--mode 2"),
        FEE.replace("--hectares 10", "--hectares -1"),
        FEE.replace("--hectares 10", "--hectares nan"),
        FEE.replace("--hectares 10", "--hectares ten"),
        FEE.replace("371082", "Rongcheng"),
        FEE.replace("--years 1", ""),
        FEE + " --to 2027-12-31",
        FEE.replace("--years 1", "--to 2026-12-31"),
        FEE + " --mode 31",
        FEE + " --relief kindness",
        FEE + " --fee-mode 99",
        FEE.replace("2027-01-01", "2027-02-30"),
        FEE.replace("2027-01-01", "20270101"),
        FEE.replace("2027-01-01", "9999-12-31"),
        CLOCK.replace("2026-09-24", "0001-01-01"),
        CLOCK.replace("8", "-1"),
        CLOCK.replace("2026-09-24", "yesterday"),
        CLOCK + " --exclude 2026-03-10..2026-03-09=hearing",
        CLOCK + " --exclude someday=hearing",
        BUILD.replace("001", "1"),
        BUILD.replace("17", "0"),
        BUILD + " --feature F",
        "code build",
    ],
)
def test_wrong_usage_is_exit_2(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert run(line.split()) == Exit.WRONG_USAGE


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("line", [FEE, FEE.replace("23", "41", 1), CLOCK, "clock --from 2026-12-28 --days 8", BUILD])
def test_the_same_in_words(capsys: pytest.CaptureFixture[str], line: str, lang: str) -> None:
    run([*line.split(), "--lang", lang])
    words = capsys.readouterr().out
    assert words.strip()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in words.splitlines()[0]) == (lang == "zh") or line == BUILD


def test_it_runs_as_a_program_and_starts_no_database(tmp_path: Path) -> None:
    code = "import sys; from api.cli import main; main()"
    environment = {**os.environ, "HAIYU_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", code, *FEE.split(), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, json.loads(done.stdout)["total_yuan"]) == (0, 323000)
    assert list(tmp_path.iterdir()) == []


def test_with_a_database_the_administrators_entry_makes_the_total(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own_database: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    line = FEE.replace("23", "41", 1)
    assert told(capsys, line, Exit.MISSING)["rules_source"] == "database"
    entry = Entry(
        rule="fee.rate",
        keys={"mode": "41", "grade": "3"},
        value=Decimal("0.03"),
        place="371082",
        since=date(2026, 1, 1),
        cite="威海市文件（测试）",
        document="测试.pdf",
    )
    with sessions(engine_for(own_database.app_url, pooled=False)).begin() as session:
        overlay.enter(session, entry, b"%PDF test", actor=Actor.administrator())
    answer = told(capsys, line)
    assert (answer["total_yuan"], answer["rules_source"]) == (3000, "database")
    assert answer["lines"][0]["basis"][0]["cite"] == "威海市文件（测试）"
    assert answer["rules"] != packaged().hash


def test_a_database_that_does_not_answer_leaves_the_packaged_rules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert told(capsys, FEE)["rules_source"] == "packaged"


def test_every_command_line_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    lines = [re.sub(r"\[.*", "", line) for line in page.splitlines() if re.match(r"    haiyu (fee|clock|code) ", line)]
    assert len(lines) == 4
    for line in lines:
        assert run(shlex.split(line)[1:]) == Exit.DONE, line
        assert capsys.readouterr().out
