"""What the routes of cases are asked: a use of the sea to open a case with, answers, holders, signatures, acts, answers to questions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.checks import ABOUT_THE_BOUNDARY, EXAMPLE, CheckIn
from api.schemas.words import Json, Text
from approvals.cases.acting import Asked
from approvals.cases.comments import Comment
from approvals.cases.drafting import HolderShare
from data.keepable import LARGEST_WHOLE

Name = Annotated[Text, Field(min_length=1, max_length=80)]
Words = Annotated[Text, Field(max_length=4_000)]
Version = Annotated[
    int | None,
    Field(ge=0, le=LARGEST_WHOLE, description="The case's version as you read it; another one is refused with 409"),
]
RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
# A field of the form, of a co-holder too, or a material: names only, for they stand in the hashed body.
Item = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(@[1-9][0-9]?)?$", max_length=80)]
MOST = 200
Digest = Annotated[str, Field(pattern=r"^(sha256:)?[0-9a-f]{64}$")]


class Closed(BaseModel):
    """A body whose unknown keys are faults."""

    model_config = ConfigDict(extra="forbid")


class UseIn(CheckIn):
    """The use of the sea that a case asks for: what a check is asked, and the specific use of each unit."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})
    unit_uses: list[Words] = Field(default_factory=list, max_length=2_000, description="具体用途, one for each unit")
    source: Digest | None = Field(default=None, description="Digest of the file that the boundary was read from")
    beside: ClassVar[frozenset[str]] = ABOUT_THE_BOUNDARY | {"unit_uses", "source"}


class CaseIn(Closed):
    """A case to be opened for a party that you act for (or, as an officer, that stands before you)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"party": 1, "project_code": "2026-371082-04-01-000001", "use": EXAMPLE}]},
    )
    template: Name = "establishment"
    party: RowNumber
    use: UseIn
    project_code: Name | None = None
    follows: Annotated[Text, Field(max_length=80)] | None = Field(
        default=None, description="Number of an ended case that this one files anew"
    )


class UseSet(Closed):
    """Another use for the same case."""

    use: UseIn
    version: Version = None


class FormIn(Closed):
    """Answers by field; null takes an answer out. Co-holders answer as `field@2`, `field@3` …"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"answers": {"contact": "李四", "project_nature": "commercial"}, "version": 3}]
        },
    )
    answers: dict[Name, Json] = Field(min_length=1, max_length=MOST)
    version: Version = None


class HolderIn(Closed):
    """One holder with its part."""

    party: RowNumber
    holding: Literal["sole", "joint", "shares"] = "sole"
    numerator: int | None = Field(default=None, ge=1, le=1_000_000)
    denominator: int | None = Field(default=None, ge=1, le=1_000_000)

    def share(self) -> HolderShare:
        """The holder as the case takes it."""
        return HolderShare(self.party, self.holding, self.numerator, self.denominator)


class HoldersIn(Closed):
    """Everybody who is to hold the right, the applicant first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "holders": [
                        {"party": 1, "holding": "shares", "numerator": 2, "denominator": 3},
                        {"party": 2, "holding": "shares", "numerator": 1, "denominator": 3},
                    ]
                }
            ]
        },
    )
    holders: list[HolderIn] = Field(min_length=1, max_length=50)
    version: Version = None


class SigningAsk(Closed):
    """A code is asked for; nothing else to say."""

    version: Version = None


class SignatureIn(Closed):
    """The code that was sent, or the digest of the stamped scan on the case's file."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "042137"}]})
    code: Annotated[str, Field(pattern=r"^\s*[0-9]{6}\s*$")] | None = None
    scan: Digest | None = None
    version: Version = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.code is None) == (self.scan is None):
            raise PydanticCustomError("code_or_scan", "give code or scan, one of them")
        return self


class ActIn(Closed):
    """An act on a case. `GET /cases/{number}/acts` says which are possible and what each needs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "act": "acceptance.accept",
                    "checklist": {"right_window": "pass", "papers_complete": "pass", "licence_needed": "pass"},
                    "version": 9,
                }
            ]
        },
    )
    act: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=80)]
    key: Annotated[Text, Field(max_length=120)] | None = None
    facts: dict[Name, Json] = Field(default_factory=dict, max_length=40)
    checklist: dict[Name, Literal["pass", "fail", "not_applicable"]] = Field(default_factory=dict, max_length=100)
    items: list[Item] = Field(
        default_factory=list, max_length=100, description="Names of fields (`address@2`) and materials"
    )
    ground: Name | None = None
    texts: dict[Name, Words] = Field(default_factory=dict, max_length=40)
    acknowledged: bool = False
    version: Version = None

    def asked(self) -> Asked:
        """The act as the case takes it."""
        return Asked(
            name=self.act,
            key=self.key,
            facts=self.facts,
            checklist=dict(self.checklist),
            items=tuple(self.items),
            ground=self.ground,
            texts=self.texts,
            version=self.version,
            acknowledged=self.acknowledged,
        )


class AnswerIn(Closed):
    """An answer to a question: the outcome of the step, and words or a file where the outcome asks for them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"outcome": "give"}]})
    outcome: Name
    words: Words = ""
    file: Digest | None = Field(default=None, description="Digest of a file on the case's file (an answer on paper)")


class CommentIn(Closed):
    """What somebody says of a public notice."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"stance": "objects", "words": "…", "name": "李示例", "contact": "0631-00000005"}]
        },
    )
    stance: Literal["objects", "supports", "remark"]
    words: Annotated[Text, Field(min_length=1, max_length=2_000, pattern=r"\S")]
    name: Annotated[Text, Field(max_length=100)] = Field(default="", description="Required of whoever objects")
    contact: Annotated[Text, Field(max_length=200)] = Field(
        default="", description="Telephone or e-mail; required of whoever objects"
    )

    def comment(self) -> Comment:
        """The comment, without blanks around it."""
        return Comment(
            stance=self.stance, words=self.words.strip(), name=self.name.strip(), contact=self.contact.strip()
        )


class OpenedIn(Closed):
    """Messages that have been seen."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"messages": [12, 15]}]})
    messages: list[RowNumber] = Field(min_length=1, max_length=500)
