"""A real server in a thread, a real Chromium, and a watch on every request, console line and policy violation."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.settings import Settings
from tests.api import world
from tests.support import databases

CHROMIUM = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WIDE, PHONE = (1440, 900), (390, 844)
AXE = Path(__file__).parents[2] / ".haiyu" / "static" / "vendor" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def address(cluster: Any) -> Iterator[str]:
    """The address of a server on the small world of `tests/api/world.py`."""
    with databases.clone(cluster) as database:
        with database.sessions("owner").begin() as session:
            world.place(session)
        with database.sessions().begin() as session:
            world.build(session)
        settings = Settings(database_url=database.app_url, log_level="error", checks_per_minute=0)
        with Serving(create_app(settings, clock=lambda: NOW)) as found:
            yield found


class Serving:
    """Runs an application on a free port for the length of a `with`."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a machine without one cannot run these tests and says so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium on this machine; .ci/bootstrap.sh test installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page, and what it did: every address asked for, every complaint of the console."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def axe(self) -> list[str]:
        """What axe-core finds wrong, one line per fault."""
        # axe is put in by the debugger, which the page's policy does not bind; the page itself never loads it.
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        told = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in told["violations"]
            for node in fault["nodes"]
        ]

    def foreign(self) -> list[str]:
        """Addresses beyond this server."""
        return [each for each in self.requests if not each.startswith((self.address, "data:", "blob:"))]


Opening = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Opening]:
    """Opens the page with a size, a language and a theme, and waits until the map is there."""
    contexts = []

    def go(size: tuple[int, int] = WIDE, lang: str = "zh", theme: str = "light", path: str = "/") -> Watched:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page, address)
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on(
            "console", lambda line: watched.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.goto(f"{address}{path}?lang={lang}")
        page.wait_for_selector("html[data-idle=true]")
        return watched

    yield go
    for context in contexts:
        context.close()
