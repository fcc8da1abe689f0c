"""The dictionary of a form as data: each merged field once, and what became of every original field of both documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field as Checked
from pydantic import StrictBool, StrictInt, StrictStr, ValidationError

from approvals.reading import TemplateError, hash_of, line_of, located, plain, schema_faults
from approvals.templates import Name, Origin, Title, Value
from data.rulebook import packaged as rulebook
from data.rulebook.faults import Fault

Kind = Literal[
    "text",
    "choice",
    "code",
    "identifier",
    "person_id",
    "phone",
    "amount",
    "units",
    "hectares",
    "term",
    "shoreline",
    "points",
    "declaration",
]
SourceOf = Literal["typed", "profile", "geometry", "rules", "prior_right", "project_code", "system"]


class Condition(Value):
    """The field applies only where another field has one of these values (of units: where one has such a mode)."""

    field: Name
    is_: tuple[StrictStr, ...] = Checked(alias="is", min_length=1)


class FormField(Value):
    """One merged field: one control holds one fact. `later` says when the system will fill what it cannot know yet."""

    number: StrictInt
    label: Title
    section: Name
    type: Kind
    source: SourceOf
    basis: Name
    editable: StrictBool = False
    required: StrictBool = True
    choices: tuple[StrictStr, ...] = ()
    codes: StrictStr | None = None
    scheme: Name | None = None
    when: Condition | None = None
    later: Title | None = None
    prints_on: tuple[Name, ...] = ()


class Reason(Value):
    """Why an original field is not asked: with its source; `unless_modes` name the use modes for which the form does not serve."""

    reason: Title
    source: Name
    unless_modes: tuple[StrictStr, ...] = ()


class Original(Value):
    """An original field of an official document: filled from a merged field, dropped with a basis, or not applicable."""

    label: Title
    field: Name | None = None
    dropped: Reason | None = None
    not_applicable: Reason | None = None


class OriginalForm(Value):
    """The original fields of one official document, in its order."""

    document: Name
    fields: Mapping[Name, Original]


class Form(Value):
    """One form from which several official documents come. `hash` names its content."""

    form: Name
    version: Annotated[StrictInt, Checked(ge=1)]
    title: Title
    sources: Mapping[Name, Origin]
    sections: Mapping[Name, Title]
    documents: Mapping[Name, Title]
    fields: Mapping[Name, FormField]
    originals: Mapping[Name, OriginalForm]
    hash: StrictStr = ""

    @property
    def raw(self) -> int:
        """How many fields the official documents ask for together."""
        return sum(len(each.fields) for each in self.originals.values())

    @property
    def merged(self) -> int:
        """How many fields this form has."""
        return len(self.fields)

    def destinations(self, field: str) -> frozenset[str]:
        """The documents on which a merged field is printed."""
        told = {
            each.document
            for each in self.originals.values()
            for original in each.fields.values()
            if original.field == field
        }
        return frozenset({*told, *self.fields[field].prints_on})


def read_form(text: str, file: str) -> Form:
    """One form from YAML text; raises TemplateError with every fault and its place."""
    content = located(text, file)
    try:
        form = Form.model_validate(plain(content))
    except ValidationError as wrong:
        raise TemplateError(schema_faults(wrong, content, file)) from wrong
    faults = tuple(
        Fault(code, file, line_of(content, path), ".".join(path), detail) for code, path, detail in _faults(form)
    )
    if faults:
        raise TemplateError(faults)
    return form.model_copy(update={"hash": hash_of(content)})


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """The forms of this version by name; read and checked once per process."""
    folder = files("data").joinpath("forms")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    made = [read_form(folder.joinpath(name).read_text(encoding="utf-8"), name) for name in names]
    return {form.form: form for form in made}


def _faults(form: Form) -> Iterator[tuple[str, tuple[str, ...], str]]:
    used = set()
    for group, told in form.originals.items():
        if told.document not in form.documents:
            yield "form.document_unknown", ("originals", group), told.document
        for name, original in told.fields.items():
            path = ("originals", group, "fields", name)
            ways = [each for each in (original.field, original.dropped, original.not_applicable) if each is not None]
            if len(ways) != 1:
                yield "form.one_fate", path, ""
            if original.field is not None and original.field not in form.fields:
                yield "form.field_unknown", path, original.field
            used.add(original.field)
            for reason in (original.dropped, original.not_applicable):
                if reason and reason.source not in form.sources:
                    yield "process.source_unknown", path, reason.source
    for name, field in form.fields.items():
        yield from _field_faults(form, name, field)
        if name not in used:
            yield "form.field_unused", ("fields", name), ""
    if sorted(field.number for field in form.fields.values()) != list(range(1, len(form.fields) + 1)):
        yield "form.numbers", ("fields",), ""


def _field_faults(form: Form, name: str, field: FormField) -> Iterator[tuple[str, tuple[str, ...], str]]:
    path = ("fields", name)
    if field.basis not in form.sources:
        yield "process.source_unknown", path, field.basis
    if field.section not in form.sections:
        yield "form.section_unknown", path, field.section
    for document in field.prints_on:
        if document not in form.documents:
            yield "form.document_unknown", path, document
    for other in (field.when and field.when.field, field.scheme):
        if other and other not in form.fields:
            yield "form.field_unknown", path, other
    if (field.type == "choice") != bool(field.choices) or (field.type == "code") != (field.codes is not None):
        yield "form.choices", path, ""
    if field.codes and field.codes not in rulebook().codes:
        yield "form.codes_unknown", path, field.codes
