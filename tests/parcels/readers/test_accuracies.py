"""How far off coordinates may be, by where they came from: house rules of the rule book, which an administrator may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from data.rulebook import Entry, merge, on, packaged
from parcels.readers import read
from parcels.uploads import LIMITS, Accuracies, Choices, Upload

TODAY = date(2026, 11, 23)
TABLE = b"lon,lat\n122.70,37.10\n122.71,37.10\n122.71,37.11\n122.70,37.11\n"


def test_what_the_readers_take_without_a_book_is_what_the_packaged_rules_say() -> None:
    inquiry = packaged().inquire(dates=on(TODAY), today=TODAY)
    assert Accuracies.of_rules(inquiry) == Accuracies() == LIMITS.accuracies
    assert {source.cite for source in inquiry.sources} == {"本系统设定"}


@pytest.mark.parametrize(("crs", "origin", "name"), [("EPSG:4326", None, "gnss_m"), ("EPSG:4490", "gcj02", "sketch_m")])
def test_an_entry_of_an_administrator_reaches_the_reading(crs: str, origin: str | None, name: str) -> None:
    rule = f"accuracy.{name}"
    entry = Entry(
        rule=rule, place="cn", since=None, until=None, value=Decimal("2.5"), cite="测绘处通知", document="doc-1"
    )
    book = merge(packaged(), [entry], [])
    limits = replace(LIMITS, accuracies=Accuracies.of_rules(book.inquire(dates=on(TODAY), today=TODAY)))
    choices = Choices(crs=crs, axis="lonlat", origin=origin)  # type: ignore[arg-type]
    assert [shape.accuracy for shape in read(Upload("a.csv", TABLE), choices, limits).shapes] == [2.5]
    packaged_figure = getattr(Accuracies(), name)
    assert [shape.accuracy for shape in read(Upload("a.csv", TABLE), choices).shapes] == [packaged_figure]
