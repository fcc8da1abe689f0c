"""The one form filled: prefilled from what is known, judged field by field, counted from events, laid out on both documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as kept
from datetime import date, datetime
from typing import Any

from approvals.acts import Event
from approvals.dictionary import Form, FormField
from approvals.templates import Title
from approvals.values import fault_of
from data.rulebook import Inquiry
from marine.findings import Finding, Severity
from marine.terms import judge_term

ENTERED = "form.entered"
REPEATED_SECTION = "applicant"


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of one field (plain JSON), where it came from, and for a profile's value when it was verified and by what."""

    value: Any
    source: str
    verified_on: date | None = None
    verified_by: str | None = None
    # Who wrote it and when, where a person typed it: no part of what is answered, so answers compare without them.
    entered_by: int | None = kept(default=None, compare=False)
    recorded_at: datetime | None = kept(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Counters:
    """Fields of the official documents, fields of this form, and fields that this applicant entered or chose in this case."""

    raw: int
    merged: int
    entered: int


@dataclass(frozen=True, slots=True)
class Placement:
    """One original field on its document: `filled`, `later`, `empty` (optional), `not_applicable` or `dropped`.

    `answer` is the value that both documents print alike; `reason` and `cite` stand where there is none.
    """

    document: str
    original: str
    field: str | None
    status: str
    answer: Any = None
    reason: Mapping[str, str] | None = None
    cite: str | None = None


def prefill(form: Form, known: Mapping[str, Mapping[str, Answer]]) -> dict[str, Answer]:
    """The answers that need no typing: per source, what it knows of the fields that name it as their source.

    A profile's value counts only if it was verified once before: without its day it is left for the applicant to enter.
    """
    made = {}
    for name, field in form.fields.items():
        answer = known.get(field.source, {}).get(name)
        if answer is None or (field.source == "profile" and answer.verified_on is None):
            continue
        made[name] = answer
    return made


def name_of(field: str, holder: int) -> str:
    """The name of an answer: the field for the first holder, `field@n` for the co-holders.

    >>> name_of("address", 1), name_of("address", 2)
    ('address', 'address@2')
    """
    return field if holder == 1 else f"{field}@{holder}"


def split_name(name: str) -> tuple[str, int]:
    """Field and holder of an answer's name.

    >>> split_name("address@2"), split_name("address")
    (('address', 2), ('address', 1))
    """
    field, _, number = name.partition("@")
    return field, int(number) if number.isdecimal() and int(number) > 0 else 1


def holders_in(answers: Mapping[str, Answer]) -> tuple[int, ...]:
    """The holders for whom there are answers, in order; the first always."""
    return tuple(sorted({1, *(split_name(name)[1] for name in answers)}))


def repeats(form: Form, field: FormField) -> bool:
    """Whether co-holders answer a field each for themselves: who they are, not whom the office calls about the case."""
    return field.section == REPEATED_SECTION and field.source == "profile"


def applies(form: Form, field: FormField, answers: Mapping[str, Answer], holder: int = 1) -> bool:
    """Whether a field is asked at all, by its condition on another field (of the same holder)."""
    if field.when is None:
        return True
    other = form.fields[field.when.field]
    told = answers.get(name_of(field.when.field, holder if repeats(form, other) else 1))
    return told is not None and bool(_values(form, field.when.field, told.value) & set(field.when.is_))


def judge(form: Form, answers: Mapping[str, Answer], inquiry: Inquiry) -> tuple[Finding, ...]:
    """Every fault of the answers, each at its field (and row); an empty result means that the form can be signed."""
    return tuple(_findings(form, answers, inquiry))


def counters(form: Form, events: Iterable[Event]) -> Counters:
    """The three figures: the first two from the dictionary, the last from the events of entering, each field once.

    An event `form.entered` bears `field` and `by`; only what the applicant entered counts, not what an officer or a
    source filled in.
    """
    entered = {
        str(event.body["field"]) for event in events if event.kind == ENTERED and event.body.get("by") == "applicant"
    }
    return Counters(form.raw, form.merged, len(entered & set(form.fields)))


def entered(form: Form, field: str, *, by: str) -> Event:
    """The event that a field was entered or chosen: names the field, never its value."""
    if field not in form.fields:
        raise KeyError(field)
    return Event(ENTERED, {"field": field, "by": by, "form": form.form, "hash": form.hash})


def placements(form: Form, answers: Mapping[str, Answer]) -> tuple[Placement, ...]:
    """What stands in every original field of both documents, in their order."""
    return tuple(_placements(form, answers))


def _placements(form: Form, answers: Mapping[str, Answer]) -> Iterator[Placement]:
    for told in form.originals.values():
        for name, original in told.fields.items():
            why = original.dropped or original.not_applicable
            if why is not None:
                status = "dropped" if original.dropped else "not_applicable"
                cite = form.sources[why.source].cite
                yield Placement(told.document, name, None, status, None, why.reason.model_dump(), cite)
                continue
            assert original.field is not None
            field, answer = form.fields[original.field], answers.get(original.field)
            cite = form.sources[field.basis].cite
            if not applies(form, field, answers):
                yield Placement(
                    told.document, name, original.field, "not_applicable", None, field.label.model_dump(), cite
                )
            elif answer is not None and not _is_empty(answer.value):
                yield Placement(told.document, name, original.field, "filled", answer.value)
            elif field.later is not None:
                yield Placement(told.document, name, original.field, "later", None, field.later.model_dump(), cite)
            else:
                yield Placement(told.document, name, original.field, "empty")


def _findings(form: Form, answers: Mapping[str, Answer], inquiry: Inquiry) -> Iterator[Finding]:
    for name in sorted(answers):
        told, holder = split_name(name)
        if told not in form.fields or (holder > 1 and not repeats(form, form.fields[told])):
            yield _blocks("form.no_such_field", form, name)
    for holder in holders_in(answers):
        for name, field in form.fields.items():
            if holder == 1 or repeats(form, field):
                yield from _of_field(form, name, field, answers, inquiry, holder)
    yield from _together(form, answers, inquiry)


def _of_field(
    form: Form, field_name: str, field: FormField, answers: Mapping[str, Answer], inquiry: Inquiry, holder: int
) -> Iterator[Finding]:
    name = name_of(field_name, holder)
    answer = answers.get(name)
    if not applies(form, field, answers, holder):
        if answer is not None and not _is_empty(answer.value):
            yield _blocks("form.not_asked", form, name)
        return
    if answer is None or _is_empty(answer.value):
        if field.required and field.later is None:
            yield _blocks("form.missing", form, name)
        return
    if not _may_come_from(field, answer):
        yield _blocks("form.wrong_source", form, name, source=answer.source)
    scheme = answers.get(name_of(field.scheme, holder)) if field.scheme else None
    wrong = fault_of(field, answer.value, scheme.value if scheme else None, inquiry.book.codes)
    if wrong is not None:
        yield _blocks(wrong.code, form, name, row=wrong.row, count=wrong.count)


def _may_come_from(field: FormField, answer: Answer) -> bool:
    """From its own source; typed where it may be edited, or where a profile or project code had nothing to give."""
    if answer.source == field.source:
        return field.source != "profile" or answer.verified_on is not None
    return answer.source == "typed" and (field.editable or field.source in ("profile", "project_code"))


def _together(form: Form, answers: Mapping[str, Answer], inquiry: Inquiry) -> Iterator[Finding]:
    """What only several fields tell: the term by the use type, and modes for which this form does not serve."""
    modes = _values(form, "units", answers["units"].value) if "units" in answers else set()
    for told in form.originals.values():
        for original in told.fields.values():
            why = original.not_applicable
            if why and modes & set(why.unless_modes):
                yield _blocks("form.needs_paper", form, "units", what=_both(original.label))
    kind, term = answers.get("use_type"), answers.get("term")
    if kind is None or term is None or fault_of(form.fields["term"], term.value, None, inquiry.book.codes):
        return
    if fault_of(form.fields["use_type"], kind.value, None, inquiry.book.codes):
        return
    first, last = (date.fromisoformat(term.value[end]) for end in ("from", "to"))
    found = judge_term(inquiry, kind.value, first, last)
    if found.code == "term.too_long":
        yield found


def _blocks(code: str, form: Form, name: str, **facts: Any) -> Finding:
    field, holder = split_name(name)
    label = _both(form.fields[field].label) if field in form.fields else name
    told = {"field": name, "label": label if holder == 1 else f"{label} ({holder})", "row": "", **facts}
    return Finding(code=code, severity=Severity.BLOCKS, facts=told)


def _both(title: Title) -> str:
    """A label for a sentence of either language: the fields' names stand on the papers in both."""
    return f"{title.zh} / {title.en}"


def _values(form: Form, name: str, value: Any) -> set[str]:
    """The values that a condition compares: the modes of units, else the value itself."""
    if name in form.fields and form.fields[name].type == "units":
        rows = value if isinstance(value, (list, tuple)) else ()
        return {str(row.get("mode")) for row in rows if isinstance(row, Mapping)}
    return {str(value)}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []
