"""The words and values that bodies hold: what cannot be kept as it came is refused here, at its field, in both languages."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from data.keepable import unkept

Value = TypeVar("Value")


def kept(value: Value) -> Value:
    """The value itself, if database and record can hold it; else the fault, at its place within the value."""
    wrong = unkept(value)
    if wrong is not None:
        # Told by `problems.reason.…` in the reader's language; the words here are for whoever reads the log.
        facts = {"at": f"{wrong.at}: " if wrong.at else "", **wrong.facts}
        raise PydanticCustomError(f"unkept_{wrong.why}", "{at}cannot be kept as it came", facts)
    return value


# Before the length is judged: a sign that cannot be kept is told as such, whatever else is wrong.
Kept = BeforeValidator(kept)
Text = Annotated[str, Kept]
Json = Annotated[Any, AfterValidator(kept)]
