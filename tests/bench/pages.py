"""Pages with the sample world, its cases and 1,000,000 units loaded: time on the server, weight, and when the largest part is painted.

Server time is asked of one server process by one client, beside `/healthz` of the same process; weight is what a cold browser takes
over the wire before the map library; paint is Chromium's own largest-contentful-paint, the median of three cold browsers. `python -m tests.bench.pages --units 20000` for
a quick look.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import statistics
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from tests.bench import editing, files
from tests.bench.page_store import PageStore
from tests.browser.conftest import CHROMIUM
from tests.browser.registry import PAGES, PortalPage

GOALS = (
    ("server time of the slowest page, median", "≤ 100 ms", lambda told: f"{told['slowest_ms']:.0f} ms"),
    ("heaviest page before maps", "≤ 300 kB", lambda told: f"{told['heaviest_kb']:.0f} kB"),
    ("largest contentful paint, slowest page", "≤ 1000 ms", lambda told: f"{told['slowest_paint_ms']:.0f} ms"),
    ("editor: last key to answer, median", "≤ 300 ms", lambda told: f"{told['editor']['median_ms']:.0f} ms"),
    ("editor: last key to answer, p95", "≤ 800 ms", lambda told: f"{told['editor']['p95_ms']:.0f} ms"),
)
# Map libraries and what a map asks for; the goal for weight is "before maps".
MAPS = ("/vendor/leaflet/", "/api/v1/")
TIMES = 15
COLD = 3
LARGEST = """() => new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""


def measure(units: int) -> dict[str, Any]:
    """Every page of the registry, then the editor."""
    paths = files.make(units)
    files.verify(paths, units)
    with PageStore(units).served(paths) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        pages = {
            page.name: _page(browser, house.address, house.cases, house.cookie(page.login), page) for page in PAGES
        }
        told = {
            "units": units,
            "trivial_ms": _server_ms(house.address, "/healthz", ""),
            "pages": pages,
            "slowest_ms": max(each["server_ms"] for each in pages.values()),
            "heaviest_kb": max(each["kb"] for each in pages.values()),
            "slowest_paint_ms": max(each["paint_ms"] for each in pages.values()),
            "editor": editing.measure(browser, house.address),
        }
        browser.close()
    return told


def _page(browser: Browser, address: str, cases: Mapping[str, str], cookie: str, page: PortalPage) -> dict[str, float]:
    path = page.address.format_map(cases)
    server = _server_ms(address, path, cookie)
    seen = [_seen(browser, address, path, cookie) for _ in range(COLD)]
    paints = sorted(paint for _, paint in seen)
    return {"server_ms": server, "kb": seen[0][0], "paint_ms": paints[COLD // 2], "coldest_ms": paints[-1]}


def _server_ms(address: str, path: str, cookie: str) -> float:
    """Median of whole requests on one connection that stays open; the first ones warm up."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    took = []
    for _ in range(TIMES + 3):
        begun = time.perf_counter()
        connection.request("GET", quote(path, safe="/?=&%"), headers={"Cookie": cookie, "Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    return round(statistics.median(took[3:]), 1)


def _seen(browser: Browser, address: str, path: str, cookie: str) -> tuple[float, float]:
    """Kilobytes before maps and milliseconds to the largest paint, in a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    asked: list[Any] = []
    page.on("requestfinished", lambda each: asked.append(each))  # a handler must be a function of Python
    page.goto(f"{address}{path}", wait_until="networkidle")
    paint = float(page.evaluate(LARGEST))
    weights = [_bytes_of(each) for each in asked]
    context.close()
    return round(sum(weights) / 1000, 1), round(paint, 1)


def _bytes_of(asked: Any) -> int:
    """What its answer weighed on the wire, compressed as it came."""
    if any(part in asked.url for part in MAPS):
        return 0
    return int(asked.sizes()["responseBodySize"])


def show(told: Mapping[str, Any]) -> None:
    """The figures beside their goals, slowest pages first."""
    for name, page in sorted(told["pages"].items(), key=lambda each: -each[1]["server_ms"]):
        ratio = page["server_ms"] / told["trivial_ms"]
        print(
            f"{name:32} {page['server_ms']:7.1f} ms = {ratio:5.1f} x trivial {page['kb']:7.1f} kB"
            f"  paint {page['paint_ms']:6.0f} ms, slowest of {COLD} {page['coldest_ms']:6.0f}"
        )
    for name, goal, value in GOALS:
        print(f"{name:45} {value(told):>10}  goal {goal}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=files.FULL)
    told = measure(parser.parse_args().units)
    (files.HOME / f"pages-{told['units']}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))
    show(told)


if __name__ == "__main__":
    main()
