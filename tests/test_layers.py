"""Who may import whom (docs/architecture.md), proved by import-linter on the real imports, with no ignored line."""

from __future__ import annotations

import tomllib
from pathlib import Path

from click.testing import CliRunner
from importlinter.cli import lint_imports_command

ROOT = Path(__file__).parents[1]


def test_each_room_imports_only_the_rooms_below_it(monkeypatch) -> None:
    """A room that called up once made a law depend on a web framework; moving it cost more than writing it."""
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(lint_imports_command, ["--no-cache"])
    assert done.exit_code == 0, done.output


def test_no_import_is_excused() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["type"] for contract in contracts].count("layers") == 1
    for contract in contracts:
        assert not contract.get("ignore_imports")
    (layers,) = [contract for contract in contracts if contract["type"] == "layers"]
    assert layers["layers"] == ["api", "approvals | maps", "parcels", "marine", "data"]
