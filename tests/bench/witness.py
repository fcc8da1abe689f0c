"""200 answers of the check beside the plain witness: the same units, areas, widths, layers, days and months."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from data.actors import Actor
from data.rulebook import packaged
from data.store import engine_for, sessions
from marine.findings import Grade
from parcels import checks
from parcels.drafts import ParcelDraft
from tests.bench.store import TODAY

# The witness measures widths on the Gauss–Krüger plane and up to 0.01 m short; ours lie on the local plane (0.008 m apart).
WIDTH_M, AREA_SHARE, AREA_M2 = 0.03, 1e-4, 0.05


def compare(url: str, drafts: list[ParcelDraft], expected: Path) -> dict[str, Any]:
    """How many pairs the witness saw, how many of them the check told alike, and every difference."""
    wanted = _wanted(expected, len(drafts))
    factory = sessions(engine_for(url, pooled=False))
    compared, different = 0, []
    with factory() as session:
        units = _units_of(session, {unit for row in wanted.values() for unit in row})
        for number, draft in enumerate(drafts, 1):
            report = checks.check(session, draft, asker=Actor.administrator(), book=packaged(), today=TODAY)
            found = {finding.facts["right"]: finding for finding in report.findings if "right" in finding.facts}
            for unit, row in wanted.get(number, {}).items():
                compared += 1
                wrong = _difference(row, found.get(units[unit]))
                if wrong:
                    different.append({"draft": number, "unit": unit, "what": wrong})
    return {"drafts": len(drafts), "pairs": compared, "different": different}


def _wanted(expected: Path, drafts: int) -> dict[int, dict[int, dict[str, str]]]:
    """The witness's rows that share a day of a month that both use, by draft and unit.

    The witness tells common days and common months apart; where no common day lies in a common month, there is nothing to find.
    """
    wanted: dict[int, dict[int, dict[str, str]]] = {}
    with expected.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if int(row["draft_id"]) <= drafts and _share_a_day(row):
                wanted.setdefault(int(row["draft_id"]), {})[int(row["unit_id"])] = row
    return wanted


def _share_a_day(row: dict[str, str]) -> bool:
    if not int(row["shared_days"]):
        return False
    day, last = date.fromisoformat(row["shared_from"]), date.fromisoformat(row["shared_to"])
    days = (day + timedelta(days=n) for n in range(min((last - day).days, 366) + 1))
    return any(int(row["shared_months"]) >> (each.month - 1) & 1 for each in days)


def _units_of(session: Any, units: set[int]) -> dict[int, int]:
    rows = session.execute(
        text("SELECT value, right_id FROM legacy_identifier WHERE scheme = 'legacy' AND value = ANY(:values)"),
        {"values": [str(unit) for unit in units]},
    )
    return {int(value): right for value, right in rows}


def _difference(row: dict[str, str], finding: Any) -> str | None:
    if row["relation"] == "touch":
        return None if finding is not None and finding.grade == Grade.TOUCHING else f"no touch: {finding}"
    if finding is None:
        return "not told"
    facts = finding.facts
    area, width = float(row["overlap_m2"]), float(row["width_m"])
    if abs(facts["overlap_m2"] - area) > max(AREA_M2, AREA_SHARE * area):
        return f"area {facts['overlap_m2']} against {area}"
    if abs(facts["width_m"] - width) > WIDTH_M:
        return f"width {facts['width_m']} against {width}"
    # Where no layer is shared, the finding names the neighbour's own layers: it asks for a consent, or the uses never go together.
    apart = finding.code in ("neighbour.consent", "neighbour.never_together") and not row["shared_layers"]
    layers = "" if apart else ",".join(facts["layers"])
    if layers != row["shared_layers"]:
        return f"layers {layers} against {row['shared_layers']}"
    return None
