"""How each route is asked in the permission test: an address and a body for its object, and what its object is.

A route without a line here fails `test_every_route_has_an_example`. A new route that takes an object gets a line with `path` (and
`subject`, where the route judges the object); one that needs a body or a query to come as far as its object gets `body`, `form`,
`files` or `query` too. What a case, a question, a message … of a thing is: `permission_things.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.permissions import Subject
from tests.api.permission_things import Thing
from tests.api.world import CUT, DRAFT, SOUTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How one route is asked about a thing; `subject` None: the route takes no object that it judges."""

    path: Callable[[Thing], str] | None = None
    query: str = ""
    body: Callable[[Thing], Any] | None = None
    form: Callable[[Thing], Mapping[str, str]] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    subject: Callable[[Thing], Subject] | None = None


PLAIN = Example()
# The sea of Rushan begins that far west and south of the parcel off Rongcheng, in milliseconds of arc.
TO_RUSHAN = (-2_700_000, -1_260_000)
NOTE = {"file": ("note.txt", "示例。".encode(), "text/plain")}


def use_at(thing: Thing) -> dict[str, Any]:
    """A use of the sea at the thing's place."""
    west, south = TO_RUSHAN if thing.place == "371083" else (0, 0)
    exterior = [[lon + west, lat + south] for lon, lat in DRAFT]
    days = {"from": "2027-01-01", "to": "2041-12-31"}
    return {"boundary": {"exterior": exterior}, "type": "13", "mode": "41", **days}


def of_case(below: str = "", **given: Any) -> Example:
    """A route of a case."""
    return Example(
        path=lambda thing: f"/api/v1/cases/{thing.case}{below}", subject=lambda thing: thing.case_subject, **given
    )


def of_material(below: str = "") -> Example:
    """A route of a file on a case's file."""
    return Example(
        path=lambda thing: f"/api/v1/cases/{thing.case}/materials/{thing.material}{below}",
        subject=lambda thing: thing.case_subject,
    )


EXAMPLES: Mapping[tuple[str, str], Example] = {
    ("GET", "/healthz"): PLAIN,
    ("GET", "/readyz"): PLAIN,
    ("GET", "/"): PLAIN,
    ("POST", "/api/v1/files"): Example(body=lambda thing: {"text": "点号,经度,纬度\n1,122.5,37.1\n"}),
    ("POST", "/api/v1/checks"): Example(body=use_at),
    ("GET", "/api/v1/register"): Example(query="bbox=122.4,37.0,122.6,37.2"),
    ("GET", "/api/v1/register/{code}"): Example(path=lambda thing: "/api/v1/register/HAIYU-EAST"),
    ("GET", "/api/v1/zones"): Example(query=f"bbox={CUT / 3.6e6 - 1},{SOUTH / 3.6e6 - 1},123,38"),
    ("GET", "/api/v1/zones/layers"): PLAIN,
    ("POST", "/api/v1/zones/layers/{code}/versions"): Example(
        path=lambda thing: "/api/v1/zones/layers/nobodys/versions", form=lambda thing: {"kind": "zones"}, files=NOTE
    ),
    ("GET", "/api/v1/zones/layers/{code}/versions/{number}"): Example(
        path=lambda thing: "/api/v1/zones/layers/nobodys/versions/1"
    ),
    ("GET", "/api/v1/zones/layers/{code}/versions/{number}/changes"): Example(
        path=lambda thing: "/api/v1/zones/layers/nobodys/versions/1/changes"
    ),
    ("POST", "/api/v1/zones/layers/{code}/versions/{number}/publication"): Example(
        path=lambda thing: "/api/v1/zones/layers/nobodys/versions/1/publication", body=lambda thing: {}
    ),
    ("DELETE", "/api/v1/zones/layers/{code}/versions/{number}"): Example(
        path=lambda thing: "/api/v1/zones/layers/nobodys/versions/1"
    ),
    ("GET", "/api/v1/planning/units"): Example(query="bbox=122.4,37.0,122.6,37.2"),
    ("GET", "/api/v1/planning/export"): Example(query="bbox=122.4,37.0,122.6,37.2"),
    ("GET", "/api/v1/planning/zones"): Example(query="bbox=122.4,37.0,122.6,37.2"),
    ("GET", "/api/v1/planning/sites"): Example(query="bbox=121.5,36.7,122.6,37.6"),
    ("GET", "/api/v1/planning/years"): PLAIN,
    ("GET", "/map"): PLAIN,
    ("GET", "/zones"): PLAIN,
    ("GET", "/zones/new"): PLAIN,
    ("GET", "/zones/{code}/{number}"): Example(path=lambda thing: "/zones/nobodys/1"),
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
    ("PUT", "/api/v1/me/email"): Example(body=lambda thing: {"email": "someone@sea.example"}),
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
    ("PUT", "/api/v1/accounts/{login}/email"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/email", body=lambda thing: {"email": None}
    ),
    ("POST", "/api/v1/accounts/{login}/disabling"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/disabling"
    ),
    ("POST", "/api/v1/accounts/{login}/enabling"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/enabling"
    ),
    ("POST", "/api/v1/accounts/{login}/sign-out"): Example(
        path=lambda thing: f"/api/v1/accounts/{thing.login}/sign-out"
    ),
    # Cases.
    ("POST", "/api/v1/cases"): Example(
        body=lambda thing: {"party": thing.party, "use": use_at(thing)}, subject=lambda thing: thing.opening_subject
    ),
    ("GET", "/api/v1/cases"): PLAIN,
    ("GET", "/api/v1/cases/{number}"): of_case(),
    ("PUT", "/api/v1/cases/{number}/use"): of_case("/use", body=lambda thing: {"use": use_at(thing)}),
    ("GET", "/api/v1/cases/{number}/check"): of_case("/check"),
    ("GET", "/api/v1/cases/{number}/acts"): of_case("/acts"),
    ("POST", "/api/v1/cases/{number}/acts"): of_case("/acts", body=lambda thing: {"act": "decision.approve"}),
    ("GET", "/api/v1/cases/{number}/clock"): of_case("/clock"),
    ("GET", "/api/v1/cases/{number}/events"): of_case("/events"),
    ("POST", "/api/v1/cases/{number}/presence"): of_case("/presence"),
    ("DELETE", "/api/v1/cases/{number}/presence"): of_case("/presence"),
    ("GET", "/api/v1/cases/{number}/form"): of_case("/form"),
    ("PATCH", "/api/v1/cases/{number}/form"): of_case("/form", body=lambda thing: {"answers": {"contact": "李四"}}),
    ("PUT", "/api/v1/cases/{number}/holders"): of_case(
        "/holders", body=lambda thing: {"holders": [{"party": thing.party}]}
    ),
    ("GET", "/api/v1/cases/{number}/signing"): of_case("/signing"),
    ("POST", "/api/v1/cases/{number}/signing"): of_case("/signing", body=lambda thing: {}),
    ("POST", "/api/v1/cases/{number}/signature"): of_case("/signature", body=lambda thing: {"scan": "0" * 64}),
    ("GET", "/api/v1/cases/{number}/materials"): of_case("/materials"),
    ("POST", "/api/v1/cases/{number}/materials"): of_case(
        "/materials", form=lambda thing: {"name": "credit"}, files=NOTE
    ),
    ("GET", "/api/v1/cases/{number}/materials/{material}"): of_material(),
    ("GET", "/api/v1/cases/{number}/materials/{material}/preview"): of_material("/preview"),
    ("DELETE", "/api/v1/cases/{number}/materials/{material}"): of_material(),
    ("GET", "/api/v1/cases/{number}/papers"): of_case("/papers"),
    ("GET", "/api/v1/cases/{number}/papers/{paper}"): of_case("/papers/1"),
    ("GET", "/api/v1/cases/{number}/bill"): of_case("/bill"),
    ("GET", "/api/v1/cases/{number}/questions"): of_case("/questions"),
    # What a case asks, tells and issues.
    ("POST", "/api/v1/questions/{question}/answer"): Example(
        path=lambda thing: f"/api/v1/questions/{thing.question}/answer",
        body=lambda thing: {"outcome": "give"},
        subject=lambda thing: thing.question_subject,
    ),
    ("GET", "/api/v1/answers/{token}"): Example(path=lambda thing: "/api/v1/answers/nobody-holds-this-link"),
    ("POST", "/api/v1/answers/{token}"): Example(
        path=lambda thing: "/api/v1/answers/nobody-holds-this-link", body=lambda thing: {"outcome": "give"}
    ),
    ("GET", "/api/v1/notices"): PLAIN,
    ("POST", "/api/v1/notices/{number}/comments"): Example(
        path=lambda thing: f"/api/v1/notices/{thing.case}/comments",
        body=lambda thing: {"stance": "remark", "words": "示例意见。"},
    ),
    ("GET", "/api/v1/cases/{number}/comments"): of_case("/comments"),
    ("GET", "/api/v1/messages"): PLAIN,
    ("POST", "/api/v1/messages/opened"): Example(body=lambda thing: {"messages": [thing.message]}),
    ("POST", "/api/v1/messages/{message}/opened"): Example(
        path=lambda thing: f"/api/v1/messages/{thing.message}/opened", subject=lambda thing: thing.party_subject
    ),
    ("GET", "/api/v1/documents/{code}"): Example(path=lambda thing: "/api/v1/documents/ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"),
    ("POST", "/api/v1/documents/verification"): Example(files=NOTE),
    ("GET", "/api/v1/documents/{code}/file"): Example(
        path=lambda thing: f"/api/v1/documents/{thing.document}/file", subject=lambda thing: thing.case_subject
    ),
    # Pages of the portal.
    ("GET", "/sign-in"): PLAIN,
    ("GET", "/desk"): PLAIN,
    ("GET", "/design"): PLAIN,
    ("GET", "/inbox"): PLAIN,
    ("GET", "/rules"): PLAIN,
    ("GET", "/rules/{rule_id}"): Example(path=lambda thing: "/rules/fee.rate"),
    ("GET", "/users"): PLAIN,
    ("GET", "/jobs"): PLAIN,
    ("GET", "/system"): PLAIN,
    ("GET", "/templates"): PLAIN,
    ("POST", "/api/v1/system/jobs/again"): Example(body=lambda thing: {"numbers": []}),
    ("GET", "/check"): PLAIN,
    ("GET", "/parcels/new"): PLAIN,
    ("GET", "/cases/{number}/parcel"): Example(
        path=lambda thing: f"/cases/{thing.case}/parcel", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/cases/{number}/form"): Example(
        path=lambda thing: f"/cases/{thing.case}/form", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/cases/{number}/decision"): Example(
        path=lambda thing: f"/cases/{thing.case}/decision", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/cases/{number}/since/{seq}"): Example(
        path=lambda thing: f"/cases/{thing.case}/since/0", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/authorisations"): PLAIN,
    ("GET", "/cases/{number}/registration"): Example(
        path=lambda thing: f"/cases/{thing.case}/registration", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/cases/{number}"): Example(
        path=lambda thing: f"/cases/{thing.case}", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/my"): PLAIN,
    ("GET", "/my/parcels"): PLAIN,
    ("GET", "/my/cases"): PLAIN,
    ("GET", "/my/cases/{number}"): Example(
        path=lambda thing: f"/my/cases/{thing.case}", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/my/cases/{number}/papers"): Example(
        path=lambda thing: f"/my/cases/{thing.case}/papers", subject=lambda thing: thing.case_subject
    ),
    ("GET", "/my/bills"): PLAIN,
    ("GET", "/my/papers"): PLAIN,
    ("GET", "/my/members"): PLAIN,
    ("GET", "/my/questions"): PLAIN,
    ("GET", "/my/questions/{question}"): Example(
        path=lambda thing: f"/my/questions/{thing.question}", subject=lambda thing: thing.question_subject
    ),
    ("GET", "/answers/{token}"): Example(path=lambda thing: "/answers/unknown"),
    ("GET", "/messages"): PLAIN,
    ("GET", "/onward"): Example(query="to=check"),
    ("GET", "/search"): PLAIN,
    ("GET", "/search/understood"): PLAIN,
    ("GET", "/guide"): PLAIN,
    ("GET", "/guide/{template}"): Example(path=lambda thing: "/guide/establishment"),
    ("GET", "/register"): PLAIN,
    ("GET", "/register/{code}"): Example(path=lambda thing: "/register/HAIYU-EAST"),
    ("GET", "/notices"): PLAIN,
    ("GET", "/notices/{number}"): Example(path=lambda thing: f"/notices/{thing.case}"),
    ("GET", "/help"): PLAIN,
    ("GET", "/verify"): PLAIN,
    ("GET", "/verify/{code}"): Example(path=lambda thing: "/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"),
    ("POST", "/verify"): Example(files=NOTE),
}
