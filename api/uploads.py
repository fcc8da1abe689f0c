"""Takes one file of a form off the wire: refused as soon as it is too large, and nothing of it stays when the sender goes away.

A file over a megabyte grows in a nameless temporary file, so that slow senders hold no memory; it is closed, and with that gone,
whatever happens on the way (`middleware.BodyLimit` stops a body that does not say its length). Nothing touches the database
before the whole of it has come.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from api.deps import TheHouse
from approvals.material_kinds import packaged_kinds
from data.answers import Refusal

Form = TypeVar("Form", bound=BaseModel)
MULTIPART = "multipart/form-data"
# Fields beside the file, and what the form itself adds to its length.
MOST_FIELDS, FIELD_BYTES, FORM_BYTES = 40, 65_536, 131_072


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came, and the fields beside it, each with all its values."""

    filename: str
    content: bytes
    fields: Mapping[str, tuple[str, ...]]

    def form(self, model: type[Form], *lists: str) -> Form:
        """The fields as a model; `lists` may come several times. What does not fit is told as for every form."""
        filled = {name: tuple(filter(None, values)) for name, values in self.fields.items()}
        told = {name: list(each) if name in lists else each[-1] for name, each in filled.items() if each}
        try:
            return model.model_validate(told)
        except ValidationError as fault:
            faults = [{**each, "loc": ("body", *each["loc"])} for each in fault.errors(include_url=False)]
            raise RequestValidationError(faults) from fault


@asynccontextmanager
async def received(request: Request, *, file: str, limit: int, needed: bool = True) -> AsyncIterator[Received]:
    """The file in one field of a multipart form, at most `limit` bytes; problems.too_large (413) before a longer one is read.

    Without a file, where none is needed, content and name are empty. The form is read once for all who ask the request for it
    (an idempotency key is one), and closed at the end.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != MULTIPART:
        raise Refusal("problems.unsupported", given=kind or "–", wanted=MULTIPART)
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit + FORM_BYTES:
        raise Refusal("problems.too_large", bytes=int(announced), limit=limit)
    # Where the sender goes away in the middle, the parser closes the files that it has begun.
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES) as form:
        yield await _taken(form, file, limit, needed)


async def _taken(form: FormData, name: str, limit: int, needed: bool) -> Received:
    fields: dict[str, tuple[str, ...]] = {}
    for field, value in form.multi_items():
        if isinstance(value, str):
            fields[field] = (*fields.get(field, ()), value)
    file = form.get(name)
    # A page's form sends an empty part where nobody chose a file.
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        if needed or any(isinstance(value, UploadFile) and value.size for value in form.values()):
            raise Refusal("upload.no_file", field=name)
        return Received("", b"", fields)
    if (file.size or 0) > limit:
        raise Refusal("problems.too_large", bytes=file.size, limit=limit)
    return Received(file.filename or "", await file.read(), fields)


async def material_file(request: Request, home: TheHouse) -> AsyncIterator[Received]:
    """A material in the field `file`, no larger than any kind that is taken."""
    limit = min(home.settings.upload_max_bytes, packaged_kinds().greatest_bytes)
    async with received(request, file="file", limit=limit) as came:
        yield came


async def rule_document(request: Request, home: TheHouse) -> AsyncIterator[Received]:
    """The document behind a rule in the field `document`; a dry run comes without one."""
    async with received(request, file="document", limit=home.settings.upload_max_bytes, needed=False) as came:
        yield came


MaterialFile = Annotated[Received, Depends(material_file, scope="function")]
RuleDocument = Annotated[Received, Depends(rule_document, scope="function")]
