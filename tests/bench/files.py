"""The benches' own data: made from a seed once, kept under `.haiyu/bench`, and held against the fingerprints on record."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.common import fingerprint, read

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".haiyu" / "bench"
FULL = 1_000_000

# What the seeds give for 1,000,000 units and 10,000 drafts, whatever machine draws them.
FINGERPRINTS = {
    "units": "748997f3ab772479097747834a1d5074e980934ea378b0f98e2b324c1afc06a0",
    "drafts": "cd0ee74d94c35cd4ec23e651f03b0155f005a8a031d43dc2365118a25c663834",
    "planning_zones": "370ea032a853a5ac3774512a9df7890ae6651b799887765e120020e6ad01a7df",
    "sea_limits": "88573376c01ce2289acee4f7fa75350b3e1fd3190c6b674c25dcb83ddb9385fc",
    "ecological_red_line": "a4caed0fa85036d84545352e8ac9467fa21666129634ae4cf1136a66c75bcd26",
    "coastal_protection": "265696a07d196195d31a9f8a80373c914f591a767359a648981927bf9ebbea81",
    "fairways": "f5c9207d0830232836bacc9f259adb22714f2a2a1cfe3f72ac4decf2d13b01b5",
    "anchorages": "a3d5a21f385a35c224518f9eac4c99208792a550f23e5e29d3ae87f41b8092f0",
    "military_zones": "e9ff0dd74b1a8b6c6bed93581d75506ca9d45798a3b666f6f0a402bf3ee2aeb7",
    "no_aquaculture": "3011866ddffe081f7009a0364539010eaabbc19528261cf996489938ac29d7b7",
    "limited_aquaculture": "0633b4507b5bf26fb26f69367766a10576a809328fc6e0f4a1b033f9f222c391",
    "submarine_cables": "a9d2492f4d9ffd44444e2b192a3fb86358ba34f01f343e202684d4305c020db9",
}
ZONE_LAYERS = tuple(name for name in FINGERPRINTS if name not in ("units", "drafts"))


def make(units: int) -> dict[str, Path]:
    """The files for so many units, drawn where they are missing."""
    folder = HOME / str(units)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {
        "units": folder / "units.parquet",
        "drafts": folder / "drafts.gpkg",
        "zones": HOME / "zones.gpkg",
        "expected": folder / "expected.csv",
    }
    drafts = min(10_000, units // 10)
    for name, arguments in (
        ("units", ["gen_units", str(units), str(paths["units"])]),
        ("drafts", ["gen_drafts", str(paths["units"]), str(drafts), str(paths["drafts"])]),
        ("zones", ["gen_zones", str(paths["zones"])]),
        ("expected", ["expected_checks", str(paths["units"]), str(paths["drafts"]), str(paths["expected"])]),
    ):
        if not paths[name].exists():
            print(f"drawing {name} …", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.bench.{arguments[0]}", *arguments[1:]], check=True, cwd=ROOT)
    return paths


def verify(paths: dict[str, Path], units: int) -> None:
    """Refuse to measure on other data than what is on record; only the full size has a record."""
    wanted: dict[str, Any] = {name: (paths["zones"], name) for name in ZONE_LAYERS}
    if units == FULL:
        wanted |= {"units": (paths["units"], None), "drafts": (paths["drafts"], None)}
    marker = HOME / f"verified-{units}"
    if marker.exists():
        return
    for name, (path, layer) in wanted.items():
        found = fingerprint(read(str(path), layer))
        if found != FINGERPRINTS[name]:
            raise SystemExit(f"{name}: fingerprint {found}, on record {FINGERPRINTS[name]}")
    marker.touch()
