"""A sentence of what somebody wants: what is understood, what is told as not understood, and nothing that is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.wishes import sea_names, understand
from data.messages import text
from data.rulebook import packaged

BOOK = packaged()


@pytest.mark.parametrize(
    ("sentence", "place", "use_type", "hectares", "years"),
    [
        ("我要在桑沟湾养 20 公顷牡蛎，十年", "桑沟湾", "13", 20, 10),
        ("I want to grow oysters on 20 hectares in Sanggou Bay for ten years", "桑沟湾", "13", 20, 10),
        ("乳山口养殖300亩海带15年", "乳山口", "13", 20, 15),
        ("海底电缆二十五年", None, "51", None, 25),
        ("人工鱼礁 1.5 ha", None, "14", Decimal("1.5"), None),
        ("开放式养殖用海", None, "13", None, None),
    ],
)
def test_both_languages_are_understood(
    sentence: str, place: str | None, use_type: str, hectares: object, years: int | None
) -> None:
    wish = understand(sentence, BOOK)
    assert (wish.place and wish.place.zh, wish.use_type, wish.hectares, wish.years) == (
        place,
        use_type,
        hectares,
        years,
    )
    assert wish.rest == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentences_that_the_home_page_offers_are_understood_to_the_last_word(lang: str) -> None:
    """An example that is answered by "not understood" teaches nobody how to ask."""
    wishes = [understand(text(f"portal.wish.try.{name}", lang), BOOK) for name in "abc"]
    assert [(wish.use_type is not None, wish.rest) for wish in wishes] == [(True, ())] * 3


def test_rafts_and_seabed_take_other_layers_and_are_not_guessed() -> None:
    assert understand("筏式养殖海带", BOOK).layers == ("surface", "water_column")
    assert understand("底播海参", BOOK).layers == ("seabed",)
    assert (understand("养牡蛎", BOOK).way, understand("养牡蛎", BOOK).layers) == (None, ())


def test_what_is_not_understood_is_told() -> None:
    """A form that silently dropped half of a sentence sent people to the wrong sea."""
    wish = understand("在火星湾养牡蛎 20 公顷", BOOK)
    assert wish.place is None
    assert wish.rest == ("火星湾",)
    nothing = understand("qqqq", BOOK)
    assert (nothing.understood, nothing.rest) == (False, ("qqqq",))


def test_a_date_is_no_term_and_nothing_is_no_size() -> None:
    assert understand("2026年养殖", BOOK).years is None
    assert understand("0 公顷", BOOK).hectares is None
    assert understand("半年养殖", BOOK).years is None


def test_latin_words_count_whole_only() -> None:
    """`port` stood in `transport` and made a kelp farm a harbour."""
    assert understand("transport of reports", BOOK).use_type is None


@pytest.mark.parametrize(
    ("sentence", "matter"), [("续期", "renewal"), ("transfer my right", "change"), ("注销", "cancellation")]
)
def test_matters_are_recognised(sentence: str, matter: str) -> None:
    assert understand(sentence, BOOK).matter == matter


def test_names_of_the_sea_lie_in_weihai_and_name_its_counties() -> None:
    counties = {code.code for place in BOOK.places for code in place.codes}
    for name in sea_names():
        assert 121.1 < name.at[0] < 122.9 and 36.5 < name.at[1] < 37.7, name.zh
        assert name.place in counties, name.zh


@pytest.mark.parametrize("sentence", ["", "，，，", "\x00", "养" * 5000, "((((", "一百百百公顷", "9" * 300 + "公顷"])
def test_no_sentence_breaks_it(sentence: str) -> None:
    understand(sentence, BOOK)
