"""The race: twenty acts at once for the same water, in several processes; exactly one wins, whatever kind of act each is.

Every round lies in water of its own, so that nothing but the race decides. `HAIYU_EFFORT` sets the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from parcels.register import GrantRequest, Share
from tests.parcels.builders import (
    DISTRICT,
    District,
    adopt,
    build_boundary,
    build_old,
    build_paper,
    build_party,
    build_place,
    build_request,
    rectangle,
    rows,
)
from tests.parcels.racing import Arena, Outcome, arena, commit, deadlocks, losers, winners
from tests.support.databases import Database
from tests.support.effort import Effort

# Rounds lie 400 m apart in rows of 40, well inside the reach of the sample counties below.
STEP, ROW = 400, 40
OTHER = District(county="371083", zone="001", subzone="001")


@dataclass
class Water:
    """A database with two counties that meet on the line east = 20 km, a holder, and the racers on it."""

    database: Database
    maker: sessionmaker[Session]
    racers: Arena
    holder: Share
    rounds: int
    strips: dict[int, list[int | None]] = field(default_factory=dict)

    def commit(self, work: Callable[[Session], Any]) -> Any:
        """Prepare something in a transaction of its own."""
        return commit(self.maker, work)

    @property
    def width(self) -> int:
        """Racers in a round."""
        return self.racers.width


@pytest.fixture(scope="module")
def water(cluster: Any, effort: Effort) -> Iterator[Water]:
    """One database and one set of racers for all races: each round has water of its own."""
    from tests.support import databases

    with databases.clone(cluster) as database:
        maker = database.sessions()

        def prepare(session: Session) -> int:
            build_place(session, "371082", rectangle(-1_000, -1_000, 20_000, 100_000))
            build_place(session, "371083", rectangle(20_000, -1_000, 41_000, 100_000))
            return build_party(session)

        holder = Share(commit(maker, prepare))
        with arena(database.url("app"), effort.race_width) as racers:
            yield Water(database, maker, racers, holder, effort.race_rounds)


def corner(number: int, east: float, north: float) -> tuple[float, float]:
    """The south-west corner of a round's own water, in metres."""
    return east + number % ROW * STEP, north + number // ROW * STEP


def square(west: float, south: float, shift: float = 0, side: float = 80) -> Any:
    """A square whose corner is shifted a little for each racer: all of a round overlap by far more than a metre."""
    return rectangle(west + shift, south + shift, west + shift + side, south + shift + side)


def entry(water: Water, shape: Any, **given: Any) -> GrantRequest:
    """A right to be entered at once."""
    return build_request(shape, holders=(water.holder,), case_number=given.pop("case_number"), **given)


def claim(shape: Any, **given: Any) -> GrantRequest:
    """A case that claims its sea."""
    return build_request(shape, standing="claimed", case_number=given.pop("case_number"), **given)


def one_winner(
    outcomes: Sequence[Outcome], *, code: str = "register.conflict", finding: str = "sea.exclusive"
) -> Outcome:
    """Exactly one was entered; each of the others was refused with a finding that names the winner's case."""
    won, lost = winners(outcomes), losers(outcomes)
    assert len(won) == 1, outcomes
    assert {loser.code for loser in lost} == {code}, outcomes
    for loser in lost:
        assert (finding, won[0].case) in loser.findings, loser
    return won[0]


def same_county(water: Water, number: int) -> list[GrantRequest]:
    """All lie in one county and are numbered in one series."""
    west, south = corner(number, 0, 0)
    return [entry(water, square(west, south, at), case_number=f"same-{number}-{at}") for at in range(water.width)]


def two_counties(water: Water, number: int) -> list[GrantRequest]:
    """All lie across the line of two counties, which handle every other one and number it in their own series."""
    south = number * 130.0
    return [
        entry(
            water,
            square(19_960, south, at),
            case_number=f"two-{number}-{at}",
            district=DISTRICT if at % 2 else OTHER,
        )
        for at in range(water.width)
    ]


def no_county(water: Water, number: int) -> list[GrantRequest]:
    """Outside every known sea area: nobody's series, nobody's desk, and still one lock."""
    west, south = corner(number, 60_000, 0)
    return [
        entry(water, square(west, south, at), case_number=f"none-{number}-{at}", district=None)
        for at in range(water.width)
    ]


def claim_against_grant(water: Water, number: int) -> list[GrantRequest]:
    """Half of them are accepted cases that claim, half are rights that are entered."""
    west, south = corner(number, 0, 10_000)
    shapes = [square(west, south, at) for at in range(water.width)]
    return [
        (
            claim(shape, case_number=f"cg-{number}-{at}")
            if at % 2
            else entry(water, shape, case_number=f"cg-{number}-{at}")
        )
        for at, shape in enumerate(shapes)
    ]


def several_units(water: Water, number: int) -> list[GrantRequest]:
    """Parcels of two units, of which only one reaches into the contested water."""
    west, south = corner(number, 0, 20_000)
    requests = []
    for at in range(water.width):
        east = west + at
        units = build_boundary(
            rectangle(east, south, east + 40, south + 80), rectangle(east + 40, south, east + 80, south + 80)
        )
        requests.append(entry(water, units, case_number=f"unit-{number}-{at}", unit_modes=("41", "42")))
    return requests


def adopt_strips(session: Session, water: Water, numbers: range, count: int) -> None:
    """The old rights of twenty rounds, in one load."""
    olds = []
    for number in numbers:
        west, south = corner(number, 0, 30_000)
        olds += [
            build_old(rectangle(west + 120 + 6 * at, south, west + 125 + 6 * at, south + 60)) for at in range(count)
        ]
    rights = iter(adopted.right_id for adopted in adopt(session, *olds))
    water.strips |= {number: [next(rights) for _ in range(count)] for number in numbers}


def boundary_change_against_grant(water: Water, number: int) -> list[GrantRequest]:
    """Ten old rights round a free middle want to grow into it, ten newcomers want the middle."""
    west, south = corner(number, 0, 30_000)
    half = water.width // 2
    if number % 20 == 0:
        water.commit(lambda session: adopt_strips(session, water, range(number, number + 20), half))
    adopted = water.strips[number]
    changes = [
        entry(
            water,
            # The old strip, and an arm over the others' northern ends into the middle.
            shapely.union_all(
                [
                    rectangle(west + 120 + 6 * at, south, west + 125 + 6 * at, south + 60),
                    rectangle(west + 120 + 6 * at, south + 60, west + 125 + 6 * at, south + 130),
                    rectangle(west + 20, south + 100, west + 125 + 6 * at, south + 130),
                ]
            ),
            case_number=f"change-{number}-{at}",
            changes=adopted[at],
        )
        for at in range(half)
    ]
    news = [
        entry(water, rectangle(west + 20 + at, south + 70, west + 80, south + 150), case_number=f"new-{number}-{at}")
        for at in range(water.width - half)
    ]
    return [request for pair in zip(changes, news, strict=True) for request in pair]


def across_cells(water: Water, number: int) -> list[GrantRequest]:
    """Long strips over the corner of four lock cells: their boxes share some cells and not others."""
    # 125.0° E, 30.0° N is a corner of four cells, and so is the middle of every round: one cell north of the last.
    cell = 360_000
    east, north = 450_000_000 + number // 100 * 4 * cell, 108_000_000 + number % 100 * cell
    requests = []
    for at in range(water.width):
        reach = 17_000 * (at + 1)
        if at % 2:
            box = (east - 900, north - reach % 160_000 - 2_000, east + 900, north + 2_000)
        else:
            box = (east - reach - 2_000, north - 900, east + reach // 2 + 2_000, north + 900)
        requests.append(entry(water, shapely.box(*box), case_number=f"cell-{number}-{at}", district=None))
    return requests


RACES = [
    same_county,
    two_counties,
    no_county,
    claim_against_grant,
    several_units,
    boundary_change_against_grant,
    across_cells,
]


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_exactly_one_wins(water: Water, race: Callable[[Water, int], list[GrantRequest]]) -> None:
    before = water.commit(deadlocks)
    last = None
    for number in range(water.rounds):
        won = one_winner(water.racers.race(race(water, number)))
        assert won.recorded_at is not None
        # The clock of the record is read under the lock: a later round is never recorded before an earlier one.
        assert last is None or won.recorded_at > last
        last = won.recorded_at
    assert water.commit(deadlocks) == before


def layered_pairs(water: Water, number: int, name: str, south: float) -> list[GrantRequest]:
    """Ten pairs, each over water of its own in a cell of its own: one on the seabed, one on the surface."""
    return [
        entry(
            water,
            rectangle(12_000 * (at // 2), south + 30 * number, 12_000 * (at // 2) + 80, south + 30 * number + 20),
            layer="seabed" if at % 2 else "surface",
            case_number=f"{name}-{number}-{at}",
            district=None,
        )
        for at in range(water.width)
    ]


def test_layered_pairs_without_papers_let_one_in(water: Water) -> None:
    """Seabed against surface: no conflict, but without the papers the second is refused."""
    for number in range(water.rounds):
        outcomes = water.racers.race(layered_pairs(water, number, "bare", -200_000))
        for at in range(0, water.width, 2):
            one_winner(outcomes[at : at + 2], code="register.needs_consent", finding="layers.consent")


def test_layered_pairs_with_papers_on_file_both_win(water: Water) -> None:
    for number in range(water.rounds):
        requests = layered_pairs(water, number, "paper", -250_000)
        water.commit(lambda session, requests=requests: file_papers(session, requests))
        outcomes = water.racers.race(requests)
        assert len(winners(outcomes)) == water.width, losers(outcomes)
        for at in range(0, water.width, 2):
            # Whoever came second is layered with the first, and its register page says so.
            assert sorted(outcome.layered for outcome in outcomes[at : at + 2]) == [False, True]


def file_papers(session: Session, requests: Sequence[GrantRequest]) -> None:
    """Each of a pair holds the other's consent: either may come second."""
    for one, other in zip(requests[::2], requests[1::2], strict=True):
        build_paper(session, case=one.case_number, boundary=one.boundary, earlier_case=other.case_number)
        build_paper(session, case=other.case_number, boundary=other.boundary, earlier_case=one.case_number)


def test_the_record_is_in_order_after_all_races(water: Water) -> None:
    """Runs last: in every stream time never runs back, and what closed did so after it opened and when the next one opened."""

    def look(session: Session) -> None:
        back = "SELECT stream FROM (SELECT stream, recorded_at, lag(recorded_at) OVER (PARTITION BY stream ORDER BY seq) AS before FROM event) AS e WHERE recorded_at < before"
        assert rows(session, back) == []
        assert rows(session, "SELECT id FROM occupation WHERE upper(known) <= lower(known)") == []
        overlapping = (
            "SELECT a.id, b.id FROM occupation AS a JOIN occupation AS b ON a.id < b.id AND upper_inf(a.known)"
            " AND upper_inf(b.known) AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, '2********')"
            " AND a.layers & b.layers <> 0 AND a.held && b.held"
        )
        assert rows(session, overlapping) == []
        codes = rows(session, "SELECT parcel_code FROM parcel WHERE parcel_code LIKE '371082001002GH%'")
        numbers = sorted(int(row[0][-5:]) for row in codes)
        assert numbers == list(range(1, len(numbers) + 1))

    water.commit(look)


def take_the_triggers_out(database: Database) -> None:
    """What nobody but a superuser or the owner of the tables could do."""
    with database.sessions("owner")() as session:
        session.execute(text("ALTER TABLE occupation DISABLE TRIGGER occupation_inserted_under_lock"))
        session.execute(text("ALTER TABLE occupation DISABLE TRIGGER occupation_closed_under_lock"))
        session.commit()


def test_without_locks_the_database_lets_nobody_in(water: Water) -> None:
    west, south = corner(0, 0, 70_000)
    outcomes = water.racers.race(
        [entry(water, square(west, south, at), case_number=f"bold-{at}") for at in range(water.width)], unlocked=True
    )
    assert {outcome.code for outcome in outcomes} == {"occupation_is_locked"}


def test_without_locks_and_triggers_the_race_is_lost(own_database: Database, effort: Effort) -> None:
    """The proof that the races above would notice: the same race, nothing else changed, has several winners."""
    maker = own_database.sessions()
    holder = Share(commit(maker, build_party))
    take_the_triggers_out(own_database)
    with arena(own_database.url("app"), effort.race_width) as racers:
        water = Water(own_database, maker, racers, holder, 20)
        for number in range(20):
            if len(winners(racers.race(no_county(water, number), unlocked=True))) > 1:
                return
    pytest.fail("twenty rounds without any lock had one winner each: these races prove nothing")
