"""What the doors of people take and tell: sign-in, oneself, accounts with their posts, authorisations, parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.models import Account
from api.people.queries import PostRow
from api.permissions import packaged_permissions
from api.schemas.sheets import Day
from approvals.authorising import ActedFor, both_included
from approvals.models import Authorisation
from approvals.profiles import Verified

CSRF_RULE = "same-origin"
# No control characters: neither the database nor the record holds a NUL.
PRINTED = r"^[^\x00-\x1f\x7f]+$"


class SignInIn(BaseModel):
    """Login and password, or the login of a sample account."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"login": "zhang.li", "password": "…"},
                {"sample": "sample.window.371082"},
                {"login": "bank", "password": "…", "way": "token"},
            ]
        },
    )
    login: str | None = Field(default=None, min_length=1, max_length=64)
    password: str | None = Field(default=None, min_length=1, max_length=200)
    sample: str | None = Field(default=None, min_length=1, max_length=64)
    way: Literal["cookie", "token"] = Field(
        default="cookie", description="`cookie` for browsers; `token` tells it once, for `Authorization: Bearer`"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> SignInIn:
        if (self.sample is None) == (self.login is None) or (self.login is None) != (self.password is None):
            raise PydanticCustomError("login_or_sample", "give login and password, or sample")
        return self


class SignOutIn(BaseModel):
    """Where to sign out."""

    model_config = ConfigDict(extra="forbid")
    everywhere: bool = Field(default=False, description="End every session of the account, not only this one")


class AccountIn(BaseModel):
    """A new account."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"login": "zhang.li", "name": "张丽", "password": "…"}]}
    )
    login: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=100, pattern=PRINTED)
    password: str | None = Field(default=None, min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254, pattern=PRINTED)
    phone: str | None = Field(default=None, max_length=40, pattern=PRINTED)


class EmailIn(BaseModel):
    """The address to which copies of messages go; null for none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "zhang.li@sea.example"}]})
    email: str | None = Field(max_length=254, pattern=PRINTED)


class PasswordIn(BaseModel):
    """A new password."""

    model_config = ConfigDict(extra="forbid")
    password: str = Field(min_length=1, max_length=200)


class PostIn(BaseModel):
    """A post to be given: a role at a place by its code, everywhere where none is named; both days included."""

    model_config = ConfigDict(
        extra="forbid", populate_by_name=True, json_schema_extra={"examples": [{"role": "window", "place": "371082"}]}
    )
    role: str = Field(max_length=40)
    place: str | None = Field(default=None, max_length=40, description="Administrative or statistical code")
    first: Day | None = Field(default=None, alias="from", description="Today where none is given")
    last: Day | None = Field(default=None, alias="to")


def post_json(post: PostRow, lang: str) -> dict[str, Any]:
    """A post in words."""
    first, last = both_included(post.valid)
    place = None
    if post.place_id is not None:
        place = {"id": post.place_id, "code": post.place_code, "name": post.place_en if lang == "en" else post.place_zh}
    return {
        "id": post.id,
        "role": post.role,
        "label": packaged_permissions().roles[post.role][lang],
        "place": place,
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
    }


def account_json(account: Account, posts: Iterable[PostRow], lang: str) -> dict[str, Any]:
    """An account as administrators see it: whether it can be signed in to, never by what."""
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "sample": account.is_sample,
        "has_password": account.password_hash is not None,
        "disabled": account.disabled_at is not None,
        "locked_until": account.locked_until and account.locked_until.isoformat(),
        "posts": [post_json(post, lang) for post in posts],
    }


def acted_for_json(acted_for: ActedFor) -> dict[str, Any]:
    """A party that one acts for."""
    return {
        "party": acted_for.party,
        "name": acted_for.name,
        "kind": acted_for.kind,
        "authorisation": acted_for.authorisation,
        "from": acted_for.first and acted_for.first.isoformat(),
        "to": acted_for.last and acted_for.last.isoformat(),
    }


def profile_json(profile: Mapping[str, Verified]) -> dict[str, Any]:
    """Verified facts by field."""
    return {
        field: {
            "value": fact.value,
            "verified_on": fact.verified_on and fact.verified_on.isoformat(),
            "verified_by": fact.verified_by,
        }
        for field, fact in profile.items()
    }


def authorisation_json(row: Authorisation) -> dict[str, Any]:
    """An authorisation, taken back or not."""
    first, last = both_included(row.valid)
    return {
        "id": row.id,
        "account": row.account_id,
        "party": row.party_id,
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "basis": row.basis_digest,
        "withdrawn_at": row.withdrawn_at and row.withdrawn_at.isoformat(),
    }
