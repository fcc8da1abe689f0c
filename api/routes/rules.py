"""The rule book, asked as of a date and for a place; every answer says its source and its mark of doubt."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.cli.law import source_json
from api.cli.output import plain
from api.deps import Lang, Rules, Today
from api.gates import act
from api.schemas.problems import refuses
from data.answers import Refusal
from data.rulebook import RuleBook, UnknownRule, on

router = APIRouter(tags=["rules"])
DATE_KINDS = ("received", "accepted", "decided", "period", "event")
NOT_KEYS = frozenset({"on", "place", "lang", *DATE_KINDS})


@router.get("/rules", summary="Every rule of the book", responses=refuses())
@act("rules.see")
def rule_list(rules: Rules, lang: Lang) -> dict[str, Any]:
    """Ids with the keys that each is asked by and the date that governs it."""
    found = [
        {"id": rule.id, "keys": list(rule.keys), "band": rule.band, "governed_by": rule.governed_by}
        for _, rule in sorted(rules.rules.items())
    ]
    return {"hash": rules.hash, "rules": found}


@router.get("/rules/{rule_id}", summary="One rule as of a date and place", responses=refuses(404))
@act("rules.see")
def rule(
    rule_id: str,
    request: Request,
    rules: Rules,
    today: Today,
    on_day: Annotated[
        date | None, Query(alias="on", description="The day for every kind of date; today where none is given")
    ] = None,
    place: Annotated[
        str, Query(description="Administrative code of a place, or a place id", examples=["371082"])
    ] = "cn",
) -> dict[str, Any]:
    """Keys of the rule are further query parameters, such as `mode=23`; `received=`, `period=` … set one kind of date."""
    keys = {name: value for name, value in request.query_params.items() if name not in NOT_KEYS}
    dates = on(on_day or today) | {
        kind: _day(request.query_params[kind]) for kind in DATE_KINDS if kind in request.query_params
    }
    answer = _ask(rules, rule_id, dates, chain_of(rules, place, on_day or today), keys, today)
    return {
        "rule": rule_id,
        "value": plain(answer.value),
        "status": answer.status,
        "mark": answer.mark,
        "source": plain(source_json(answer.source)),
        "hash": rules.hash,
    }


def _ask(
    rules: RuleBook, rule_id: str, dates: dict[str, date], place: tuple[str, ...], keys: dict[str, str], today: date
) -> Any:
    try:
        return rules.inquire(dates=dates, place=place, today=today).ask(rule_id, **keys)
    except UnknownRule:
        raise Refusal("problems.rule_unknown", rule=rule_id) from None
    except (TypeError, ArithmeticError):
        wanted = (*rules.rule(rule_id).keys, *filter(None, [rules.rule(rule_id).band]))
        raise Refusal(
            "problems.rule_keys", rule=rule_id, wanted=", ".join(wanted) or "–", given=", ".join(keys) or "–"
        ) from None


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Refusal("problems.form", count=1, field="date", reason=told) from None


def chain_of(rules: RuleBook, place: str, day: date) -> tuple[str, ...]:
    """Place ids from the nation down, for an id or a code in force on the day."""
    if place in rules.places:
        return rules.places.chain(place)
    found = rules.places.find(place, day)
    if found is None:
        raise Refusal("problems.place_unknown", place=place)
    return rules.places.chain(found[0].id)
