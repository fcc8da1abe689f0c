"""`haiyu account` and `haiyu permissions` through the command line: what they do, say, refuse and record."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import text

from api.cli import run
from api.people import passwords
from api.permissions import packaged_permissions
from tests.support.databases import Database

ROOT = Path(__file__).parents[3]
Ask = Callable[..., dict[str, Any]]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def ask(
    own_people: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Run a command with `--json`; its answer, held against its schema and exit code. `typed` stands on standard input."""
    monkeypatch.setenv("DATABASE_URL", own_people.app_url)
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))

    def asked(*arguments: str, code: int = 0, typed: str = "", shape: str | None = None) -> dict[str, Any]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        assert run([*arguments, "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        name = shape or ("error" if code else arguments[0])
        schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(told)
        return told

    return asked


def test_a_first_administrator_is_made_on_the_machine(ask: Ask, own_people: Database) -> None:
    told = ask(
        "account", "add", "Zhou.Min", "--name", "周敏", "--password-stdin", "--role", "window", "--place", "371082",
        "--role", "administrator", typed=f"{PASSWORD}\nsecond line\n",
    )["account"]  # fmt: skip
    assert (told["login"], told["has_password"], told["sample"]) == ("zhou.min", True, False)
    assert [(post["role"], post["place"] and post["place"]["code"]) for post in told["posts"]] == [
        ("window", "371082"),
        ("administrator", None),
    ]
    with own_people.sessions()() as session:
        kept = session.execute(text("SELECT password_hash FROM account WHERE login = 'zhou.min'")).scalar_one()
        kinds = session.execute(
            text("SELECT kind FROM event WHERE stream LIKE 'user_administration:%' ORDER BY id DESC LIMIT 3")
        )
        assert [row.kind for row in kinds] == ["account.post_given", "account.post_given", "account.made"]
    assert passwords.matches(PASSWORD, kept) and not passwords.matches(f"{PASSWORD}\n", kept)


def test_posts_are_given_and_taken_back(ask: Ask) -> None:
    ask("account", "add", "zhou.min", "--name", "周敏")
    given = ask(
        "account",
        "post",
        "zhou.min",
        "--role",
        "planner",
        "--place",
        "371083",
        "--from",
        "2026-01-01",
        "--to",
        "2099-12-31",
    )
    (post,) = given["account"]["posts"]
    assert (post["from"], post["to"], post["place"]["name"]) == ("2026-01-01", "2099-12-31", "乳山市")
    assert (
        ask("account", "post", "zhou.min", "--role", "planner", "--place", "371083", code=11)["error"]["code"]
        == "account.post_held"
    )
    assert ask("account", "unpost", "zhou.min", "--role", "planner", "--place", "371083")["account"]["posts"] == []
    assert (
        ask("account", "unpost", "zhou.min", "--role", "planner", code=11)["error"]["code"] == "account.post_not_held"
    )


def test_a_password_is_set_and_an_account_disabled(ask: Ask, own_people: Database) -> None:
    ask("account", "add", "zhou.min", "--name", "周敏")
    assert not ask("account", "list")["accounts"][-1]["has_password"]
    assert ask("account", "password", "zhou.min", "--password-stdin", typed=PASSWORD)["account"]["has_password"]
    assert ask("account", "disable", "zhou.min")["account"]["disabled"]
    assert ask("account", "disable", "zhou.min", code=11)["error"]["code"] == "account.is_disabled"
    assert [row["login"] for row in ask("account", "list")["accounts"] if row["disabled"]] == ["zhou.min"]
    assert not ask("account", "enable", "zhou.min")["account"]["disabled"]
    assert ask("account", "enable", "zhou.min", code=11)["error"]["code"] == "account.is_enabled"


@pytest.mark.parametrize(
    ("arguments", "code", "refused"),
    [
        (["add", "sample.oyster", "--name", "张"], 11, "account.login_taken"),
        (["add", "张", "--name", "张"], 2, "account.login_malformed"),
        (["add", "zhou.min", "--name", "周", "--role", "window", "--place", "999999"], 2, "problems.place_unknown"),
        (["add", "zhou.min", "--name", "周", "--place", "371082"], 2, "cli.wrong_usage"),
        (["add", "zhou.min", "--name", "周", "--password-stdin"], 2, "account.password_length"),
        (["post", "nobody.here", "--role", "window"], 2, "account.not_found"),
        (["post", "sample.oyster", "--role", "king"], 2, "cli.wrong_usage"),
        (
            ["post", "sample.oyster", "--role", "administrator", "--place", "371082"],
            2,
            "account.administrator_everywhere",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    ask: Ask, own_people: Database, arguments: list[str], code: int, refused: str
) -> None:
    assert ask("account", *arguments, code=code, typed="short\n")["error"]["code"] == refused
    with own_people.sessions()() as session:
        assert session.execute(text("SELECT count(*) FROM account WHERE NOT is_sample")).scalar_one() == 0


def test_the_list_reads_well(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["account", "list", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "sample.window.371082  周示例  Window officer@Rongcheng  [sample]  [no password]" in told
    assert "sample.administrator  朱示例  Administrator@everywhere" in told


def test_the_table_of_permissions_is_told_whole(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask("permissions")
    rows = packaged_permissions().rows
    assert {each["act"] for each in told["acts"]} == set(rows) and set(told["roles"]) == set(
        packaged_permissions().roles
    )
    for lang, name in (("zh", "请求签署验证码"), ("en", "Ask for the code to sign")):
        assert run(["permissions", "--lang", lang]) == 0
        (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("case.sign.ask "))
        assert line.split()[1:11] == ["-", "own", *["-"] * 8] and line.endswith(name)
