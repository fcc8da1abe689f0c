"""What stands beside the form: when the case would be done, the map with its grade, authority and fee as the check tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.cases.oneform import Forecast
from approvals.clock import CaseClock
from approvals.papers.marks import basis_of
from data.messages import text

Told = dict[str, Any]


def finish(clock: CaseClock, predicted: Forecast) -> Told:
    """The predicted day with the days that are promised, and what the prediction lacks."""
    source = clock.promised.source
    return {
        "day": predicted.finish,
        "promised": clock.promised.days,
        "before": predicted.before,
        "mark": source.mark if source else None,
        "cite": source.cite if source else "",
        "missing": [code.removeprefix("calendar.") for code in predicted.missing],
    }


def computed_of(check: Mapping[str, Any] | None, lang: str) -> list[Told]:
    """What the check computes and nobody types: who decides, and the fee; with the gravest mark of their sources."""
    if check is None:
        return []
    authority = next((each for each in check["findings"] if each["code"].startswith("authority.")), None)
    rows = [_computed("authority", authority["text"], authority["basis"], lang)] if authority else []
    if check["fee"] is not None:
        rows.append(_computed("fee", check["fee"]["text"], check["fee"]["basis"], lang))
    else:
        why = next((each["text"] for each in check["not_judged"] if each["code"] == "not_judged.fee"), None)
        told = _computed("fee", why or text("page.fee.unknown", lang), (), lang)
        rows.append({**told, "mark": "unverified"})
    return rows


def _computed(name: str, words: str, basis: Any, lang: str) -> Told:
    cite, mark = basis_of(basis)
    return {
        "name": name,
        "label": text(f"portal.form.computed.{name}", lang),
        "words": words,
        "mark": mark,
        "cite": cite,
        "change": text(f"portal.form.change.{name}", lang),
    }


def sample_marks(check: Mapping[str, Any] | None) -> dict[str, str]:
    """Fields that rest on sample layers bear their mark: the length of shoreline, the place."""
    found: dict[str, str] = {}
    for finding in check["findings"] if check else ():
        field = "shoreline" if finding["code"].startswith("shoreline.") else None
        field = "location" if finding["code"] == "place.within" else field
        if field and any(source["mark"] == "sample" for source in finding["basis"]):
            found[field] = "sample"
    return found
