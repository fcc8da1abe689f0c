"""What a sheet tells of the coast and of places: versions in force, marks, sources, names, the text note."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from maps import sheets
from parcels.publishing import ZoneDraft
from parcels.register import Share
from parcels.samples import world
from tests.api.drawing_sea import PARCEL, county, sheet_of, shore
from tests.maps.sheets import drawings as read
from tests.parcels.builders import build_boundary, build_party, build_right, ms, rectangle
from tests.parcels.checks.sea import World


def test_land_and_shoreline_come_from_the_versions_in_force_and_say_how_sure_they_are(session: Session) -> None:
    sea, boundary = World(session), build_boundary(rectangle(*PARCEL))
    shore(sea, 500, mark="sample", valid=(None, date(2026, 12, 31)))
    now = sheet_of(session, boundary, kind="position")
    assert now.surroundings.note == "示例岸线，未经核实"
    assert {each.kind for each in now.surroundings.shorelines} == {"natural", "artificial"}
    page = read.pages(sheets.render(now))[0]
    for words in (
        "示例岸线，未经核实",
        "自然岸线",
        "人工岸线",
        "陆域",
        "资料来源 shoreline 第 1 版、shoreline陆域 第 1 版（测试），示例，未经核实",
        "距最近岸线约 250 米。",
    ):
        assert words in page, words
    shore(sea, 700, mark=None, valid=(date(2027, 1, 1), None))
    later = sheet_of(session, boundary, kind="position", day=date(2027, 1, 1))
    assert later.surroundings.note == "" and "第 2 版" in later.surroundings.sources
    assert later.remarks[0] == "距最近岸线约 450 米。"
    assert now == sheet_of(session, boundary, kind="position")


def test_a_coast_out_of_view_is_not_a_source_of_the_sheet(session: Session) -> None:
    shore(World(session), 5_000, mark="sample")
    boundary = build_boundary(rectangle(*PARCEL))
    near, wide = (sheet_of(session, boundary, kind=kind).surroundings for kind in ("boundary", "position"))
    assert near.note == "" and "岸线" not in near.sources and "shoreline" not in near.sources
    assert wide.note and "shoreline" in wide.sources


def test_the_sample_coast_names_its_source_as_its_licence_asks(session: Session) -> None:
    sea = World(session)
    shore(sea, mark=world.MARK)
    session.execute(text("UPDATE layer_version SET source = :source"), {"source": world.SOURCE})
    request = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position")
    assert request.surroundings.sources.count("© OpenStreetMap contributors, ODbL 1.0") == 1


def test_a_position_sheet_says_whose_sea_it_is_and_names_the_land_beside_it(session: Session) -> None:
    sea = World(session)
    shore(sea, 3_000)
    city = sea.city()
    sea.place("371082", "荣成市", rectangle(-9_000, -9_000, 2_000, 3_000), city, mark="sample")
    sea.place("371083", "乳山市", rectangle(2_000, -9_000, 9_000, 3_000), city)
    sea.place("S1", "桑沟湾", rectangle(-9_000, -9_000, 9_000, 3_000), city, kind="sea")
    beside = build_right(session, rectangle(300, 100, 400, 250), holders=(Share(build_party(session, "东邻示例公司")),))
    request = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position", location="桑沟湾北部")
    assert request.district == "山东省威海市荣成市（示例边界，非法定界线）"
    assert request.remarks == ("距最近岸线约 2.8 千米。", "与 1 宗毗邻宗海共用界址线：东邻示例公司。")
    named = {(place.name, place.kind): place for place in request.surroundings.places}
    assert set(named) == {("荣成市", "land"), ("乳山市", "land"), ("桑沟湾", "water")}
    # On the land off its own sea; the parish next door lies east.
    assert named["荣成市", "land"].lon < ms(2_000, 0)[0] < named["乳山市", "land"].lon
    assert named["荣成市", "land"].lat > ms(0, 3_000)[1] > named["桑沟湾", "water"].lat
    page = read.pages(sheets.render(request))[0]
    for words in (
        "文字说明",
        "位置说明 桑沟湾北部",
        "所属海域 山东省威海市荣成市（示例边界，非法定界线）",
        "管辖海域",
    ):
        assert words in page, words
    # Once in the table, once on the map; the title and the place have the bay's name too.
    assert [page.count(name) for name in ("荣成市", "乳山市", "桑沟湾")] == [2, 1, 4]
    english = sheet_of(
        session, build_boundary(rectangle(*PARCEL)), kind="position", lang="en", exempt_rights=(beside.right_id,)
    )
    assert english.district == "荣成市, 威海市, 山东省 (sample boundary, not a legal line)"
    assert english.remarks[1] == "No parcel near by shares an edge with it."


def test_land_with_a_name_of_its_own_bears_that_name(session: Session) -> None:
    sea = World(session)
    county(sea, rectangle(-9_000, -9_000, 9_000, 9_000))
    isle = ZoneDraft(
        identity="I", name_zh="鸡鸣岛", name_en="Jiming Island", effect="none", geometry=rectangle(100, 700, 900, 1_300)
    )
    sea.layer("land", [isle], kind="land")
    (name,) = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position").surroundings.places
    assert (name.name, name.kind) == ("鸡鸣岛", "land")
    assert isle.geometry.contains(shapely.Point(name.lon, name.lat))


def test_land_in_pieces_that_share_edges_and_overlap_is_drawn_and_named(session: Session) -> None:
    """A land layer by county is no valid polygon as a whole; the difference of it broke off with a topology error."""
    sea = World(session)
    county(sea, rectangle(-9_000, -9_000, 9_000, 900))
    west, east, over = (
        rectangle(-900, 900, 200, 1_900),
        rectangle(200, 900, 900, 1_900),
        rectangle(-100, 1_000, 700, 1_500),
    )
    pieces = [
        ZoneDraft(identity=str(at), name_zh=name, name_en=name, effect="none", geometry=each)
        for at, (name, each) in enumerate((("land", west), ("land", east), ("半岛", over)))
    ]
    sea.layer("land", pieces, kind="land")
    request = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position")
    named = {place.name: shapely.Point(place.lon, place.lat) for place in request.surroundings.places}
    assert set(named) == {"半岛", "荣成市"}
    assert over.contains(named["半岛"]) and not over.contains(named["荣成市"])
    assert len(sheets.compose(request).values["map"]["land"]) == 3


def test_far_from_any_coast_the_sheet_says_that_none_is_on_record(session: Session) -> None:
    request = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position")
    assert request.remarks[0] == "60 千米内没有岸线资料。" and request.district == ""
    at_shore = World(session)
    shore(at_shore, 250)
    assert sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position").remarks[0] == "与岸线相接。"


def test_a_coast_of_many_points_is_drawn_as_fine_as_can_be_seen(session: Session) -> None:
    sea = World(session)
    east = np.linspace(-4_000, 4_000, 8_001)
    wiggle = [ms(x, 3_000 + 0.2 * (at % 2)) for at, x in enumerate(east.tolist())]
    zone = ZoneDraft(identity="S", name_zh="岸线", name_en="S", effect="none", geometry=shapely.LineString(wiggle))
    sea.layer("shoreline", [zone], kind="shoreline")
    request = sheet_of(session, build_boundary(rectangle(*PARCEL)), kind="position")
    (line,) = request.surroundings.shorelines
    assert shapely.get_num_coordinates(line.geometry) < 100
    off = shapely.hausdorff_distance(line.geometry, shapely.MultiLineString([wiggle]))
    assert off <= 2 * sheets.resolution(request)
