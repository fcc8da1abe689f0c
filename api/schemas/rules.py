"""What the administration of the rule book takes: a value with its basis, or the word that a value is in force."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from api.rule_entries import keys_from
from api.schemas.sheets import Day

Key = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f=]+=[^\x00-\x1f]+$")]
Words = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]


class ValueNamed(BaseModel):
    """The keys, the place and the first day of a value, and whether it is only tried."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    key: list[Key] = Field(
        default=[], max_length=10, description="`mode=41`; several times", examples=[["mode=41", "grade=3"]]
    )
    place: str = Field(default="cn", max_length=40, description="Place id of the rule book", examples=["371082"])
    since: Day | None = Field(
        default=None, alias="from", description="First day in force, included; open where none is given"
    )
    dry_run: bool = Field(default=False, description="Only say what the book would be; nothing is written")

    @field_validator("key")
    @classmethod
    def _each_once(cls, told: list[str]) -> list[str]:
        if len(keys_from(told)) != len(told):
            raise PydanticCustomError("keys_twice", "each key once")
        return told

    @property
    def keys(self) -> dict[str, str]:
        """The keys by name."""
        return keys_from(self.key)


class EntryIn(ValueNamed):
    """A value as the files of the rule book write it, with the document that publishes it."""

    value: str = Field(min_length=1, max_length=20_000, pattern=r"^[^\x00]+$", examples=["0.06"])
    until: Day | None = Field(default=None, description="Last day in force, included")
    cite: Words = Field(description="Document, number, article", examples=["威海市财政局 示例文件 第 1 号"])
    seen: Annotated[str, Field(pattern="^(text|secondary|memory|house)$")] = "text"
    edition: Words | None = None
    checked: Day | None = Field(default=None, description="Day on which the document was found in force")


class ConfirmationIn(ValueNamed):
    """The word that the value with these keys is in force, by whom and by which document."""

    by: Words | None = Field(default=None, description="Who confirms; the signed-in account where nobody is named")
    fingerprint: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="Of the value as it was read; refused if it is another by now",
    )


def multipart(model: type[BaseModel]) -> dict[str, Any]:
    """The body of a route that takes these fields and a document, for OpenAPI."""
    schema = model.model_json_schema(by_alias=True)
    schema["properties"] = {"document": {"type": "string", "format": "binary"}, **schema["properties"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
