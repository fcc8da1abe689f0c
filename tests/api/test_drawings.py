"""Sheets of what the register holds, on real PostGIS: the sheet equals the register, and shows what the public may know."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import drawings
from api.drawings import surrounding
from maps import sheets
from marine.boundary import Polygon, settle
from marine.planes import gauss_kruger
from marine.spaces import layers_from_names
from parcels.models import PartyName
from parcels.publishing import ZoneDraft, days
from parcels.register import Band, EndRequest, Share, end_right
from tests.api.drawing_sea import PARCEL, county, drawn, neighbours_drawn, sheet_of, shore
from tests.maps.sheets import drawings as read
from tests.maps.sheets.requests import star
from tests.maps.sheets.test_issued import ISSUED
from tests.maps.sheets.test_sheets import expected_rows, outline, printed_scale, rows
from tests.parcels import builders
from tests.parcels.builders import (
    BOOK,
    OFFICER,
    TODAY,
    build_boundary,
    build_claim,
    build_party,
    build_right,
    ms,
    rectangle,
)
from tests.parcels.checks.sea import World

# --- The sheet is the register -----------------------------------------------------------------------------------------


def test_the_sheet_of_a_registered_parcel_is_what_the_register_holds(session: Session) -> None:
    boundary = build_boundary(rectangle(100, 100, 200, 250), rectangle(200, 100, 300, 250))
    granted = build_right(session, boundary, unit_modes=("41", "33"), name="桑沟湾养殖")
    build_right(session, rectangle(300, 100, 400, 250), holders=(Share(build_party(session, "东邻示例公司")),))
    request = sheet_of(
        session, boundary, unit_modes=("41", "33"), unit_names=("筏架", "围海"), parcel_code=granted.parcel_code,
        issued=ISSUED, exempt_rights=(granted.right_id,),
    )  # fmt: skip
    pdf = drawings.render_pages(request).pdf
    page = read.pages(pdf)[0]

    stored = session.execute(
        text("SELECT b.hash, b.area_ha, b.numbers, b.central_meridian, p.parcel_code FROM parcel p JOIN boundary b ON b.id = p.boundary_id WHERE p.id = :id"),
        {"id": granted.parcel_id},
    ).one()  # fmt: skip
    units = session.execute(
        text("SELECT u.number, u.use_mode, u.area_ha FROM unit u JOIN parcel p ON p.boundary_id = u.boundary_id WHERE p.id = :id ORDER BY u.number"),
        {"id": granted.parcel_id},
    ).all()  # fmt: skip
    numbered = {number: (lat, lon) for lon, lat, number in stored.numbers}
    assert {number: (lat, lon) for number, lat, lon in rows(pdf)} == numbered
    assert rows(pdf)[:5] == expected_rows(boundary)[:5]
    modes = BOOK.codes["use_modes"]
    told = re.findall(r"(筏架|围海) (\S+) (\S+) (\d+\.\d{4})\n", page)
    assert [(mode, Decimal(area)) for _, mode, _, area in told] == [
        (modes[unit.use_mode].zh, unit.area_ha) for unit in units
    ]
    (total,) = re.findall(r"宗海合计 (\S+)", page)
    assert Decimal(total) == stored.area_ha == sum(unit.area_ha for unit in units)
    assert f"宗海代码 {stored.parcel_code}" in page and f"界址指纹 {stored.hash}" in page
    assert f"中央经线 {int(stored.central_meridian)}°30′00″ E" in page
    assert re.search(r"A 东邻示例公司 \d-\d\n", page) and "毗邻宗海取自海域登记簿 2026-11-23" in page
    assert "绘制日期 2026-11-23" in page


@pytest.mark.parametrize("kind", ["boundary", "position"])
def test_the_scale_measured_in_the_drawing_is_the_printed_one(session: Session, kind: Any) -> None:
    shore(World(session))
    boundary = build_boundary(rectangle(*PARCEL))
    made = drawings.render_pages(sheet_of(session, boundary, kind=kind))
    (ring,) = outline(made.pdf)
    metres = shapely.Polygon(gauss_kruger(boundary.central_meridian).to_metres(boundary.parcel.exterior))
    assert printed_scale(made.pdf) == made.scale
    assert shapely.Polygon(ring).length / 1000 * made.scale == pytest.approx(metres.length, rel=1e-3)
    assert shapely.Polygon(ring).area / 1e6 * made.scale**2 == pytest.approx(metres.area, rel=2e-3)


def test_four_hundred_points_take_several_pages_and_all_are_there(session: Session) -> None:
    boundary = star(400)
    granted = build_right(session, boundary)
    made = drawings.render_pages(sheet_of(session, boundary, parcel_code=granted.parcel_code, issued=ISSUED, exempt_rights=(granted.right_id,)))  # fmt: skip
    told = read.pages(made.pdf)
    assert len(told) == made.pages == len(made.svgs) >= 2
    assert rows(made.pdf) == expected_rows(boundary)
    assert all(granted.parcel_code in page and ISSUED.number in page for page in told)


def test_the_same_register_gives_the_same_bytes(session: Session) -> None:
    shore(World(session))
    build_right(session, rectangle(300, 100, 400, 250))
    boundary = build_boundary(rectangle(*PARCEL))
    one, other = (drawings.render_pages(sheet_of(session, boundary, kind="position")) for _ in range(2))
    assert one == other


# --- What the public may know ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["boundary", "position"])
def test_what_is_hidden_leaves_no_trace_on_the_sheet(session: Session, kind: Any) -> None:
    """Whoever compared the sheet of before with that of after would else know where the military zone lies."""
    sea, boundary = World(session), build_boundary(rectangle(*PARCEL))
    shore(sea)
    county(sea, rectangle(-9_000, -9_000, 9_000, 900))
    beside = rectangle(310, 100, 380, 250)
    before = drawings.render_pages(sheet_of(session, boundary, kind=kind, issued=ISSUED))
    assert not neighbours_drawn(before.pdf)

    build_claim(session, beside)
    sea.zone("军事用海", rectangle(0, 0, 320, 90), "consult", layer_disclosure="officer")
    sea.zone("管线", rectangle(0, 255, 320, 300), "inform", layer_disclosure="public", disclosure="officer")
    sea.zone("保密", rectangle(20, 20, 320, 90), "forbid", layer_disclosure="sealed")
    sea.right(rectangle(20, 100, 90, 250), disclosure="officer")
    shore(sea, 400, code="不公开岸线", disclosure="officer")
    reef = ZoneDraft(
        identity="R",
        name_zh="暗礁",
        name_en="Reef",
        effect="none",
        geometry=rectangle(90, 255, 320, 270),
        disclosure="officer",
    )
    sea.layer("公开图层", [reef], kind="land")
    after = drawings.render_pages(sheet_of(session, boundary, kind=kind, issued=ISSUED))
    assert after == before
    words = "".join(read.pages(after.pdf))
    assert not [word for word in ("军事", "保密", "管线", "不公开", "暗礁", "公开图层") if word in words]

    # The same claim once it is published: the test would see it.
    session.execute(text("UPDATE occupation SET known = tstzrange(lower(known), clock_timestamp()) WHERE claim_id IS NOT NULL AND upper_inf(known)"))  # fmt: skip
    sea.claim(beside, disclosure="public")
    shown = drawn(session, boundary, kind=kind, issued=ISSUED)
    assert len(neighbours_drawn(shown)) == 1 and shown != before.pdf


def test_a_claim_under_public_notice_is_drawn_without_a_name(session: Session) -> None:
    boundary = build_boundary(rectangle(*PARCEL))
    build_claim(
        session, rectangle(300, 100, 380, 250), disclosure="public", party_id=build_party(session, "未公开的申请人")
    )
    pdf = drawn(session, boundary)
    page = read.pages(pdf)[0]
    assert len(neighbours_drawn(pdf)) == 1 and "已受理的申请" in page and "未公开的申请人" not in page


def test_only_what_is_held_on_the_day_or_later_is_a_neighbour(session: Session) -> None:
    boundary = build_boundary(rectangle(*PARCEL))
    ended = build_right(session, rectangle(300, 100, 350, 250), first=date(2026, 1, 1), last=date(2030, 12, 31))
    build_right(session, rectangle(50, 100, 100, 250), first=date(2028, 1, 1), last=date(2030, 12, 31))
    assert ended.right_id is not None
    end_right(session, EndRequest(right_id=ended.right_id, ended_on=TODAY, how="cancelled"), actor=OFFICER, now=builders.NOW)  # fmt: skip
    assert len(sheet_of(session, boundary).surroundings.neighbours) == 1
    assert len(sheet_of(session, boundary, day=TODAY - timedelta(days=1)).surroundings.neighbours) == 2


def test_a_case_is_not_its_own_neighbour_nor_is_the_right_that_it_renews(session: Session) -> None:
    boundary = build_boundary(rectangle(*PARCEL))
    right = build_right(session, boundary, case_number="旧案")
    assert len(sheet_of(session, boundary).surroundings.neighbours) == 1
    assert sheet_of(session, boundary, case="旧案").surroundings.neighbours == ()
    assert sheet_of(session, boundary, exempt_rights=(right.right_id,)).surroundings.neighbours == ()
    claim = build_claim(session, boundary, disclosure="public", case_number="新案", renews=right.right_id, first=date(2042, 1, 1), last=date(2056, 12, 31))  # fmt: skip
    assert len(sheet_of(session, boundary, exempt_rights=(right.right_id,)).surroundings.neighbours) == 1
    assert sheet_of(session, boundary, case="新案", exempt_rights=(right.right_id,)).surroundings.neighbours == ()
    assert sheet_of(session, boundary, case="旧案", exempt_claims=(claim.claim_id,)).surroundings.neighbours == ()


# --- Neighbours --------------------------------------------------------------------------------------------------------


def test_a_neighbour_of_several_units_and_bands_is_one_outline_under_its_holders_as_they_are_called_on_the_day(
    session: Session,
) -> None:
    boundary = build_boundary(rectangle(*PARCEL))
    names = ["甲示例公司", "乙示例公司", "丙示例公司", "丁示例公司"]
    parties = [build_party(session, name) for name in names]
    session.execute(
        text("UPDATE party_name SET valid = daterange(NULL, :day) WHERE party_id = :id"),
        {"day": TODAY, "id": parties[0]},
    )
    session.add(PartyName(party_id=parties[0], name="甲示例集团", valid=days(TODAY, None)))
    beside = build_boundary(rectangle(300, 100, 310, 250), rectangle(310, 100, 320, 250))
    bands = (Band(layers_from_names(["surface"])), Band(layers_from_names(["seabed"]), -12.0, -9.0, True))
    build_right(
        session, beside, bands=bands, is_layered=True, holders=tuple(Share(party, "joint") for party in parties)
    )
    (neighbour,) = sheet_of(session, boundary).surroundings.neighbours
    assert neighbour.label == "甲示例集团、乙示例公司、丙示例公司 等 4 人（立体分层：水面、海床）"
    assert neighbour.geometry.geom_type == "Polygon"
    assert neighbour.geometry.area == beside.parcel.to_shapely().area
    (before,) = sheet_of(session, boundary, day=TODAY - timedelta(days=1), lang="en").surroundings.neighbours
    assert before.label.startswith("甲示例公司, ") and before.label.endswith("4 in all (layered: surface, seabed)")


def test_an_adopted_right_without_holders_shows_its_parcel_code_or_nothing(session: Session) -> None:
    builders.adopt(session, builders.build_old(rectangle(300, 100, 400, 250)))
    (neighbour,) = sheet_of(session, build_boundary(rectangle(*PARCEL))).surroundings.neighbours
    assert neighbour.label == ""
    assert "未公开" in read.pages(drawn(session, build_boundary(rectangle(*PARCEL))))[0]


def test_more_neighbours_than_are_drawn_are_told_and_the_nearest_stay(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(surrounding.MOST_NEIGHBOURS, "boundary", 2)
    boundary = build_boundary(rectangle(*PARCEL))
    for east in (314, 300, 307):
        build_right(session, rectangle(east, 100, east + 5, 250))
    request = sheet_of(session, boundary)
    assert [round(each.geometry.bounds[0]) for each in request.surroundings.neighbours] == [
        ms(300, 0)[0],
        ms(307, 0)[0],
    ]
    assert "毗邻宗海只绘最近的 2 宗" in read.pages(sheets.render(request))[0]


# --- Layers ------------------------------------------------------------------------------------------------------------


def test_a_layered_use_tells_its_layers_and_equal_units_are_told_together() -> None:
    boundary = build_boundary(rectangle(0, 0, 50, 50), rectangle(50, 0, 100, 50), rectangle(100, 0, 150, 50))
    top, bed = Band(layers_from_names(["surface"]), -1.0, 0.5, True), Band(layers_from_names(["seabed"]))
    plain = builders.build_occupying(boundary)
    assert drawings.layer_bands(plain) == ()
    layered = builders.build_occupying(boundary, layer=["surface", "water_column"])
    assert drawings.layer_bands(layered) == (sheets.LayerBand(layers=3),)
    by_unit = replace(layered, unit_bands=((top, bed), (top,), (top,)))
    assert drawings.layer_bands(by_unit) == (
        sheets.LayerBand(layers=1, low=-1.0, high=0.5, is_surveyed=True),
        sheets.LayerBand(layers=4, units=(0,)),
    )


def test_a_layered_right_under_the_parcel_is_in_the_table_and_the_parcel_tells_its_own_layers(session: Session) -> None:
    boundary = build_boundary(rectangle(*PARCEL))
    build_right(session, boundary, layer="seabed", holders=(Share(build_party(session, "海底示例公司")),))
    layered = builders.build_occupying(boundary, layer="surface")
    for kind in ("boundary", "position"):
        page = read.pages(drawn(session, boundary, kind=kind, layers=drawings.layer_bands(layered)))[0]
        assert "空间层：水面，起止高程未定" in page
    assert "— 海底示例公司（立体分层：海床）" in read.pages(drawn(session, boundary))[0]


def test_settled_again_from_the_database_the_parcel_has_the_boundary_of_its_sheet(session: Session) -> None:
    """The sheet's hash is that of the rows, not only that of the value from which they were written."""
    boundary = build_boundary(rectangle(100, 100, 200, 250), rectangle(200, 100, 300, 250))
    granted = build_right(session, boundary)
    stored = session.execute(
        text("SELECT ST_AsText(u.geom) FROM unit u JOIN parcel p ON p.boundary_id = u.boundary_id WHERE p.id = :id ORDER BY u.number"),
        {"id": granted.parcel_id},
    ).scalars()  # fmt: skip
    units = [
        Polygon.from_shapely(shapely.transform(shapely.from_wkt(wkt), lambda xy: np.rint(xy * 3_600_000)))
        for wkt in stored
    ]
    again = settle(None, units).boundary
    assert again is not None and again.hash in read.pages(drawn(session, boundary))[0]
