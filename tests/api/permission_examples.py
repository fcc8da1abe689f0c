"""How each route is asked in the permission test: an address and a body for its object, and what its object is.

A route without a line here fails `test_every_route_has_an_example`. A new route that takes an object gets a line with `path` (and
`subject`, where the route judges the object); one that needs a body or a query to come as far as its object gets `body`, `form` or
`query` too. An act whose route is not written yet stands in `PENDING`; it leaves that list with its route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.permissions import Subject
from tests.api.world import CUT, DRAFT, SOUTH

PENDING: frozenset[str] = frozenset(
    {
        "case.act",
        "case.acts.see",
        "case.bill.see",
        "case.check.see",
        "case.clock.see",
        "case.events.see",
        "case.form.fill",
        "case.form.see",
        "case.holders.set",
        "case.list",
        "case.material.add",
        "case.material.see",
        "case.material.withdraw",
        "case.open",
        "case.paper.file",
        "case.papers.see",
        "case.questions.see",
        "case.see",
        "case.sign.ask",
        "case.sign.give",
        "case.use.set",
        "document.verify",
        "message.list",
        "message.open",
        "notice.list",
        "question.answer",
        "question.answer_by_link",
    }
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One of three: the applicant's own at Rongcheng, another party's there, another party's at Rushan (`name` says which)."""

    name: str
    party: int
    place: str
    login: str
    authorisation: int
    case: str
    case_subject: Subject
    question: int
    question_subject: Subject

    @property
    def party_subject(self) -> Subject:
        """What is the party's own and has no place."""
        return Subject(party_ids=frozenset({self.party}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How one route is asked about a thing; `subject` None: the route takes no object that it judges."""

    path: Callable[[Thing], str] | None = None
    query: str = ""
    body: Callable[[Thing], Any] | None = None
    form: Callable[[Thing], Mapping[str, str]] | None = None
    subject: Callable[[Thing], Subject] | None = None


PLAIN = Example()
DRAFT_IN_DEGREES = [[lon / 3_600_000, lat / 3_600_000] for lon, lat in (*DRAFT, DRAFT[0])]

EXAMPLES: Mapping[tuple[str, str], Example] = {
    ("GET", "/healthz"): PLAIN,
    ("GET", "/readyz"): PLAIN,
    ("GET", "/"): PLAIN,
    ("POST", "/api/v1/files"): Example(body=lambda thing: {"text": "点号,经度,纬度\n1,122.5,37.1\n"}),
    ("POST", "/api/v1/checks"): Example(
        body=lambda thing: {
            "boundary": {"geojson": {"type": "Polygon", "coordinates": [DRAFT_IN_DEGREES]}},
            "type": "13",
            "mode": "41",
        }
    ),
    ("GET", "/api/v1/register"): Example(query="bbox=122.4,37.0,122.6,37.2"),
    ("GET", "/api/v1/register/{code}"): Example(path=lambda thing: "/api/v1/register/HAIYU-EAST"),
    ("GET", "/api/v1/zones"): Example(query=f"bbox={CUT / 3.6e6 - 1},{SOUTH / 3.6e6 - 1},123,38"),
    ("GET", "/api/v1/ground"): PLAIN,
    ("GET", "/api/v1/rules"): PLAIN,
    ("GET", "/api/v1/system/jobs"): PLAIN,
    ("GET", "/api/v1/rules/{rule_id}"): Example(path=lambda thing: "/api/v1/rules/days.promised"),
    ("GET", "/api/v1/rules/{rule_id}/entries"): Example(path=lambda thing: "/api/v1/rules/fee.rate/entries"),
    ("POST", "/api/v1/rules/{rule_id}/entries"): Example(
        path=lambda thing: "/api/v1/rules/fee.rate/entries", form=lambda thing: {"value": "0.06"}
    ),
    ("POST", "/api/v1/rules/{rule_id}/confirmations"): Example(
        path=lambda thing: "/api/v1/rules/fee.rate/confirmations", form=lambda thing: {"key": "mode=41"}
    ),
    ("DELETE", "/api/v1/rules/{rule_id}/entries/{number}"): Example(
        path=lambda thing: "/api/v1/rules/fee.rate/entries/1"
    ),
    ("POST", "/api/v1/fees"): Example(
        body=lambda thing: {
            "place": thing.place,
            "from": "2027-01-01",
            "years": 1,
            "units": [{"mode": "23", "hectares": "10"}],
        }
    ),
    ("GET", "/api/v1/clock"): Example(query="from=2026-09-24&days=8"),
    ("GET", "/api/v1/problems/{code}"): Example(path=lambda thing: "/api/v1/problems/problems.busy"),
    # People.
    ("POST", "/api/v1/sign-in"): Example(body=lambda thing: {"sample": thing.login, "way": "token"}),
    ("POST", "/api/v1/sign-out"): PLAIN,
    ("GET", "/api/v1/me"): PLAIN,
    ("GET", "/api/v1/sign-in/samples"): PLAIN,
    ("GET", "/api/v1/parties/mine"): PLAIN,
    ("POST", "/api/v1/authorisations"): Example(
        form=lambda thing: {"login": thing.login, "party": str(thing.party), "basis_digest": "sha256:none"}
    ),
    ("GET", "/api/v1/authorisations"): Example(
        path=lambda thing: f"/api/v1/authorisations?party={thing.party}", subject=lambda thing: thing.party_subject
    ),
    ("DELETE", "/api/v1/authorisations/{number}"): Example(
        path=lambda thing: f"/api/v1/authorisations/{thing.authorisation}", subject=lambda thing: thing.party_subject
    ),
    ("GET", "/api/v1/accounts"): PLAIN,
    ("POST", "/api/v1/accounts"): Example(body=lambda thing: {"login": "new.person", "name": "新人"}),
    ("POST", "/api/v1/accounts/{login}/posts"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/posts",
        body=lambda thing: {"role": "steward", "place": thing.place},
    ),
    ("DELETE", "/api/v1/accounts/{login}/posts/{role}"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/posts/steward?place={thing.place}"
    ),
    ("PUT", "/api/v1/accounts/{login}/password"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/password",
        body=lambda thing: {"password": "correct horse battery staple"},
    ),
    ("POST", "/api/v1/accounts/{login}/disabling"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/disabling"
    ),
    ("POST", "/api/v1/accounts/{login}/sign-out"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/sign-out"
    ),
    # Cases: a route that takes a case is asked as
    #   ("GET", "/api/v1/cases/{number}"): Example(
    #       path=lambda thing: f"/api/v1/cases/{thing.case}", subject=lambda thing: thing.case_subject),
}
