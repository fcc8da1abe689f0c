"""Every sentence that a person reads, keyed by code, in Chinese and English: one YAML file per area, `code: {zh: …, en: …}`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FOLDER = Path(__file__).parent


class MessageFault(Exception):
    """A catalogue that is not well formed, or a code that no catalogue holds."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML that refuses a key given twice: the second text would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise MessageFault(f"{node.start_mark.name}: given twice: {', '.join(twice)}")
        return super().construct_mapping(node, deep)


def read_catalogue(path: Path) -> dict[str, dict[str, str]]:
    """One area's catalogue; refuses duplicate keys, other languages, and anything that is not a text."""
    with path.open(encoding="utf-8") as stream:
        # The loader is a safe one (a subclass of CSafeLoader).
        content = yaml.load(stream, Loader=_StrictLoader) or {}
    if not isinstance(content, dict):
        raise MessageFault(f"{path.name}: must be a table of codes")
    for code, texts in content.items():
        if not isinstance(texts, dict) or set(texts) != set(LANGUAGES):
            raise MessageFault(f"{path.name}: {code} must have exactly zh and en")
        if not all(isinstance(value, str) and value.strip() for value in texts.values()):
            raise MessageFault(f"{path.name}: {code} must have texts")
    return content


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All areas together. A code lives in one area only; `twice` names those that do not, and a test keeps it empty."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for code, texts in read_catalogue(path).items():
            found.setdefault(code, MappingProxyType(texts))
    return MappingProxyType(found)


def twice() -> dict[str, list[str]]:
    """Codes that stand in more than one area, with the areas."""
    areas: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for code in read_catalogue(path):
            areas.setdefault(code, []).append(path.name)
    return {code: names for code, names in areas.items() if len(names) > 1}


def has(code: str) -> bool:
    """Whether some catalogue holds the code (used for the optional `….mend`)."""
    return code in catalogue()


def placeholders(template: str) -> frozenset[str]:
    """The facts that a text names.

    >>> sorted(placeholders("{area} ha, {share:.1%}"))
    ['area', 'share']
    """
    return frozenset(name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(template) if name)


class _Counting(Formatter):
    """Fills a text; `{n:day|days}` is the word that goes with the number: the first for exactly one, the second else."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return super().format_field(value, format_spec)
        return one if str(value) == "1" else many


_FORMATTER = _Counting()


def text(code: str, lang: str, /, **facts: Any) -> str:
    """The text of a code in one language, its facts filled in; a missing code, language or fact raises `MessageFault`.

    >>> text("ground.done", "en")
    'Done.'
    >>> text("page.in_view", "en", n=1), text("page.in_view", "en", n=2)
    ('1 occupation in view', '2 occupations in view')
    """
    texts = catalogue().get(code)
    if texts is None or lang not in texts:
        raise MessageFault(f"no text for {code} in {lang}")
    template = texts[lang]
    if "{" not in template and "}" not in template:
        return template
    try:
        return _FORMATTER.vformat(template, (), facts)
    except (KeyError, IndexError, ValueError, TypeError) as fault:
        raise MessageFault(f"{code} ({lang}) cannot be filled from {sorted(facts)}: {fault}") from fault


def office_name(office: str, lang: str) -> str:
    """An office by its name: those of the rule book have a text, one that a zone names is told as it stands there.

    >>> office_name("fishery", "en"), office_name("某局", "en")
    ('Fishery', '某局')
    """
    code = f"portal.office.{office}"
    return text(code, lang) if has(code) else office
