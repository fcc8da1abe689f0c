"""Who acts for whom: authorisations entered at the window, and the parties that one acts for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, UploadFile
from sqlalchemy.orm import Session

from api.deps import Asker, Reading, Somebody, TheHouse, Today, Writing
from api.gates import act
from api.idempotency import Once
from api.people import accounts
from api.permissions import Subject, demand
from api.schemas.people import acted_for_json, authorisation_json, profile_json
from api.schemas.problems import refuses
from api.schemas.sheets import Day
from approvals import authorising
from approvals.authorising import Authorising
from approvals.materials import clean_name, sniff
from approvals.models import Authorisation
from approvals.profiles import profile_of, shown
from data.answers import Refusal
from parcels.papers import keep_file

router = APIRouter(tags=["people"])
Number = Annotated[int, Query(ge=1, le=2**63 - 1)]


@router.post(
    "/authorisations",
    summary="Enter that a person acts for a party",
    status_code=201,
    responses=refuses(401, 403, 404, 409, 413, 415),
)
@act("authorisation.grant")
def grant(
    session: Writing,
    by: Asker,
    today: Today,
    once: Once,
    login: Annotated[str, Form(max_length=64, description="Login of the person")],
    party: Annotated[int, Form(ge=1, le=2**63 - 1)],
    first: Annotated[Day | None, Form(alias="from", description="Today where none is given")] = None,
    last: Annotated[Day | None, Form(alias="to", description="Until it is taken back where none is given")] = None,
    basis: Annotated[UploadFile | None, File(description="The document by which it is given")] = None,
    basis_digest: Annotated[str | None, Form(max_length=80, description="Or the digest of a kept file")] = None,
) -> Any:
    """With the document by which it is given, as a file or as the digest (`sha256:…`) of a kept one. Nobody enters his own."""
    account = accounts.by_login(session, login)
    asked = Authorising(
        account=account.id, party=party, first=first or today, last=last, basis=_basis(session, basis, basis_digest)
    )
    return once.keep(authorisation_json(authorising.grant(session, asked, actor=by)), 201)


def _basis(session: Session, file: UploadFile | None, digest: str | None) -> str:
    """The digest of the document: of the file that came, kept and known by its content, or the one told."""
    if (file is None) == (digest is None):
        raise Refusal("authorisation.basis_missing")
    if file is None:
        return digest or ""
    name, content = clean_name(file.filename or "basis"), file.file.read()
    sniff(content, name)
    return keep_file(session, name, content)


@router.get("/authorisations", summary="Who acts for a party", responses=refuses(401, 403, 404))
@act("authorisation.see")
def listed(session: Reading, by: Asker, party: Number) -> dict[str, Any]:
    """Newest first, those taken back included."""
    demand(by, "authorisation.see", Subject(party_ids=frozenset({party})))
    return {"authorisations": [authorisation_json(row) for row in authorising.authorisations_of_party(session, party)]}


@router.delete("/authorisations/{number}", summary="Take an authorisation back", responses=refuses(401, 403, 404, 409))
@act("authorisation.withdraw")
def withdraw(number: int, session: Writing, by: Asker, once: Once) -> Any:
    """At once; what was done under it stands."""
    row = _there(session, number)
    demand(by, "authorisation.withdraw", Subject(party_ids=frozenset({row.party_id})))
    authorising.withdraw(session, row, actor=by)
    return once.keep(authorisation_json(row))


def _there(session: Session, number: int) -> Authorisation:
    row = authorising.authorisation(session, number) if 0 < number < 2**63 else None
    if row is None:
        raise Refusal("problems.not_found")
    return row


@router.get(
    "/parties/mine", summary="The parties that one acts for, with their verified facts", responses=refuses(401, 403)
)
@act("party.mine")
def mine(session: Reading, who: Somebody, home: TheHouse, today: Today) -> dict[str, Any]:
    """Identity numbers of persons are masked; a form that takes them over holds them whole."""
    person = who.actor.person or 0
    told = [
        {**acted_for_json(each), "profile": profile_json(shown(profile_of(session, each.party, keys=home.keys)))}
        for each in authorising.parties_of(session, person, today)
    ]
    return {"parties": told}
