"""What a parcel file holds, as JSON: shapes with their settled geometry, questions with their choices, findings."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from api.problems import plain
from data.answers import Refusal
from data.messages import has, text
from marine.findings import Severity
from parcels.checks.serial import finding_block, geometry_block
from parcels.drafts import Drafted, draft_parcel
from parcels.readers import Question, RawShape, Reading
from parcels.uploads import Choices, Upload

# A file of thousands of parcels is asked which one is meant before any of them is worked on.
MOST_DRAFTED = 25
MOST_OFFERED = 2_000


class Answers(BaseModel):
    """Choices that answer what a file leaves open."""

    model_config = ConfigDict(extra="forbid")
    crs: str | None = Field(default=None, max_length=4_000, examples=["EPSG:4490", "gk:122.5"])
    axis: str | None = Field(default=None, pattern="^(lonlat|latlon)$")
    origin: str | None = Field(default=None, pattern="^(cgcs2000|gnss|gcj02|bd09)$")
    parcel: int | None = Field(default=None, ge=1)
    encoding: str | None = Field(default=None, max_length=40)
    sheet: str | None = Field(default=None, max_length=200)

    def choices(self, units: Upload | None) -> Choices:
        """The same as the readers take it."""
        return Choices(**self.model_dump(), units=units)


class Pasted(Answers):
    """A pasted table or GeoJSON text, with the choices beside it."""

    text: str = Field(
        min_length=1, max_length=50_000_000, examples=["点号,经度,纬度\n1,122.5,37.1\n2,122.51,37.1\n3,122.51,37.11"]
    )
    name: str = Field(default="pasted.txt", max_length=200)


class Incoming(BaseModel):
    """An upload with its choices, however it came."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    upload: Upload
    choices: Choices


async def incoming(request: Request) -> Incoming:
    """Multipart with `file` (and `units`), or JSON with `text`; the choices are fields beside them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _multipart(request)
        if kind == "application/json":
            pasted = Pasted.model_validate_json(await request.body())
            answers = pasted.model_dump(include=set(Answers.model_fields))
            return Incoming(upload=Upload(pasted.name, pasted.text.encode()), choices=Answers(**answers).choices(None))
    except ValidationError as fault:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in fault.errors(include_url=False)]
        ) from fault
    raise Refusal("problems.unsupported", given=kind or "–", wanted="multipart/form-data, application/json")


async def _multipart(request: Request) -> Incoming:
    async with request.form(max_files=2, max_fields=20) as form:
        file, units = form.get("file"), form.get("units")
        if not isinstance(file, UploadFile):
            raise Refusal("problems.form", count=1, field="file", reason="missing")
        answers = Answers.model_validate(
            {name: value for name, value in form.items() if isinstance(value, str) and value}
        )
        beside = Upload(units.filename or "units.csv", await units.read()) if isinstance(units, UploadFile) else None
        return Incoming(upload=Upload(file.filename or "file", await file.read()), choices=answers.choices(beside))


def reading_json(reading: Reading, lang: str) -> dict[str, Any]:
    """The whole answer; while a question is open no shape has a geometry yet."""
    open_questions = [question_json(question, lang) for question in reading.questions]
    drafts = [] if open_questions or len(reading.shapes) > MOST_DRAFTED else [_draft(shape) for shape in reading.shapes]
    if not open_questions and len(reading.shapes) > 1:
        open_questions.append(_which(reading.shapes, lang))
    shapes = [
        shape_json(shape, drafts[at] if drafts else None, lang)
        for at, shape in enumerate(reading.shapes[:MOST_OFFERED])
    ]
    return {
        "format": reading.format,
        "digest": reading.digest,
        "decisions": plain(reading.decisions),
        "shapes": shapes,
        "shape_count": len(reading.shapes),
        "questions": open_questions,
        "findings": [finding_block(finding, lang) for finding in reading.findings],
    }


def _draft(shape: RawShape) -> Drafted | Refusal:
    """One shape settled; a shape that cannot be placed does not hide the others."""
    try:
        return draft_parcel(shape)
    except Refusal as refusal:
        return refusal


def shape_json(shape: RawShape, drafted: Drafted | Refusal | None, lang: str) -> dict[str, Any]:
    """One shape: its place in the file, its geometry when it is settled, and its faults."""
    told: dict[str, Any] = {
        "feature": shape.feature_number,
        "part": shape.part,
        "name": shape.name,
        "geometry": None,
        "findings": [],
    }
    if isinstance(drafted, Refusal):
        told["findings"] = [_refused(drafted, lang)]
    elif drafted is not None:
        told["findings"] = [finding_block(finding, lang) for finding in drafted.all_findings]
        told["origin"], told["accuracy_m"] = drafted.origin, drafted.accuracy
        if drafted.boundary is not None:
            told["geometry"] = geometry_block(drafted.boundary, drafted.unit_modes)
    return told


def _refused(refusal: Refusal, lang: str) -> dict[str, Any]:
    mend = f"{refusal.code}.mend"
    return {
        "code": refusal.code,
        "grade": None,
        "severity": Severity.BLOCKS.value,
        "text": text(refusal.code, lang, **refusal.facts),
        "mend": text(mend, lang, **refusal.facts) if has(mend) else None,
        "facts": plain(refusal.facts),
        "basis": [],
        "geometry": None,
        "at": None,
    }


def question_json(question: Question, lang: str) -> dict[str, Any]:
    """One question in words; each choice names the field that answers it (a question of the system may be answered by its origin)."""
    choices = [
        {
            "field": option.choice,
            "value": option.value,
            "label": text(option.code, lang, **option.told),
            "facts": plain(option.facts),
        }
        for option in question.options
    ]
    mend = f"{question.code}.mend"
    return {
        "id": question.id,
        "code": question.code,
        "option": question.option,
        "field": question.option.lstrip("-"),
        "text": text(question.code, lang, **question.facts),
        "hint": text(mend, lang, **question.facts) if has(mend) else None,
        "choices": choices,
        "facts": plain(question.facts),
    }


def _which(shapes: tuple[RawShape, ...], lang: str) -> dict[str, Any]:
    """Several parcels in one file: one check is of one parcel."""
    choices = [
        {
            "field": "parcel",
            "value": str(at),
            "label": text("page.question.parcel.choice", lang, n=at, name=shape.name or "").strip(),
            "facts": {},
        }
        for at, shape in enumerate(shapes[:MOST_OFFERED], start=1)
    ]
    return {
        "id": "parcel",
        "code": "page.question.parcel",
        "option": "--parcel",
        "field": "parcel",
        "text": text("page.question.parcel", lang, n=len(shapes)),
        "hint": None,
        "choices": choices,
        "facts": {"count": len(shapes)},
    }
