"""Who finds what where."""

from __future__ import annotations

import pytest

from api.portal.navigation import DESKS, POSTS, entries_for, first_page
from data.actors import Actor
from data.messages import has


def somebody(*posts: str, acts_for: int | None = None) -> Actor:
    """A person with posts at a place, and perhaps a party."""
    return Actor(
        person=1,
        posts=frozenset((post, 3) for post in posts),
        acts_for=frozenset({acts_for} if acts_for is not None else ()),
    )


@pytest.mark.parametrize("post", POSTS)
def test_every_post_has_a_desk_with_words_and_no_more_than_five_tabs(post: str) -> None:
    entries = entries_for(somebody(post))
    assert entries
    assert sum(entry.tab for entry in entries) <= 5
    assert [entry.name for entry in entries if not has(f"portal.nav.{entry.name}")] == []
    assert has(f"portal.desk.{post}")


def test_desks_and_posts_are_the_same_roles() -> None:
    assert set(DESKS) == set(POSTS)


def test_an_officer_who_acts_for_a_party_has_both_and_no_address_twice() -> None:
    addresses = [entry.address for entry in entries_for(somebody("window", "approver", acts_for=7))]
    assert len(addresses) == len(set(addresses))
    assert {"/my", "/inbox"} <= set(addresses)


def test_only_an_administrator_has_no_messages() -> None:
    assert "/messages" not in {entry.address for entry in entries_for(somebody("administrator"))}
    assert "/messages" in {entry.address for entry in entries_for(somebody("planner"))}


def test_the_first_page_is_that_of_the_post() -> None:
    firsts = {post: first_page(somebody(post)) for post in ("window", "planner", "administrator")}
    assert firsts == {"window": "/inbox", "planner": "/map", "administrator": "/rules"}
    assert first_page(somebody(acts_for=7)) == "/my"
