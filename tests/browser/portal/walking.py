"""Opens pages of the portal as somebody, and watches what they do: requests, console lines, violations of the policy, axe-core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import AXE
from tests.browser.registry import PortalPage

WIDE, PHONE = (1440, 900), (390, 844)
# Reports of the policy, gathered in the page itself before anything else runs.
WATCH = """globalThis.__violations = [];
addEventListener('securitypolicyviolation', (event) => globalThis.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass
class Seen:
    """A page that was opened, and what it did."""

    page: Page
    address: str
    status: int
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def axe(self, scheme: str) -> list[str]:
        """What axe-core finds wrong in a colour scheme, one line per fault."""
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # axe is put in by the debugger, which the page's policy does not bind; the page itself never loads it.
        if not self.page.evaluate("'axe' in globalThis"):
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

    def violations(self) -> list[str]:
        """What the policy of the page now open reported."""
        return self.page.evaluate("globalThis.__violations")


class Walker:
    """Opens the pages of one server; a person signs in once and is remembered."""

    def __init__(self, browser: Browser, address: str, cases: Mapping[str, str]) -> None:
        self.browser, self.address, self.cases = browser, address, cases
        self._people: dict[str | None, Any] = {None: None}
        self._contexts: list[BrowserContext] = []

    def __call__(self, page: PortalPage, *, lang: str = "zh", size: tuple[int, int] = WIDE) -> Seen:
        """A page of the registry, ready."""
        seen = self.open(page.address.format_map(self.cases), login=page.login, lang=lang, size=size)
        seen.page.wait_for_selector(page.wait)
        if page.act is not None:
            page.act(seen.page)
            # It may have led to another page.
            seen.page.wait_for_load_state("load")
            seen.page.wait_for_selector(page.wait)
        return seen

    def open(
        self,
        path: str,
        *,
        login: str | None = None,
        lang: str = "zh",
        size: tuple[int, int] = WIDE,
        touch: bool | None = None,
    ) -> Seen:
        """An address as somebody."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=size[0] < 720 if touch is None else touch,
            reduced_motion="reduce",
            locale="zh-CN" if lang == "zh" else "en-GB",
            storage_state=self._state_of(login),
        )
        self._contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        seen = Seen(page, self.address, 0)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on(
            "console", lambda line: seen.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        joint = "&" if "?" in path else "?"
        answer = page.goto(f"{self.address}{path}{joint}lang={lang}")
        seen.status = answer.status if answer else 0
        return seen

    def _state_of(self, login: str | None) -> Any:
        if login not in self._people:
            context = self.browser.new_context()
            answer = context.request.post(
                f"{self.address}/api/v1/sign-in", data={"sample": login}, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert answer.ok, answer.text()
            self._people[login] = context.storage_state()
            context.close()
        return self._people[login]

    def forget(self, login: str) -> None:
        """Sign in anew the next time: the session was ended by a test."""
        self._people.pop(login, None)

    def close_pages(self) -> None:
        """Close what was opened since the last call."""
        while self._contexts:
            self._contexts.pop().close()


@contextmanager
def walker(browser: Browser, address: str, cases: Mapping[str, str]) -> Iterator[Walker]:
    """A walker whose pages are closed at the end."""
    made = Walker(browser, address, cases)
    yield made
    made.close_pages()
