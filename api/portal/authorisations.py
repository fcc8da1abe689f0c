"""Who may act for whom, for the window: a party is found, its authorisations are listed, entered with their document, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.deps import GREATEST_ROW
from api.gates import act
from api.people.queries import names_of
from api.permissions import Subject, packaged_permissions
from api.portal.shell import InShell, Shell
from api.schemas.people import authorisation_json
from api.schemas.words import Text
from approvals import authorising
from approvals.models import Authorisation
from parcels.queries.known_parties import FoundParty, find_parties, party_found

router = APIRouter(include_in_schema=False)
# Posts that may open a case for a party that stands before them.
OPENERS = frozenset({"steward", "window"})
Words = Annotated[Text, Query(max_length=80)]
Party = Annotated[int | None, Query(ge=1, le=GREATEST_ROW)]


@router.get("/authorisations")
@act("party.find")
def authorisations(shell: InShell, q: Words = "", party: Party = None) -> Response:
    """Find a party, then see and change who acts for it."""
    chosen = party_found(shell.session, party, shell.today) if party else None
    found = find_parties(shell.session, q, shell.today, keys=shell.works.keys) if not chosen else []
    return shell.show("people/authorisations.html", q=q, found=found, party=chosen, **_rows(shell, chosen))


def _rows(shell: Shell, chosen: FoundParty | None) -> dict[str, Any]:
    """Who acts for the party where the reader may know it, and what the reader may do for the party."""
    if chosen is None:
        return {"rows": [], "sees": False, "may_change": False, "may_open": False}
    subject, actor = Subject(party_ids=frozenset({chosen.id})), shell.works.actor
    allowed = packaged_permissions().allowed
    sees = allowed(actor, "authorisation.see", subject)
    return {
        "rows": _told(shell, authorising.authorisations_of_party(shell.session, chosen.id)) if sees else [],
        "sees": sees,
        "may_change": allowed(actor, "authorisation.grant", subject),
        # For which place is judged when the sea is known.
        "may_open": bool({role for role, _ in actor.posts} & OPENERS),
    }


def _told(shell: Shell, rows: Sequence[Authorisation]) -> list[dict[str, Any]]:
    """Each with the person's name and whether it stands today, those that stand first."""
    names = names_of(shell.session, [row.account_id for row in rows])
    day = shell.today.isoformat()
    told = []
    for row in rows:
        known = authorisation_json(row)
        over = known["to"] is not None and known["to"] < day
        ahead = known["from"] is not None and known["from"] > day
        standing = "withdrawn" if known["withdrawn_at"] else "over" if over else "ahead" if ahead else "stands"
        told.append({**known, "who": names.get(row.account_id, str(row.account_id)), "standing": standing})
    return sorted(told, key=lambda each: each["standing"] not in ("stands", "ahead"))
