"""`make bench`: every figure beside a bare baseline of the same run. `--units 20000` for a quick look."""

from __future__ import annotations

import argparse
import json
from typing import Any

from data.rulebook import packaged
from tests.bench import cases, checking, drafts, files, pages, serving, witness
from tests.bench.store import Store

# Goal of each ratio (issue 3); measured beside it, never asserted.
GOALS = (
    ("bulk adoption : COPY of the same rows", "≤ 8", lambda told: told["load"]["ratio"]),
    ("check's SQL : bare ST_Intersects, median", "≤ 3", lambda told: told["check"]["sql_to_bare_median"]),
    ("check's SQL : bare ST_Intersects, total", "≤ 3", lambda told: told["check"]["sql_to_bare_total"]),
    ("request : trivial, 1 client, median", "≤ 3", lambda told: told["http"]["clients_1"]["ratio_median"]),
    ("request : trivial, 1 client, p99", "≤ 5", lambda told: told["http"]["clients_1"]["ratio_p99"]),
    ("request : trivial, 8 clients, median", "≤ 3", lambda told: told["http"]["clients_8"]["ratio_median"]),
    ("request : trivial, 8 clients, p99", "≤ 5", lambda told: told["http"]["clients_8"]["ratio_p99"]),
)


def main() -> None:
    """Draw, load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=files.FULL)
    parser.add_argument("--drafts", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=2_000, help="through HTTP, for each number of clients")
    parser.add_argument("--cases", type=int, help=cases.CASES_HELP)
    given = parser.parse_args()
    paths = files.make(given.units)
    files.verify(paths, given.units)
    store = Store(given.units)
    told: dict[str, Any] = {"units": given.units}
    try:
        told["load"] = store.open(paths)
        bodies = drafts.requests(paths["drafts"], given.drafts)
        values = drafts.drafts(bodies, packaged())
        print("checking …", flush=True)
        told["check"] = checking.measure(store.url(), values)
        told["witness"] = witness.compare(store.url(), values[:200], paths["expected"])
        print("asking through HTTP …", flush=True)
        told["http"] = serving.measure(store.url(), bodies[: given.requests])
    finally:
        store.cluster.stop()
    print("acting on cases …", flush=True)
    told["cases"] = cases.measure(given.cases)
    print("opening pages …", flush=True)
    told["pages"] = pages.measure(given.units)
    (files.HOME / f"report-{given.units}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))
    print(json.dumps(told, indent=1, ensure_ascii=False))
    for name, goal, value in GOALS:
        print(f"{name:45} {value(told):8}  goal {goal}")
    cases.show(told["cases"])
    pages.show(told["pages"])


if __name__ == "__main__":
    main()
