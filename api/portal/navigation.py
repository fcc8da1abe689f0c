"""Where each role's pages are: the entries of the rail, of the tabs on a phone, and the first page after sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.actors import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One way on: its text is `portal.nav.<name>`; `tab` puts it among the five tabs of a phone."""

    name: str
    address: str
    icon: str
    group: str = "work"
    tab: bool = False


MY = (
    Entry("my", "/my", "home", tab=True),
    Entry("my_parcels", "/my/parcels", "parcel", tab=True),
    Entry("my_cases", "/my/cases", "file", tab=True),
    Entry("my_bills", "/my/bills", "coins"),
    Entry("my_papers", "/my/papers", "shield"),
    Entry("asked", "/my/questions", "chat"),
)
INBOX = (
    Entry("inbox", "/inbox", "inbox", tab=True),
    Entry("inbox_all", "/inbox?show=all", "file", tab=True),
    Entry("inbox_due", "/inbox?show=due", "calendar", tab=True),
    Entry("inbox_asked", "/inbox?show=asked", "chat"),
)
MAP = Entry("map", "/map", "map", group="look", tab=True)
ZONES = Entry("zones", "/zones", "layers", group="look")
AUTHORISATIONS = Entry("authorisations", "/authorisations", "person")
RULES = Entry("rules", "/rules", "book", group="look")
JOBS = Entry("system_jobs", "/jobs", "gear", group="look")
PLANNING = (
    Entry("map", "/map", "map", tab=True),
    Entry("inbox_all", "/inbox?show=all", "file", tab=True),
    Entry("zones", "/zones", "layers", tab=True),
    Entry("rules", "/rules", "book", tab=True),
)
ADMINISTRATION = (
    Entry("rules", "/rules", "book", tab=True),
    Entry("zones", "/zones", "layers", tab=True),
    Entry("users", "/users", "people", tab=True),
    Entry("jobs", "/jobs", "gear", tab=True),
    Entry("system", "/system", "pulse"),
    Entry("templates", "/templates", "steps", group="look"),
    Entry("map", "/map", "map", group="look"),
)
MESSAGES = Entry("messages", "/messages", "bell", tab=True)
LOOK = (
    Entry("register", "/register", "list", group="look"),
    Entry("verify", "/verify", "shield_check", group="look"),
    Entry("guide", "/guide", "guide", group="look"),
)
DESKS = {
    "steward": (*INBOX, MAP, AUTHORISATIONS),
    "window": (*INBOX, MAP, AUTHORISATIONS),
    "reviewer": (*INBOX, MAP, RULES),
    "approver": (*INBOX, MAP, RULES),
    "registrar": (*INBOX, MAP),
    "planner": PLANNING,
    "administrator": ADMINISTRATION,
}
# The six words of the public bar (interface guide §5); statistics come with the pages that compute them.
PUBLIC = (
    Entry("guide", "/guide", "guide"),
    Entry("notices", "/notices", "notice"),
    Entry("register", "/register", "list"),
    Entry("check", "/check", "parcel"),
    Entry("verify", "/verify", "shield_check"),
    Entry("help", "/help", "question"),
)
# In this order whoever holds several posts finds them.
POSTS = ("window", "reviewer", "approver", "registrar", "steward", "planner", "administrator")


def entries_for(actor: Actor) -> tuple[Entry, ...]:
    """The rail of a person: its posts' pages, then what it may do for parties, messages, and what everybody may look up.

    >>> [entry.name for entry in entries_for(Actor.public())]
    []
    >>> entries_for(Actor(person=1, posts=frozenset({("window", 3)})))[0].address
    '/inbox'
    """
    if actor.person is None:
        return ()
    held = {role for role, _ in actor.posts}
    found = [entry for post in POSTS if post in held for entry in DESKS[post]]
    if actor.acts_for or not held:
        found = [*MY, *found]
    if held != {"administrator"}:
        found.append(MESSAGES)
    found.extend(LOOK)
    # What one works with first, then what one looks up; the rail has a heading between them.
    return _once(sorted(found, key=lambda entry: entry.group == "look"))


def first_page(actor: Actor) -> str:
    """Where a person begins after sign-in.

    >>> first_page(Actor(person=1, acts_for=frozenset({2}))), first_page(Actor.public())
    ('/my', '/')
    """
    entries = entries_for(actor)
    return entries[0].address if entries else "/"


def desk_of(actor: Actor) -> str:
    """The word beside the mark: the first post, or the enterprise's."""
    held = {role for role, _ in actor.posts}
    return next((post for post in POSTS if post in held), "enterprise")


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        seen.setdefault(entry.address, entry)
    return tuple(seen.values())
