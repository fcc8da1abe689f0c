"""`adopt`: old rights enter as they are, whatever is wrong with them, and everything wrong is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from sqlalchemy.orm import Session

from data import messages
from data.answers import Refusal
from marine.coordinates import MS_PER_DEGREE
from parcels import register
from parcels.models import LoadRun
from parcels.parties import PartyKeys
from parcels.register import AdoptRequest, Holder, RunChunk
from tests.parcels.builders import OFFICER, adopt, build_old, build_place, build_request, grant, rectangle, ring, rows

KEYS = PartyKeys.from_secret(b"k" * 32)
BOW_TIE = ((0, 0), (100, 100), (100, 0), (0, 100))


def codes(outcome: register.Adopted) -> list[str]:
    """The codes of what is inconsistent."""
    return [told["code"] for told in outcome.inconsistencies]


def test_a_sound_old_right_is_adopted_without_a_word(session: Session) -> None:
    (old,) = adopt(session, build_old())
    assert codes(old) == [] and old.refusal is None
    assert rows(session, "SELECT door, inconsistencies FROM sea_right") == [("adopted", [])]
    assert rows(session, "SELECT standing, disclosure, held::text, term::text FROM occupation") == [
        ("registered", "public", "[2015-01-01,2030-01-01)", "[2015-01-01,2030-01-01)")
    ]
    (stored,) = rows(session, "SELECT hash IS NOT NULL, alg, central_meridian, area_ha FROM boundary")
    assert stored == (True, "sha256", Decimal("122.5"), Decimal("0.9999"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"first": None}, ["dates.unknown"]),
        ({"last": None}, ["dates.unknown"]),
        ({"first": date(2030, 1, 1), "last": date(2020, 1, 1)}, ["dates.reversed", "dates.unknown"]),
        ({"layers": None}, ["layers.unknown"]),
        ({"layers": 4, "z_low": -5.0, "z_high": -9.0}, ["heights.reversed"]),
        ({"last": date(2001, 1, 1), "first": date(2000, 1, 1)}, []),
        ({"identifiers": (("parcel_code", "371082"),)}, ["code.malformed"]),
        ({"identifiers": (("certificate", "国海证 123"),)}, []),
        ({"holders": (Holder(name="甲公司", scheme="uscc", number="91371000MA3C000000"),)}, ["party.check_digit"]),
        ({"geometry": ring(*BOW_TIE)}, ["ring.kept_invalid"]),
        ({"geometry": shapely.force_3d(rectangle(0, 0, 9, 9), -4.0)}, []),
        ({"geometry": shapely.force_3d(ring(*BOW_TIE), -4.0)}, ["ring.kept_invalid"]),
        ({"geometry": shapely.GeometryCollection([shapely.MultiPolygon([rectangle(0, 0, 9, 9)]), shapely.Point(0, 0)])}, []),
        ({"name": "海\0区", "identifiers": (("certificate", "a\ud800"),)}, ["text.unreadable"]),
        ({"area_registered": Decimal("1e12"), "accuracy_m": float("nan")}, ["number.out_of_range", "number.out_of_range"]),
        ({"months": 1 << 13, "layers": 64}, ["number.out_of_range", "number.out_of_range", "layers.unknown"]),
        ({"z_low": float("-inf"), "z_high": float("nan")}, []),
        ({"geometry": shapely.MultiPolygon([rectangle(0, 0, 9, 9), rectangle(20, 0, 29, 9)])}, ["parts.several"]),
    ],
)  # fmt: skip
def test_nothing_of_this_refuses_an_old_right(session: Session, given: dict[str, Any], told: list[str]) -> None:
    (old,) = adopt(session, build_old(**given), keys=KEYS)
    assert codes(old) == told and old.right_id is not None
    for fault in old.inconsistencies:
        facts = {name: value for name, value in fault.items() if name != "code"}
        assert all(messages.text(fault["code"], lang, **facts) for lang in messages.LANGUAGES)


def test_a_missing_day_leaves_its_side_open(session: Session) -> None:
    adopt(session, build_old(last=None), build_old(rectangle(500, 0, 600, 100), first=None))
    assert rows(session, "SELECT held::text FROM occupation ORDER BY id") == [("[2015-01-01,)",), ("(,2030-01-01)",)]


def test_old_rights_may_overlap_and_both_stand_against_the_next(session: Session) -> None:
    one, other = adopt(session, build_old(), build_old(rectangle(50, 0, 150, 100)))
    with pytest.raises(Refusal) as caught:
        grant(session, build_request(rectangle(60, 0, 90, 100), standing="claimed"))
    assert {finding.facts["right_id"] for finding in caught.value.findings} == {one.right_id, other.right_id}


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Polygon(),
        shapely.Point(0, 0),
        None,
        ring((0, 0), (50, 0), (100, 0)),
        shapely.LineString([(0, 0), (9, 9)]),
    ],
    ids=["empty", "point", "none", "flat", "line"],
)
def test_only_what_has_no_usable_geometry_is_refused_and_the_others_go_on(session: Session, geometry: Any) -> None:
    bad, good = adopt(session, AdoptRequest(geometry=geometry, key=7), build_old(key=8))
    assert bad.refusal is not None and bad.refusal.code == "adopt.no_usable_geometry"
    assert bad.refusal.facts == {"feature": 7} and bad.right_id is None
    assert good.right_id is not None
    assert rows(session, "SELECT count(*) FROM sea_right") == [(1,)]


def test_an_invalid_ring_is_kept_as_given_and_occupies_all_that_it_encloses(session: Session) -> None:
    bow_tie = ring(*BOW_TIE)
    adopt(session, build_old(bow_tie))
    ((kept, name, occupied, valid),) = [
        (shapely.from_wkb(bytes(row[0])), row[1], shapely.from_wkb(bytes(row[2])), row[3])
        for row in rows(
            session,
            "SELECT ST_AsBinary(b.geom), b.hash, ST_AsBinary(o.geom), ST_IsValid(o.geom)"
            " FROM boundary AS b, occupation AS o",
        )
    ]
    assert name is None and valid
    in_ms = shapely.transform(kept, lambda xy: (xy * MS_PER_DEGREE).round())
    assert shapely.get_coordinates(in_ms).tolist() == shapely.get_coordinates(bow_tie).tolist()
    grown = shapely.transform(occupied, lambda xy: (xy * MS_PER_DEGREE).round())
    assert shapely.covers(grown, shapely.union_all(shapely.get_parts(shapely.make_valid(bow_tie))))


def test_a_ring_that_winds_twice_occupies_what_even_odd_would_leave_out(session: Session) -> None:
    twice = ring((0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (30, 30), (30, 70), (70, 70), (70, 30), (30, 30))
    adopt(session, build_old(twice))
    middle = rectangle(45, 45, 55, 55)
    with pytest.raises(Refusal, match="conflict"):
        grant(session, build_request(middle, standing="claimed"))


def test_every_part_becomes_a_parcel_of_one_right(session: Session) -> None:
    two = shapely.MultiPolygon([rectangle(0, 0, 50, 50), rectangle(200, 0, 250, 50)])
    (old,) = adopt(session, build_old(two, identifiers=(("parcel_code", "371082001002GH00017"),)))
    assert len(old.parcel_ids) == 2
    assert codes(old) == ["parts.several", "code.of_several_parts"]
    assert rows(session, "SELECT parcel_code FROM parcel") == [(None,), (None,)]
    assert rows(session, "SELECT count(*) FROM occupation WHERE right_id = :r", r=old.right_id) == [(2,)]


def test_the_first_holder_of_a_code_keeps_it_and_the_next_keeps_it_as_history(session: Session) -> None:
    given = {"identifiers": (("parcel_code", "371082 001002 GH00017"), ("certificate", "国海证 1"))}
    first, second = adopt(session, build_old(**given), build_old(rectangle(500, 0, 600, 100), **given))
    (third,) = adopt(session, build_old(rectangle(900, 0, 999, 100), **given))
    assert [codes(one) for one in (first, second, third)] == [[], ["code.held_twice"], ["code.held_twice"]]
    assert rows(session, "SELECT parcel_code FROM parcel ORDER BY id") == [("371082001002GH00017",), (None,), (None,)]
    assert rows(session, "SELECT count(*), count(DISTINCT value) FROM legacy_identifier") == [(6, 2)]


def test_the_hectares_of_the_certificate_are_kept_beside_ours(session: Session) -> None:
    adopt(session, build_old(area_registered=Decimal("1.2")))
    assert rows(session, "SELECT area_registered, area_ha FROM sea_right, boundary") == [
        (Decimal("1.2000"), Decimal("0.9999"))
    ]


def test_holders_with_one_identifier_are_one_party_and_equal_names_are_not(session: Session) -> None:
    numbered = Holder(name="甲公司", scheme="organisation_code", number="12345678-9")
    same = Holder(name="甲有限公司", scheme="organisation_code", number="123456789")
    plain = Holder(name="王某", kind="person")
    shapes = [rectangle(200 * at, 0, 200 * at + 100, 100) for at in range(4)]
    adopt(
        session,
        *(build_old(shape, holders=(one,)) for shape, one in zip(shapes, [numbered, same, plain, plain], strict=True)),
        keys=KEYS,
    )
    assert rows(session, "SELECT count(*) FROM party") == [(3,)]
    adopt(session, build_old(rectangle(900, 0, 999, 100), holders=(same,)), keys=KEYS)
    assert rows(session, "SELECT count(*) FROM party") == [(3,)]
    assert rows(session, "SELECT count(DISTINCT party_id), count(*) FROM sea_right_party") == [(3, 5)]


def test_identifiers_are_never_stored_without_their_keys(session: Session) -> None:
    with pytest.raises(ValueError, match="keys"):
        adopt(session, build_old(holders=(Holder(name="甲", scheme="passport", number="E1"),)))


def test_a_chunk_is_one_event_and_nothing_of_it_names_a_person(session: Session) -> None:
    adopt(session, build_old(holders=(Holder(name="张三", kind="person"),)), build_old(rectangle(500, 0, 600, 100)))
    ((stream, kind, body),) = rows(session, "SELECT stream, kind, body FROM event")
    assert (stream, kind) == ("register:batches", "rights.adopted")
    assert body["rights"][0][1] - body["rights"][0][0] == 1 and body["refused"] == 0
    assert "张三" not in str(body)


def test_a_chunk_of_a_load_tells_what_became_of_every_feature(session: Session) -> None:
    run = LoadRun(target="rights", source_digest="d", source_name="f", column_map={}, feature_count=3, actor="test")
    session.add(run)
    session.flush()
    two = shapely.MultiPolygon([rectangle(0, 0, 50, 50), rectangle(200, 0, 250, 50)])
    asked = [build_old(key=1), AdoptRequest(geometry=None, key=2), build_old(two, key=3, layers=None)]
    adopt(session, *asked, run=RunChunk(run_id=run.id, number=1, first_feature=1, last_feature=3))
    outcomes = rows(session, "SELECT feature_number, part, outcome FROM load_feature ORDER BY 1, 2")
    assert outcomes == [(1, 0, "adopted"), (2, 0, "refused"), (3, 0, "adopted"), (3, 1, "adopted")]
    assert rows(session, "SELECT adopted, refused FROM load_chunk") == [(2, 1)]
    assert rows(session, "SELECT count(*) FROM sea_right WHERE run_id = :r", r=run.id) == [(2,)]


def test_only_an_administrator_adopts(session: Session) -> None:
    with pytest.raises(Refusal) as caught:
        register.adopt(session, [build_old()], actor=OFFICER)
    assert caught.value.code == "register.administrator_only"


def test_adopted_parcels_find_their_places(session: Session) -> None:
    one = build_place(session, "371082", rectangle(-5_000, -5_000, 30, 5_000))
    other = build_place(session, "371083", rectangle(30, -5_000, 5_000, 5_000))
    inside, across, outside, broken = adopt(
        session,
        build_old(rectangle(500, 0, 600, 100)),
        build_old(rectangle(0, 200, 100, 300)),
        build_old(rectangle(50_000, 0, 50_100, 100)),
        build_old(ring(*((east + 700, north) for east, north in BOW_TIE))),
    )
    found = rows(session, "SELECT parcel_id, place_id, hectares FROM parcel_place ORDER BY 1, 2")
    by_parcel = {number: [(place, ha) for parcel, place, ha in found if parcel == number] for number, _, _ in found}
    assert by_parcel[inside.parcel_ids[0]] == [(other, Decimal("0.9999"))]
    assert [place for place, _ in by_parcel[across.parcel_ids[0]]] == [one, other]
    assert sum(ha for _, ha in by_parcel[across.parcel_ids[0]]) == pytest.approx(
        Decimal("0.9999"), abs=Decimal("0.0002")
    )
    assert outside.parcel_ids[0] not in by_parcel and broken.parcel_ids[0] not in by_parcel
