"""Numbers of cases, bills and papers: from locked series, one for each kind, place and year, in formats that are data.

A series' row stays locked until the act ends; several are locked in the order of their names, after rows and before streams
(register.md §6). A number that an act drew and then rolled back is drawn again; one that was given is never given twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.answers import Refusal
from data.rulebook.yamlfile import read_yaml
from parcels.models import NumberSeries


@cache
def formats() -> Mapping[str, str]:
    """The format of each kind of number."""
    path = files("data").joinpath("registers/number_formats.yaml")
    told = read_yaml(path.read_text(encoding="utf-8"), path.name)
    found = {str(kind): str(text) for kind, text in told["formats"].items()}
    for kind, text in found.items():
        if "{number" not in text or "{year}" not in text:
            raise ValueError(f"{path.name}: the format of {kind} tells no year or no number")
    return found


def short_name(name: str) -> str:
    """A place's name as numbers bear it.

    >>> short_name("荣成市"), short_name("经济技术开发区（经区）")
    ('荣', '经')
    """
    return name[:1]


def next_numbers(session: Session, kinds: Iterable[str], *, place: str, name: str, year: int) -> dict[str, str]:
    """The next number of each kind for a place (its code and name) and a year; one call for all that an act needs."""
    wanted = sorted(set(kinds))
    unknown = [kind for kind in wanted if kind not in formats()]
    if unknown:
        raise Refusal("numbers.no_format", kind=unknown[0])
    series = {f"{'case' if kind == 'case' else f'document:{kind}'}:{place}:{year}": kind for kind in wanted}
    return {
        series[each]: formats()[series[each]].format(
            place=place, name=short_name(name), year=year, number=_next(session, each)
        )
        for each in sorted(series)
    }


def _next(session: Session, series: str) -> int:
    last = select(NumberSeries.last).where(NumberSeries.name == series).with_for_update()
    found = session.execute(last).scalar_one_or_none()
    if found is None:
        session.execute(insert(NumberSeries).values(name=series, last=0).on_conflict_do_nothing())
        found = session.execute(last).scalar_one()
    session.execute(update(NumberSeries).where(NumberSeries.name == series).values(last=found + 1))
    return int(found) + 1
