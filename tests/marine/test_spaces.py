"""Layers, days, months and heights of a unit, and arrays of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely

from marine.spaces import (
    ALL_YEAR,
    OPEN_FROM,
    OPEN_TO,
    HeightBand,
    Layer,
    Space,
    Spaces,
    contradictions,
    day_range,
    days_of,
    layer_names,
    layers_from_names,
    month_numbers,
    months_from_range,
)

SQUARE = shapely.box(0, 0, 10, 10)


def test_a_right_without_layer_data_occupies_all_four() -> None:
    assert layers_from_names([]) == Layer.ALL == Space(geometry=SQUARE).layers
    assert layer_names(Layer.ALL) == ("surface", "water_column", "seabed", "subsoil")


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(KeyError):
        layers_from_names(["surface", "sky"])


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [(3, 11, (3, 4, 5, 6, 7, 8, 9, 10, 11)), (11, 2, (1, 2, 11, 12)), (5, 5, (5,)), (1, 12, tuple(range(1, 13)))],
)
def test_months_run_across_new_year(first: int, last: int, months: tuple[int, ...]) -> None:
    assert month_numbers(months_from_range(first, last)) == months


def test_a_thirteenth_month_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        months_from_range(3, 13)


def test_both_days_of_a_paper_are_included_and_come_back() -> None:
    first, last = date(2027, 1, 1), date(2041, 12, 31)
    assert day_range(first, last) == (first.toordinal(), last.toordinal() + 1)
    assert days_of(*day_range(first, last)) == (first, last)


def test_an_open_side_stays_open_and_is_no_real_day() -> None:
    assert days_of(*day_range(None, date.max)) == (None, None)
    assert days_of(*day_range(date.min, None)) == (date.min, None)
    assert date.min.toordinal() > OPEN_FROM
    assert date.max.toordinal() < OPEN_TO


def test_a_surface_below_a_seabed_contradicts_its_name() -> None:
    surface, seabed = HeightBand(Layer.SURFACE, -8.0, 0.0), HeightBand(Layer.SEABED, -9.0, -7.0)
    assert contradictions([surface, seabed]) == ((0, 1),)
    assert contradictions([seabed, surface]) == ((0, 1),)


def test_a_tenth_of_a_metre_or_an_unknown_bound_contradicts_nothing() -> None:
    surface = HeightBand(Layer.SURFACE, -7.0, 0.0)
    assert contradictions([surface, HeightBand(Layer.SEABED, -9.0, -6.95)]) == ()
    assert contradictions([surface, HeightBand(Layer.SEABED, -9.0, None)]) == ()
    assert contradictions([surface, HeightBand(Layer.SURFACE, -9.0, -5.0)]) == ()


def test_a_band_upside_down_contradicts_itself() -> None:
    assert contradictions([HeightBand(Layer.SEABED, -5.0, -5.0)]) == ((0, 0),)


def test_rows_become_columns_and_come_back() -> None:
    rows = [
        Space(geometry=SQUARE),
        Space(
            geometry=shapely.box(5, 5, 9, 9),
            layers=Layer.SEABED,
            z_low=-9.5,
            z_high=-8.0,
            z_surveyed=True,
            held_from=739_982,
            held_to=740_000,
            months=7,
            layered=True,
            excluded=True,
            accuracy=0.5,
            mode="41",
            papers=True,
        ),
    ]
    spaces = Spaces.of(rows)
    assert list(spaces) == rows
    assert spaces.months.dtype == np.uint16
    assert np.isnan(spaces.accuracy[0])
    assert list(spaces.take(np.array([1]))) == rows[1:]


def test_columns_not_given_have_the_defaults_of_a_row() -> None:
    spaces = Spaces.columns(np.array([SQUARE, SQUARE]), layers=[1, 2])
    assert [space.layers for space in spaces] == [1, 2]
    assert spaces.row(0) == Space(geometry=SQUARE, layers=1)
    assert (spaces.months == ALL_YEAR).all()


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(TypeError, match="depth"):
        Spaces.columns(np.array([SQUARE]), depth=[1])
