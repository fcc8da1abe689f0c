"""Who may import whom (docs/architecture.md), proved by import-linter on the real imports, with no ignored line."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_each_room_imports_only_the_rooms_below_it() -> None:
    """A room that called up once made a law depend on a web framework; moving it cost more than writing it."""
    # A process of its own: the command configures logging, and every logger made before falls silent for the tests after.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_is_excused() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["type"] for contract in contracts].count("layers") == 1
    for contract in contracts:
        assert not contract.get("ignore_imports")
    (layers,) = [contract for contract in contracts if contract["type"] == "layers"]
    assert layers["layers"] == ["api", "approvals | maps", "parcels", "marine", "data"]
