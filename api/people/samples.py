"""Sample accounts: one for each role and place of the story, and for each sample party one who acts for it.

They have no password; they are signed in to as samples, where samples are offered (docs/people.md). All names say 示例.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.models import Account, AccountPost
from api.people import accounts, queries
from api.people.accounts import NewAccount
from api.people.places import place_of_code
from approvals import authorising, profiles
from approvals.authorising import Authorising
from data.actors import Actor
from marine.identifiers import id_check, uscc_check
from parcels.models import Party
from parcels.papers import keep_file
from parcels.parties import PartyKeys, find_party
from parcels.samples.people import PARTIES, SampleParty

VERIFIED_BY = "示例核验"
ADMINISTRATOR = Actor.administrator()
RONGCHENG, RUSHAN, WEIHAI = "371082", "371083", "371000"


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A login, a name, and what makes the person somebody: a post (role, place code), or a sample party acted for."""

    login: str
    name: str
    role: str | None = None
    place: str | None = None
    party: int | None = None


@dataclass(frozen=True, slots=True)
class SampleProfile:
    """What was verified of a sample party beside its name and number: the same fields as a form takes over."""

    address: str
    phone: str
    legal_person: str | None = None
    # Without its check character, as in parcels.samples.people.
    legal_person_id: str | None = field(default=None, repr=False)


ACCOUNTS = (
    SampleAccount("sample.oyster", "张示例", party=0),
    SampleAccount("sample.seafood", "王示例", party=1),
    SampleAccount("sample.cooperative", "刘示例", party=2),
    SampleAccount("sample.village", "陈示例", party=3),
    SampleAccount("sample.person", "李示例", party=4),
    SampleAccount("sample.shipyard", "赵示例", party=5),
    SampleAccount("sample.steward.371082", "孙示例", "steward", RONGCHENG),
    SampleAccount("sample.window.371082", "周示例", "window", RONGCHENG),
    SampleAccount("sample.reviewer.371082", "吴示例", "reviewer", RONGCHENG),
    SampleAccount("sample.approver.371082", "郑示例", "approver", RONGCHENG),
    SampleAccount("sample.registrar.371082", "冯示例", "registrar", RONGCHENG),
    SampleAccount("sample.window.371083", "褚示例", "window", RUSHAN),
    SampleAccount("sample.reviewer.371083", "卫示例", "reviewer", RUSHAN),
    SampleAccount("sample.approver.371083", "蒋示例", "approver", RUSHAN),
    SampleAccount("sample.registrar.371083", "沈示例", "registrar", RUSHAN),
    SampleAccount("sample.approver.371000", "韩示例", "approver", WEIHAI),
    SampleAccount("sample.planner.371000", "杨示例", "planner", WEIHAI),
    SampleAccount("sample.administrator", "朱示例", "administrator"),
)
# Nobody's: telephone numbers that no exchange gives out, streets that do not exist, identity numbers of people born in 1900.
PROFILES = (
    SampleProfile("山东省荣成市示例路 1 号", "0631-00000001", "张示例", "37108219000101003"),
    SampleProfile("山东省乳山市示例路 2 号", "0631-00000002", "王示例", "37108319000101004"),
    SampleProfile("山东省荣成市示例镇示例路 3 号", "0631-00000003", "刘示例", "37108219000101005"),
    SampleProfile("山东省荣成市示例镇示例村", "0631-00000004", "陈示例", "37108219000101006"),
    SampleProfile("山东省荣成市示例镇示例村 5 号", "0631-00000005"),
    SampleProfile("山东省威海市经济技术开发区示例路 6 号", "0631-00000006", "赵示例", "37100219000101007"),
)
ID_KINDS: Mapping[str, str] = {"uscc": "uscc", "id18": "id_card"}


def are_wanted(session: Session) -> bool:
    """Whether the sample world is here and nobody has an account yet."""
    sample = session.scalar(select(Party.id).where(Party.mark == "sample").limit(1))
    return sample is not None and not queries.has_accounts(session)


def posts_since(session: Session) -> date | None:
    """Since when all sample officers hold their posts; None where there are none."""
    query = (
        select(func.max(func.lower(AccountPost.valid)))
        .join(Account, Account.id == AccountPost.account_id)
        .where(Account.is_sample)
    )
    return session.scalar(query)


def lay(session: Session, *, keys: PartyKeys, today: date) -> None:
    """Make the accounts with posts, authorisations and profiles, from this day on; the caller commits."""
    parties = [find_party(session, sample.scheme, number_of(sample), keys=keys) for sample in PARTIES]
    for sample, profile, party in zip(PARTIES, PROFILES, parties, strict=True):
        if party is None:
            raise RuntimeError(f"the sample world has no party {sample.zh}, or its keys are others")
        _verify(session, sample, profile, party, keys, today)
    for person in ACCOUNTS:
        made = accounts.add(
            session, NewAccount(login=person.login, name=person.name, is_sample=True), actor=ADMINISTRATOR
        )
        if person.role is not None:
            place = place_of_code(session, person.place, today)
            accounts.give_post(session, made, person.role, place, first=today, actor=ADMINISTRATOR)
        if person.party is not None:
            party = parties[person.party]
            assert party is not None
            basis = _basis(session, person.name, PARTIES[person.party].zh)
            asked = Authorising(account=made.id, party=party, first=today, basis=basis)
            authorising.grant(session, asked, actor=ADMINISTRATOR)


def number_of(sample: SampleParty) -> str:
    """A sample party's whole number."""
    return sample.body + (uscc_check(sample.body) if sample.scheme == "uscc" else id_check(sample.body))


def _verify(
    session: Session, sample: SampleParty, profile: SampleProfile, party: int, keys: PartyKeys, today: date
) -> None:
    """The facts that the one form takes from a profile (data/forms/establishment.yaml, source `profile`)."""
    facts = {
        "applicant_name": sample.zh,
        "id_kind": ID_KINDS[sample.scheme],
        "id_number": number_of(sample),
        "address": profile.address,
        "phone": profile.phone,
    }
    if profile.legal_person is not None and profile.legal_person_id is not None:
        facts["legal_person"] = profile.legal_person
        facts["legal_person_id"] = profile.legal_person_id + id_check(profile.legal_person_id)
    profiles.verify(session, party, facts, verified_on=today, verified_by=VERIFIED_BY, keys=keys, actor=ADMINISTRATOR)


def _basis(session: Session, person: str, party: str) -> str:
    """The paper by which a sample person acts for a sample party; where the two are one, it says so."""
    told = f"{person}为本人办理。" if person == party else f"{party}授权{person}办理用海事项。"
    return keep_file(session, f"授权书（{person}）.txt", f"{told}\n示例数据，无效。 Sample data, not valid.\n".encode())
