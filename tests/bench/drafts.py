"""The drafts of the benches, as the check takes them and as HTTP sends them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from api.schemas.checks import CheckIn
from data.rulebook import RuleBook
from marine.spaces import month_numbers
from parcels.drafts import ParcelDraft
from tests.bench.common import milliseconds, read


def requests(path: Path, count: int) -> list[dict[str, Any]]:
    """The bodies of `POST /api/v1/checks`, by draft number."""
    table = read(str(path)).sort_values("draft_id").head(count)
    return [_body(row) for row in table.itertuples()]


def _body(row: Any) -> dict[str, Any]:
    ring = milliseconds(row.geometry.exterior.coords)[:-1]
    return {
        "boundary": {"exterior": ring.tolist()},
        "type": row.use_type,
        "mode": row.use_mode,
        "from": pd.Timestamp(row.date_from).date().isoformat(),
        "to": pd.Timestamp(row.date_to).date().isoformat(),
        "layers": row.layers.split(","),
        "months": [int(month) for month in month_numbers(int(row.months))],
    }


def drafts(bodies: list[dict[str, Any]], book: RuleBook) -> list[ParcelDraft]:
    """The same as values."""
    return [CheckIn.model_validate(body).draft(book) for body in bodies]
