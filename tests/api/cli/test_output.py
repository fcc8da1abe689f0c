"""api.cli: one exit code each, JSON alone on standard output, every error in a known shape and both languages."""

from __future__ import annotations

import ast
import json
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import click
import pytest

import api.cli as door
from api.cli import COMMANDS, cli, run
from api.cli.output import REFUSALS, WORST_FIRST, Exit, emit, exit_for, plain, shared_options, worst
from data import messages
from data.answers import Refusal
from marine.findings import Finding, Vertex

ROOT = Path(__file__).parents[3]


def test_the_worst_exit_code_wins_in_every_order() -> None:
    assert [int(code) for code in WORST_FIRST] == [1, 2, 13, 11, 12, 10, 0]
    for one, other in permutations(range(len(WORST_FIRST)), 2):
        assert worst([WORST_FIRST[one], WORST_FIRST[other]]) == WORST_FIRST[min(one, other)]


def test_a_refusal_that_the_table_does_not_know_is_our_fault() -> None:
    assert exit_for(Refusal("never.heard_of")) == Exit.OUR_FAULT
    assert exit_for(Refusal("boundary.snap_first")) == Exit.CONFLICT
    assert all(beginning.endswith((".", "_")) or beginning in messages.catalogue() for beginning in REFUSALS)


def test_every_refusal_that_the_sources_raise_has_its_line_in_the_table() -> None:
    """A refusal nobody thought of came out as our fault, and an applicant waited for a mend that never came."""
    without = set()
    for room in ("api", "approvals", "maps", "parcels", "marine", "data"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and ast.unparse(node.func) == "Refusal"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    code = node.args[0].value
                    without |= set() if any(code.startswith(beginning) for beginning in REFUSALS) else {code}
    assert without == set()


def test_every_command_of_the_house_is_listed_with_help_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert COMMANDS == (
        "serve",
        "work",
        "jobs",
        "demo",
        "db",
        "load",
        "check",
        "sheet",
        "fee",
        "clock",
        "code",
        "rules",
        "account",
        "permissions",
        "issuer",
        "verify",
    )
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)
    assert run(["--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for name in COMMANDS:
        assert messages.text(f"cli.{name}.help", "zh") in told
        assert messages.text(f"cli.{name}.help", "en") in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_json_and_language_and_help_in_both(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert messages.text(f"cli.{name}.help", "zh") in told
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    leaves = list(found.commands.values()) if isinstance(found, click.Group) else [found]
    for leaf in leaves:
        options = {option for parameter in leaf.params for option in parameter.opts}
        assert {"--json", "--lang"} <= options, leaf.name


@click.command("probe")
@click.argument("what")
@shared_options
def probe(what: str, json_wanted: bool, lang: str) -> int:
    """A command that does whatever can happen to a command."""
    if what == "refuse":
        raise Refusal(
            "boundary.snap_first",
            [Finding(code="ground.done", at=Vertex(0, 17))],
            choices=["a"],
            missing=["calendar.2027"],
            area_m2=Decimal("1.5"),
        )
    if what == "fail":
        raise ZeroDivisionError("so it goes")
    if what == "consent":
        emit({"grade": "needs_consent"}, "text", json_wanted)
        return Exit.NEEDS_CONSENT
    emit({"ha": Decimal("0.1106"), "from": date(2027, 1, 1)}, f"text {lang}", json_wanted)
    return Exit.DONE


@pytest.fixture
def _probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.LazyCommands, "get_command", lambda self, ctx, name: probe if name == "probe" else None)


@pytest.mark.usefixtures("_probe")
def test_json_is_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "done", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ha": 0.1106, "from": "2027-01-01"}
    assert run(["probe", "done", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "text en\n"
    assert run(["probe", "consent"]) == 10


@pytest.mark.usefixtures("_probe")
def test_a_refusal_tells_what_would_answer_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "refuse", "--json"]) == 11
    told = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], told["choices"], told["missing"]) == (11, ["a"], ["calendar.2027"])
    assert told["error"]["code"] == "boundary.snap_first"
    assert set(told["error"]["message"]) == {"zh", "en"}
    assert told["error"]["findings"][0]["at"]["vertex"] == 17


@pytest.mark.usefixtures("_probe")
def test_our_own_fault_is_located_and_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "fail"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "test_output.py:" in err
    assert "本系统出错" in err
    assert "our fault" in err
    assert run(["probe", "fail", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["facts"]["kind"] == "ZeroDivisionError"


@pytest.mark.usefixtures("_probe")
@pytest.mark.parametrize(
    "line", [["nothing"], ["probe"], ["probe", "done", "--odd"], ["probe", "done", "--lang", "fr"]]
)
def test_wrong_usage_is_two_in_text_and_in_json(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line) == 2
    assert capsys.readouterr().out == ""
    assert run([*line, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "cli.wrong_usage"


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (
            "clock --from tomorrow --days 8",
            "--from 不对：'tomorrow': YYYY-MM-DD",
            "--from is wrong: 'tomorrow': YYYY-MM-DD",
        ),
        ("check absent.csv --from tomorrow", "--from 要写成", "--from needs a day"),
        ("clock --from 2026-09-24 --days -1", "--days 要是这个范围内的数：0 … ", "--days needs a number within 0 … "),
        ("clock --days 8", "缺 --from", "--from is missing"),
        ("clock --odd", "没有选项 --odd", "there is no option --odd"),
        ("check absent.csv", "没有这个文件", "there is no such file"),
        ("check absent.csv --axis xy", "--axis 可写：lonlat, latlon", "--axis may be: lonlat, latlon"),
        ("code build --county 371082 --zone 1 --subzone 002 --sequence 17", "应为 3 位数字", "3 digits"),
    ],
)
def test_wrong_usage_is_told_in_the_language_of_the_reader(
    line: str, zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, wanted, other in (("zh", zh, en), ("en", en, zh)):
        assert run([*line.split(), "--lang", lang]) == Exit.WRONG_USAGE
        told = capsys.readouterr()
        assert told.out == "" and wanted in told.err and other not in told.err
    assert run([*line.split(), "--json"]) == Exit.WRONG_USAGE
    message = json.loads(capsys.readouterr().out)["error"]["message"]
    assert zh in message["zh"] and en in message["en"]


def test_json_of_any_size_is_the_same_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Long answers are written on one line, short ones indented; both say the same."""
    for count in (3, 100_000):
        emit({"points": [{"number": number} for number in range(count)]}, "", True)
        written = capsys.readouterr().out
        assert json.loads(written)["points"][-1] == {"number": count - 1}
        assert written.endswith("}\n") and (written.count("\n") > 1) == (count == 3)


def test_numbers_of_every_kind_stay_numbers() -> None:
    import numpy

    told = plain(
        {
            "a": Decimal("12"),
            "b": Decimal("12.50"),
            "c": numpy.float64(1.5),
            "d": numpy.arange(2),
            "e": frozenset({2, 1}),
            "f": Exit.CONFLICT,
        }
    )
    assert json.dumps(told) == '{"a": 12, "b": 12.5, "c": 1.5, "d": [0, 1], "e": [1, 2], "f": 11}'
