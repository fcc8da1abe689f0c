"""Templates from YAML: a closed schema with located faults, then what only the whole can tell (graph, names, branches)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import rfc8785
from pydantic import ValidationError

from approvals.structure import faults_of, order_of
from approvals.templates import Template
from data.messages import text as message
from data.rulebook.faults import Fault, RuleBookError
from data.rulebook.yamlfile import Located, read_yaml

CODES = {"missing": "process.missing_key", "extra_forbidden": "process.unknown_key"}


class TemplateError(ValueError):
    """A file that is no template (or no form); carries every fault found, each with file, line and path."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults

    def told(self, lang: str) -> tuple[str, ...]:
        """The faults as sentences, each led by its place."""
        return tuple(
            f"{fault.file}:{fault.line}: {fault.path}: {message(fault.code, lang)} {fault.detail}".rstrip()
            for fault in self.faults
        )


def read_template(text: str, file: str) -> Template:
    """One template from YAML text; raises TemplateError with every fault that it has."""
    content = located(text, file)
    try:
        template = Template.model_validate(plain(content))
    except ValidationError as wrong:
        raise TemplateError(schema_faults(wrong, content, file)) from wrong
    faults = tuple(
        Fault(each.code, file, line_of(content, each.path), ".".join(each.path), each.detail)
        for each in faults_of(template)
    )
    if faults:
        raise TemplateError(faults)
    return template.model_copy(update={"order": order_of(template), "hash": hash_of(content)})


def located(text: str, file: str) -> Located:
    """The YAML mapping with its lines; faults of the text itself come as TemplateError too."""
    try:
        return read_yaml(text, file)
    except RuleBookError as wrong:
        raise TemplateError(wrong.faults) from wrong


def schema_faults(wrong: ValidationError, content: Located, file: str) -> tuple[Fault, ...]:
    """Pydantic's findings in our vocabulary, each at the line of the nearest mapping."""
    made: dict[Fault, None] = {}
    for each in wrong.errors(include_url=False):
        path = tuple(_path(content, each["loc"]))
        code = CODES.get(each["type"], "process.wrong_value")
        detail = "" if code != "process.wrong_value" else repr(each["input"])[:80]
        told = tuple(str(part) for part in path)
        if code != "process.wrong_value":
            told, detail = told[:-1], told[-1]
        made[Fault(code, file, line_of(content, told), ".".join(told), detail)] = None
    return tuple(made)


def line_of(content: Any, path: tuple[str, ...]) -> int:
    """The line of the deepest mapping on the path."""
    line, here = 1, content
    for part in ("", *path):
        if part:
            here = _within(here, part)
        if isinstance(here, Located):
            line = here.line
        elif here is None:
            break
    return line


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in canonical JSON (RFC 8785): comments and order of keys do not change it."""
    return hashlib.sha256(rfc8785.dumps(plain(content))).hexdigest()


def plain(value: Any) -> Any:
    """YAML values without their lines, days and decimals as text."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def _path(content: Any, loc: tuple[int | str, ...]) -> Iterator[str]:
    """The parts of pydantic's place that are really in the file; it also names the branches of unions that it tried."""
    here = content
    for number, part in enumerate(loc):
        inside = _within(here, str(part))
        if inside is not None or number == len(loc) - 1:
            yield str(part)
            here = inside


def _within(here: Any, part: str) -> Any:
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list) and part.isdigit() and int(part) < len(here):
        return here[int(part)]
    return None
