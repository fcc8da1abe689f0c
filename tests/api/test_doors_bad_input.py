"""Anything a person may upload by mistake, through both public doors: a located message in two languages, and nothing left behind.

How each kind is recognised is tested where it lives (`tests/parcels/readers`, `tests/marine`); here the promise of issue 3 is kept
once per kind: the exit code and the status, the same code at both doors, the place of the fault, both languages, and after it no
file in the temporary folder or the home, and no row in the database.
"""

from __future__ import annotations

import io
import json
import math
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyproj
import pytest
import shapefile
from sqlalchemy import text

from api.cli import run
from api.cli.output import Exit
from api.cli.rooms import all_metadata
from parcels.readers.webmaps import to_gcj02
from tests.api import world
from tests.api.client import TestClient
from tests.support import databases

Ring = list[tuple[float, float]]
DEGREE = 3_600_000
WEST, SOUTH = (world.WEST + 100_000) / DEGREE, (world.SOUTH + 100_000) / DEGREE
SQUARE: Ring = [(WEST, SOUTH), (WEST + 0.004, SOUTH), (WEST + 0.004, SOUTH + 0.003), (WEST, SOUTH + 0.003)]
USE = {"type": "13", "mode": "41", "from": "2027-01-01", "to": "2041-12-31"}


@dataclass(frozen=True)
class Bad:
    """One bad input: the file, the choices sent with it, and what must be said. `where` are facts that locate the fault."""

    kind: str
    data: Callable[[], bytes]
    code: str
    where: dict[str, Any] = field(default_factory=dict)
    name: str = "parcel.csv"
    choices: dict[str, str] = field(default_factory=lambda: {"crs": "EPSG:4490"})
    exit: Exit = Exit.REFUSED_FILE
    at: int | None = None


def table(ring: Ring, header: str = "点号,经度,纬度") -> bytes:
    rows = [f"{number},{x:.9f},{y:.9f}" for number, (x, y) in enumerate(ring, 1)]
    return "\n".join([header, *rows]).encode()


def geojson(*rings: Ring, **more: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
        for ring in rings
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def layer(prj: str | None, keep: int | None = None) -> bytes:
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON) as writer:
        writer.field("name", "C")
        writer.poly([[list(point) for point in [*SQUARE, SQUARE[0]]]])
        writer.record("raft")
    files = {"raft.shp": shp.getvalue()[:keep], "raft.shx": shx.getvalue(), "raft.dbf": dbf.getvalue()}
    return zipped(files | ({"raft.prj": prj.encode()} if prj is not None else {}))


def bomb() -> bytes:
    return zipped({"raft.shp": b"\0" * (300 << 20), "raft.shx": b"\0", "raft.dbf": b"\0"})


def workbook(first: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["点号", "经度", "纬度"])
    for number, (x, y) in enumerate(SQUARE, 1):
        sheet.append([number, first if number == 1 else x, y])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def metres() -> Ring:
    into = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
    return [into.transform(*point) for point in SQUARE]


def moved(east: float, north: float) -> Ring:
    return [(x + east, y + north) for x, y in SQUARE]


def drawn_on_a_web_map() -> bytes:
    """Sea beside the western shore of the world's land; GCJ-02 moves it some 0.45 km east, onto the land."""
    shore = (world.WEST - 1_200_000) / DEGREE
    at_sea = np.array([(x - WEST + shore - 0.0045, y) for x, y in SQUARE])
    return table([(float(x), float(y)) for x, y in to_gcj02(at_sea)])


A, B, C, D = SQUARE
BAD = [
    Bad("empty", lambda: b"", "file.empty"),
    Bad("truncated json", lambda: geojson(SQUARE)[:120], "json.truncated", {"line": 1}, "a.geojson", {}),
    Bad("truncated zip", lambda: layer("")[:200], "file.zip_damaged", {}, "a.zip", {}),
    Bad("truncated shapefile", lambda: layer(None, 120), "file.shapefile_cut_off", {"part": "raft.shp", "has": 120}, "a.zip"),
    Bad("zip bomb", bomb, "file.zip_bomb", {}, "a.zip", {}),
    Bad("missing crs", lambda: table(SQUARE), "question.crs", choices={}, exit=Exit.MISSING),
    Bad("unknown crs", lambda: layer("PROJCS[no"), "crs.unknown", {}, "a.zip", {}),
    Bad("old datum", lambda: layer(pyproj.CRS(4214).to_wkt("WKT1_ESRI")), "crs.datum_needs_parameters", {}, "a.zip", {}),
    Bad("wrong crs", lambda: geojson(metres(), crs=None), "question.crs", {}, "a.geojson", {}, Exit.MISSING),
    Bad("degrees as metres", lambda: table(SQUARE), "crs.values_are_degrees", {"feature": 1}, choices={"crs": "gk:122.5"}),
    Bad("metres as degrees", lambda: table(metres()), "crs.angle_too_large", {"point": 1}),
    Bad("mixed crs", lambda: geojson(SQUARE, metres()), "crs.mixed", {"feature": 2, "point": 1}, "a.geojson", {}),
    Bad("one row in metres", lambda: table([A, B, metres()[2], D]), "crs.angle_too_large", {"point": 3}),
    Bad("swapped axes", lambda: table([(y, x) for x, y in SQUARE]), "crs.axis_header_wrong", exit=Exit.DONE),
    Bad("swapped geojson", lambda: geojson([(y, x) for x, y in SQUARE]), "crs.axis_swapped", {}, "a.geojson", {}, Exit.DONE),
    Bad("one row swapped", lambda: table([A, B[::-1], C, D]), "crs.axis_mixed", {"point": 2}),
    Bad("self-crossing", lambda: table([A, C, B, D]), "ring.crosses_itself", {"other": 3}, at=0),
    Bad("duplicate points", lambda: table([A, B, B, C, D]), "ring.repeats_left_out", {"point": 3}, exit=Exit.DONE),
    Bad("two numbers twice", lambda: table(SQUARE).replace(b"\n2,", b"\n1,"), "numbers.twice", {"point": 1}, at=1),
    Bad("spike", lambda: table([A, B, (WEST + 0.004, SOUTH + 0.02), C, D]), "ring.spike", {"point": 3}, at=2),
    Bad("unclosed", lambda: geojson(SQUARE).replace(f", [{A[0]}, {A[1]}]]".encode(), b"]"), "ring.left_open", {"feature": 1}, "a.geojson", {}, Exit.DONE),
    Bad("zero area", lambda: table([A, B, (WEST + 0.009, SOUTH)]), "ring.zero_area", {"point": 1}, at=0),
    Bad("two points", lambda: table([A, B]), "ring.too_few", {"count": 2}, at=0),
    Bad("on land", lambda: table(moved(-0.25, 0)), "land.on_land", exit=Exit.CONFLICT),
    Bad("web map", drawn_on_a_web_map, "crs.shift_suspected", {"origin": "gcj02"}, exit=Exit.CONFLICT),
    Bad("outside the sea area", lambda: table(moved(1.0, 0.5)), "not_judged.place", exit=Exit.MISSING),
    Bad("wrong encoding", lambda: "点号,经度,纬度\n".encode("gbk") + b"\xff\xfe\xff" + table(SQUARE)[20:], "file.encoding_unknown", {"line": 2}),
    Bad("formula", lambda: workbook("=1+1"), "table.formula_without_value", {"cell": "B2"}, "a.xlsx"),
    Bad("formula in csv", lambda: table(SQUARE).replace(f"{WEST:.9f}".encode(), b"=1+1", 1), "table.cell_unreadable", {"row": 2}),
]  # fmt: skip


def told_by_cli(
    bad: Bad, folder: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and everything said: findings, refusals and questions."""
    path = folder / bad.name
    path.write_bytes(bad.data())
    options = [part for name, value in (bad.choices | USE).items() for part in (f"--{name}", value)]
    code = run(["check", str(path), *options, "--lang", lang, "--json"])
    path.unlink()
    told = json.loads(capsys.readouterr().out)
    if "error" in told:
        assert told["exit_code"] == code
        said = [told["error"], *told["error"]["findings"]]
        return code, [{**each, "text": each["message"][lang]} for each in said]
    assert told["exit_code"] == code
    return code, [*told["reading"], *told["findings"], *told["not_judged"], *told["choices"]]


def told_by_http(bad: Bad, client: TestClient, lang: str) -> tuple[int, list[dict[str, Any]]]:
    """Status and everything said: read the file, then check what was read."""
    speaks = {"accept-language": lang}
    answer = client.post("/api/v1/files", files={"file": (bad.name, bad.data())}, data=bad.choices, headers=speaks)
    told = answer.json()
    if answer.status_code != 200:
        return answer.status_code, [{"code": told["code"], "text": told["texts"][lang]["title"]}, *told["findings"]]
    said = [*told["questions"], *told["findings"], *(each for shape in told["shapes"] for each in shape["findings"])]
    for shape in told["shapes"]:
        if shape["geometry"]:
            asked = {"boundary": {name: shape["geometry"][name] for name in ("exterior", "holes")}, **USE}
            report = client.post("/api/v1/checks", json=asked, headers=speaks).json()
            said += [*report["findings"], *report["not_judged"]]
    return answer.status_code, said


def left_behind(database: databases.Database, *folders: Path) -> tuple[dict[str, int], list[str]]:
    """Rows of every table, and every file and folder under the given ones."""
    with database.sessions("owner")() as session:
        rows = {
            name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in all_metadata().tables
        }
    return rows, sorted(str(path) for folder in folders for path in folder.rglob("*"))


@pytest.fixture
def nothing_stays(filled: databases.Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Temporary folder and home of both doors, and the database behind them, are as before when the test is over."""
    home, scratch, given = tmp_path / "home", tmp_path / "scratch", tmp_path / "given"
    for folder in (home, scratch, given):
        folder.mkdir()
    monkeypatch.setenv("DATABASE_URL", filled.app_url)
    monkeypatch.setenv("HAIYU_HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = left_behind(filled, home, scratch, given)
    yield given
    assert left_behind(filled, home, scratch, given) == before


def one(said: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The message of that code; fails with all that was said instead."""
    found = [each for each in said if each["code"] == code]
    assert found, [each["code"] for each in said]
    return found[-1]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.kind)
def test_the_command_line_says_where_in_both_languages_and_keeps_nothing(
    bad: Bad, nothing_stays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told_by_cli(bad, nothing_stays, capsys, "zh")
    message = one(said, bad.code)
    assert code == bad.exit
    assert {name: message["facts"][name] for name in bad.where} == bad.where
    assert bad.at is None or (message["at"]["vertex"] == bad.at and message["at"]["lon_ms"])
    again, told = told_by_cli(bad, nothing_stays, capsys, "en")
    english = one(told, bad.code)["text"]
    assert again == code and english and message["text"] and english != message["text"]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.kind)
def test_http_says_the_same_and_keeps_nothing(bad: Bad, nothing_stays: Path, client: TestClient) -> None:
    status, said = told_by_http(bad, client, "zh")
    message = one(said, bad.code)
    # A fault of one ring is told with the reading, so that the page can show it at its vertex.
    assert status == (422 if bad.exit == Exit.REFUSED_FILE and bad.at is None else 200)
    assert {name: message["facts"][name] for name in bad.where} == bad.where
    assert bad.at is None or message["at"]["vertex"] == bad.at
    english = one(told_by_http(bad, client, "en")[1], bad.code)["text"]
    assert english and message["text"] and english != message["text"]


def test_a_huge_file_is_refused_by_its_size(
    nothing_stays: Path, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    huge = Bad("huge", lambda: b"1" * (65 << 20), "file.too_large")
    code, said = told_by_cli(huge, nothing_stays, capsys, "en")
    assert code == Exit.REFUSED_FILE and one(said, "file.too_large")["facts"]["limit"] == 64
    status, said = told_by_http(huge, client, "zh")
    assert status == 413 and one(said, "problems.too_large")["text"]


def test_of_thousands_of_features_one_is_asked_for_and_checked(
    nothing_stays: Path, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    many = geojson(*([(x + n * 1e-5, y) for x, y in SQUARE] for n in range(3_000)))
    status, said = told_by_http(Bad("many", lambda: many, "", name="a.geojson", choices={}), client, "en")
    assert status == 200 and one(said, "page.question.parcel")["facts"]["count"] == 3_000
    chosen = Bad("one of many", lambda: many, "", name="a.geojson", choices={"parcel": "2999"})
    assert one(told_by_http(chosen, client, "en")[1], "zone.inform")["grade"] == "compatible"
    code, said = told_by_cli(chosen, nothing_stays, capsys, "en")
    assert code == Exit.DONE and one(said, "zone.inform")["grade"] == "compatible"


def test_many_parcels_are_told_one_by_one_with_json_alone_beside_the_bar(
    nothing_stays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bar of long work goes to standard error; the worst parcel gives the exit code, and a crossing one hides no other."""
    path = nothing_stays / "a.geojson"
    path.write_bytes(geojson(*[SQUARE] * 24, [A, C, B, D]))
    code = run(["check", str(path), *(part for name, value in USE.items() for part in (f"--{name}", value)), "--json"])
    path.unlink()
    told = json.loads(capsys.readouterr().out)
    assert [each["exit_code"] for each in told["parcels"]] == [Exit.DONE] * 24 + [Exit.REFUSED_FILE]
    assert code == told["exit_code"] == Exit.REFUSED_FILE
    assert told["parcels"][24]["error"]["findings"][0]["code"] == "ring.crosses_itself"


def round_shore(count: int) -> Ring:
    """A ring of so many points that crosses nothing."""
    turns = [2 * math.pi * n / count for n in range(count)]
    return [(WEST + 0.02 * math.cos(turn), SOUTH + 0.016 * math.sin(turn)) for turn in turns]


def test_a_hundred_thousand_vertices_are_settled(nothing_stays: Path, client: TestClient) -> None:
    answer = client.post("/api/v1/files", files={"file": ("a.geojson", geojson(round_shore(100_000)))})
    (shape,) = answer.json()["shapes"]
    assert len(shape["geometry"]["points"]) > 90_000 and 980 < float(shape["geometry"]["area_ha"]) < 1_000


def test_a_hundred_thousand_vertices_in_a_tangle_are_refused_and_not_worked_on(
    nothing_stays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three thousand points in no order once kept a server busy for minutes: their crossings grow with the square."""
    points = round_shore(100_000)
    tangled = Bad("tangle", lambda: table([points[n * 31_607 % 100_000] for n in range(100_000)]), "")
    code, said = told_by_cli(tangled, nothing_stays, capsys, "en")
    assert code == Exit.REFUSED_FILE and one(said, "ring.crosses_itself")["at"]["lon_ms"]
