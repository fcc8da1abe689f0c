"""What `fee`, `clock` and `code` share: the rule book in force, places by code, and sources as JSON and as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import click

from data.clock import legal_day
from data.messages import has, text
from data.rulebook import Place, RuleBook, Source, packaged

DOUBT = ("h", "m", "l")


FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)


class Day(click.ParamType):
    """A day as YYYY-MM-DD, within the years for which a question about a right makes sense."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; anything else is wrong usage."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)
        if len(value) != 10 or not FIRST_DAY <= day <= LAST_DAY:
            self.fail(f"{value!r}: {FIRST_DAY} … {LAST_DAY}", param, ctx)
        return day


@dataclass(frozen=True, slots=True)
class Rules:
    """A book and where it came from: `packaged`, or `database` where an administrator's overlay was read too."""

    book: RuleBook
    source: str

    def as_json(self) -> dict[str, Any]:
        """The two fields that every answer of the law carries."""
        return {"rules": self.book.hash, "rules_source": self.source}


def rules_in_force() -> Rules:
    """The book with the database's overlay where a database is up and at the head of migrations, else the packaged one.

    Nothing is started for this: a question about the law must not bring up a server.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from api.databases import addresses, schema_revision
    from api.settings import Settings
    from data.migrate import head
    from data.overlay import book_in_force
    from data.store import engine_for, sessions

    settings = Settings()
    if settings.is_embedded and settings.cluster.status().state != "running":
        return Rules(packaged(), "packaged")
    found = addresses(settings)
    if schema_revision(found) != head():
        return Rules(packaged(), "packaged")
    try:
        with sessions(engine_for(found.app, pooled=False))() as session:
            return Rules(book_in_force(session), "database")
    except SQLAlchemyError:
        return Rules(packaged(), "packaged")


def today() -> date:
    """Today's legal day."""
    return legal_day(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Found:
    """A place named by a code on a day: the place, or the codes that stand for it now, or nothing known."""

    place: Place | None
    now: tuple[str, ...] = ()


def place_by_code(book: RuleBook, code: str, on: date) -> Found:
    """The place that bore the code on that day; where the code was another day's, the codes of the same place now."""
    hit = book.places.find(code, on)
    if hit:
        return Found(hit[0])
    now = [place.code("administrative", on) for place, _ in book.places.ever(code)]
    return Found(None, tuple(code for code in now if code))


def chain(book: RuleBook, place: str) -> tuple[str, ...]:
    """The place and all above it, or the nation alone where the book does not know the place."""
    return book.places.chain(place) if place in book.places else ("cn",)


def source_json(source: Source) -> dict[str, Any]:
    """A source as every answer tells it."""
    return {
        "rule": source.rule,
        "cite": source.cite,
        "seen": source.seen,
        "confidence": source.confidence,
        "edition": source.edition,
        "checked": source.checked,
        "since": source.since,
        "mark": source.mark,
    }


def weakest(sources: Sequence[Source]) -> str | None:
    """The weakest of several sources in one word: the lowest `h`, `m` or `l` of memory, else how the values were seen."""
    doubts = [source.confidence for source in sources if source.confidence]
    if doubts:
        return max(doubts, key=DOUBT.index)
    for seen in ("missing", "stated", "house", "secondary", "text"):
        if any(source.seen == seen for source in sources):
            return seen
    return None


def sources_in_words(sources: Iterable[Source], lang: str) -> list[str]:
    """One line per source, with its mark of doubt."""
    lines = []
    for source in dict.fromkeys(sources):
        mark = f" [{text(f'rules.mark.{source.mark}', lang)}]" if source.mark else ""
        lines.append(f"  {source.cite}{mark}" if source.cite else f"  {source.rule}{mark}")
    return list(dict.fromkeys(lines))


def missing_help(code: str, book: RuleBook, lang: str, option: str | None = None) -> str:
    """What a missing datum is called and who can supply it, in one sentence."""
    area = f"missing.{code.split('.')[0]}"
    if option is None or has(area):
        return text(area if has(area) else "missing.rule", lang, what=_title(code, book, lang))
    return text("missing.choice", lang, what=_title(code, book, lang), option=option)


def _title(code: str, book: RuleBook, lang: str) -> str:
    """The rule's name with the exact datum, e.g. 海域等别 (sea.grade.371083)."""
    rule = next((name for name in sorted(book.rules, key=len, reverse=True) if code.startswith(name)), None)
    if rule is None:
        return code
    return f"{book.rules[rule].zh if lang == 'zh' else book.rules[rule].en} ({code})"


def missing_json(code: str, book: RuleBook, option: str | None = None, values: Sequence[str] = ()) -> dict[str, Any]:
    """One entry of `choices`: which datum, which option answers it (None: only an administrator), and possible values."""
    return {
        "missing": code,
        "option": option,
        "values": list(values),
        "message": {lang: missing_help(code, book, lang, option) for lang in ("zh", "en")},
    }
