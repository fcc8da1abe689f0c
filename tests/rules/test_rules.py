"""Every example of tests/rules/*.yaml, run against the packaged book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.rulebook import Inquiry, on, packaged
from data.rulebook.yamlfile import read_yaml
from marine import codes
from marine.authority import Part, decide_authority
from marine.fees import FeeUnit, Relief, fee
from marine.terms import last_day, renewal_deadline
from marine.workdays import Exclusion, run_by_rules

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 23)


def examples() -> list[Any]:
    """All examples, named by file and sentence."""
    made = []
    for path in sorted(FOLDER.glob("*.yaml")):
        text = "examples:\n" + path.read_text(encoding="utf-8")
        for example in read_yaml(text, path.name)["examples"]:
            made.append(pytest.param(example, id=f"{path.stem}: {example['example']}"))
    return made


def inquiry(day: date, place: str = "371082") -> Inquiry:
    """The packaged book on one day at one place."""
    book = packaged()
    return book.inquire(dates=on(day), place=book.places.chain(place), today=TODAY)


def run_rule(told: Mapping[str, Any]) -> None:
    """A value asked by its keys."""
    asked = inquiry(told.get("on", date(2027, 1, 1)))
    answer = asked.ask(told["rule"], **told.get("keys", {}))
    assert [missing.code for missing in asked.missing] == ([told["missing"]] if "missing" in told else [])
    if "missing" in told:
        assert answer.value is None
        return
    wanted = tuple(told["answer"]) if isinstance(told["answer"], list) else told["answer"]
    assert answer.value == wanted
    assert answer.source.cite
    if "doubt" in told:
        assert answer.mark == told["doubt"]


def run_term(told: Mapping[str, Any]) -> None:
    """The last day of a term."""
    assert last_day(told["term"]["from"], told["term"]["years"]) == told["last_day"]


def run_renewal(told: Mapping[str, Any]) -> None:
    """Both deadlines of a renewal, and the earlier."""
    found = renewal_deadline(inquiry(date(2026, 11, 23)), told["renewal"]["end"])
    assert (found.by_months, found.by_days, found.day) == (told["by_months"], told["by_days"], told["deadline"])


def run_authority(told: Mapping[str, Any]) -> None:
    """Who approves the parts of one project."""
    parts = [Part(row["mode"], Decimal(row["hectares"]), row["place"]) for row in told["authority"]]
    asked = inquiry(told.get("on", date(2027, 1, 1)), parts[0].place)
    found = decide_authority(parts, asked, national_project=told.get("national_project", False))
    assert (found.level, found.place) == (told["level"], told.get("by"))
    assert list(found.missing) == told.get("missing", [])
    if "least" in told:
        assert found.least == told["least"]
    if "findings" in told:
        assert [finding.code for finding in found.findings] == told["findings"]


def run_fee(told: Mapping[str, Any]) -> None:
    """The total of a fee sheet."""
    units = [FeeUnit(row["mode"], Decimal(row["hectares"]), fee_mode=row.get("fee_mode")) for row in told["fee"]]
    relief = [
        Relief(row["ground"], row.get("decision"), Decimal(row.get("share", 1))) for row in told.get("relief", [])
    ]
    sheet = fee(
        units,
        told["place"],
        told["from"],
        inquiry=inquiry(told["from"], told["place"]),
        years=told.get("years"),
        end=told.get("to"),
        relief=relief,
        grade=told.get("grade"),
    )
    assert sheet.total_yuan == (None if told["yuan"] is None else Decimal(told["yuan"]))
    assert list(sheet.missing) == told.get("missing", [])
    if "lines" in told:
        assert len(sheet.lines) == told["lines"]


def run_clock(told: Mapping[str, Any]) -> None:
    """The end of a limit of working days."""
    clock = told["clock"]
    left_out = [
        Exclusion(row["from"], row["to"], row["ground"], "行政许可法 第四十五条") for row in clock.get("exclude", [])
    ]
    found = run_by_rules(inquiry(clock["from"]), clock["from"], clock["days"], left_out)
    assert (found.finish, found.provisional_finish) == (told["finish"], told.get("provisional"))
    assert list(found.missing) == told.get("missing", [])
    if "counted" in told:
        assert [day.date for day in found.days if day.counted] == told["counted"]
    labels = {day.date.isoformat(): day.label for day in found.days}
    for day, label in told.get("labels", {}).items():
        assert labels[day] == label


def run_code(told: Mapping[str, Any]) -> None:
    """The codes of a parcel and its unit."""
    parts = told["code"]
    parcel = codes.parcel_code(parts["county"], parts["zone"], parts["subzone"], parts["sequence"])
    unit = codes.unit_code(parcel, parts.get("feature", "W"), parts.get("number", 0))
    assert (parcel, unit, codes.display(unit)) == (told["parcel"], told["unit"], told["display"])


RUNNERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "rule": run_rule,
    "term": run_term,
    "renewal": run_renewal,
    "authority": run_authority,
    "fee": run_fee,
    "clock": run_clock,
    "code": run_code,
}


@pytest.mark.parametrize("example", examples())
def test_the_example_holds(example: dict[str, Any]) -> None:
    kinds = [kind for kind in RUNNERS if kind in example]
    assert len(kinds) == 1, "an example asks exactly one thing"
    assert example["law"].strip()
    RUNNERS[kinds[0]](example)


def test_every_file_has_examples_and_every_kind_of_question_is_asked() -> None:
    asked = {kind for each in examples() for kind in RUNNERS if kind in each.values[0]}
    assert asked == set(RUNNERS)
