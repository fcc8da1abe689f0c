"""The whole story clicked through in a browser: each person signs in by its button, and does by mouse, finger or keys what is its own.

`Clicker` knows the pages by what a person sees of them. What it changes in fields of the application is counted, so that the meter of
the form can be held against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.portal.walking import WATCH
from tests.support.serving import Serving

OYSTER, WINDOW, REVIEWER = "张示例", "周示例", "吴示例"
APPROVER, REGISTRAR, ADMINISTRATOR = "郑示例", "冯示例", "朱示例"
# Free water between the two blocks of rafts in Sanggou Bay.
PLACE = "#map=15/37.08600/122.53000"
RING = ((0, 0), (220, 0), (220, 150), (0, 150))
SATURDAY = 5
NUMBER = re.compile(r"/cases/([0-9]{6}-HY-[0-9]{4}-[0-9]{6})")
# Counts the controls of the application that a person changed, by their names, from the first page on.
COUNT = """addEventListener('change', (event) => {
  const field = event.target.closest('[data-field]')?.dataset.field ?? ({'use-type': 'use_type', 'use-mode': 'units', from: 'term', to: 'term'})[event.target.id];
  if (!field || event.target.closest('.act-form')) return;
  const kept = new Set(JSON.parse(localStorage.getItem('counted') ?? '[]'));
  kept.add(field);
  localStorage.setItem('counted', JSON.stringify([...kept]));
}, true);"""
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Clicker:
    """One teller of the story in one language, at one width."""

    browser: Browser
    house: Serving
    folder: Path
    lang: str = "zh"
    size: tuple[int, int] = (1440, 900)
    case: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)

    @contextmanager
    def person(self, name: str) -> Iterator[Page]:
        """A browser in which somebody signs in by the button of that name."""
        context = self.browser.new_context(
            viewport={"width": self.size[0], "height": self.size[1]},
            has_touch=self.size[0] < 720,
            reduced_motion="reduce",
            locale="zh-CN" if self.lang == "zh" else "en-GB",
        )
        context.add_init_script(WATCH)
        context.add_init_script(COUNT)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.house.address}/sign-in?lang={self.lang}")
        page.get_by_role("button", name=re.compile(name)).click()
        page.wait_for_url(re.compile(r"/(my|inbox|rules|map)"))
        try:
            yield page
        except BaseException:
            page.screenshot(path=self.folder / "broken-off.png", full_page=True)
            raise
        self.violations += page.evaluate("globalThis.__violations")
        self.counted |= set(page.evaluate("JSON.parse(localStorage.getItem('counted') ?? '[]')"))
        context.close()

    def _heard(self, line: Any) -> None:
        # A refusal that the story expects is an answer with 4xx; the browser tells it in the console all the same.
        if line.type in ("error", "warning") and "status of 4" not in line.text:
            self.complaints.append(line.text)

    @property
    def today(self) -> date:
        """The day of the story."""
        return self.house.now.date()

    def open(self, page: Page, path: str = "") -> None:
        """The page of the case, or one below it."""
        page.goto(f"{self.house.address}/cases/{self.case}{path}")

    def draw(self, page: Page, ring: tuple[tuple[int, int], ...] = RING) -> None:
        """Draw a parcel by mouse or finger and go on with it."""
        page.goto(f"{self.house.address}/parcels/new{PLACE}")
        page.wait_for_selector("html[data-idle=true]")
        box = page.locator("#map-panel .leaflet-container").bounding_box()
        assert box is not None
        page.locator("#draw").click()
        scale = min(1.0, box["width"] / 700)
        west, north = box["width"] * 0.3, box["height"] * 0.42
        for x, y in ring:
            page.mouse.click(box["x"] + west + x * scale, box["y"] + north + y * scale)
        page.keyboard.press("Escape")
        self._say_the_use(page)
        page.locator("#go").click()
        self._arrived(page)

    def draw_by_keys(self, page: Page) -> None:
        """The same without any mouse: the crosshair, Enter, Escape, Tab."""
        page.goto(f"{self.house.address}/parcels/new{PLACE}")
        page.wait_for_selector("html[data-idle=true]")
        page.locator("#draw").focus()
        page.keyboard.press("Enter")
        for keys in ([], ["ArrowRight"] * 8, ["ArrowDown"] * 6, ["ArrowLeft"] * 8):
            for key in keys:
                page.keyboard.press(key)
            page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        self._say_the_use(page)
        page.locator("#go").focus()
        page.keyboard.press("Enter")
        self._arrived(page)

    def _say_the_use(self, page: Page) -> None:
        """Type, mode and term are chosen, not taken over: three controls."""
        first = (self.today + timedelta(days=80)).replace(day=1)
        page.locator("#use-type").select_option("12")
        page.locator("#use-type").select_option("13")
        page.locator("#use-mode").select_option("23")
        page.locator("#use-mode").select_option("41")
        page.locator("#from").fill(first.isoformat())
        page.locator("#to").fill((first.replace(year=first.year + 15) - timedelta(days=1)).isoformat())
        page.locator("#to").blur()
        page.wait_for_selector("html[data-answered]")

    def _arrived(self, page: Page) -> None:
        page.wait_for_url(re.compile(r"/cases/.*/form"))
        found = NUMBER.search(page.url)
        assert found is not None
        self.case = found[1]

    def fill(self, page: Page, press: Callable[[Any], None] = lambda target: target.click()) -> None:
        """The screens of the form in turn: what is asked is answered, files are put on, the declaration is ticked."""
        answers = {
            "contact": "张示例", "project_name": f"示例牡蛎筏式养殖 {self.lang} {self.size[0]}", "investment": "320.5",
        }  # fmt: skip
        while True:
            for name, value in answers.items():
                control = page.locator(f'.ask [name="{name}"]')
                if control.count() and control.is_visible():
                    control.fill(value)
                    control.blur()
            nature = page.locator('[name="project_nature"]')
            if nature.count() and nature.first.is_visible():
                if nature.first.evaluate("each => each.tagName") == "SELECT":
                    nature.select_option("commercial")
                else:
                    page.locator('[name="project_nature"][value="commercial"]').check(force=True)
            onward = page.locator("[data-continue]")
            if not onward.count():
                break
            before = page.url
            press(onward)
            page.wait_for_url(lambda url, before=before: url != before)
        self.put(page, '[data-upload="argumentation"]', "argumentation")
        self.put(page, '[data-upload="credit"]', "credit")
        # The page shows the file once it has been fetched anew.
        expect(page.locator("main")).to_contain_text("credit.pdf")
        page.locator('[name="declaration"]').press("Space")
        page.wait_for_selector("[data-ask-code]")

    def put(self, page: Page, selector: str, name: str) -> None:
        """Choose a file and wait until it lies on the case's file."""
        with page.expect_response(
            lambda answer: "/materials" in answer.url and answer.request.method == "POST"
        ) as told:
            page.locator(selector).first.set_input_files(
                {
                    "name": f"{name}.pdf",
                    "mimeType": "application/pdf",
                    "buffer": PDF + f"% {name} {self.case}\n".encode(),
                }
            )
        assert told.value.ok, told.value.text()

    def sign(self, page: Page, press: Callable[[Any], None] = lambda target: target.click()) -> None:
        """Ask for the code, read it, type it."""
        press(page.locator("[data-ask-code]"))
        press(page.locator("[data-read-code]"))
        expect(page.locator("[data-code-shown]")).to_have_text(re.compile(r"\d{6}"))
        shown = re.search(r"\d{6}", page.locator("[data-code-shown]").inner_text())
        assert shown is not None
        page.fill("#code", shown[0])
        press(page.locator("[data-sign-code]"))
        page.wait_for_selector("[data-file]")

    def submit(self, page: Page, press: Callable[[Any], None] = lambda target: target.click()) -> None:
        """File what was signed."""
        press(page.locator("[data-file]"))
        press(page.locator("#submit-sure .btn.p"))
        page.wait_for_url(re.compile(r"/my/cases/"))

    def act(self, page: Page, step: str, outcome: str | None = None, *, path: str = "", by_keys: bool = False) -> None:
        """Judge every line of a step's checklist, choose the outcome, and act."""
        self.open(page, path)
        form = page.locator(f"#act-{step}")
        form.wait_for()
        lines = form.locator(".ck").count()
        if by_keys and lines:
            form.locator(".ck input").first.focus()
            for _ in range(lines):
                page.keyboard.press("y")
        else:
            for line in form.locator(".ck").all():
                line.locator("label", has=page.locator("input[value=pass]")).click()
        if outcome is not None and form.locator(f'[name=act][value="{outcome}"][type=radio]').count():
            form.locator("label", has=page.locator(f'[name=act][value="{outcome}"]')).click()
        self._act(page, form, by_keys=by_keys)

    def _act(self, page: Page, form: Any, *, by_keys: bool = False) -> None:
        with self.sent(page, "/acts"):
            button = form.locator("button[data-verb-button]")
            if by_keys:
                button.focus()
                page.keyboard.press("Enter")
            else:
                button.click()
            sure = page.locator("#act-confirm")
            if sure.is_visible():
                sure.locator("button[value=yes]").click()
        self.house.settle()

    @contextmanager
    def sent(self, page: Page, ending: str) -> Iterator[None]:
        """What is done within is answered well, and the page that follows has come: it is fetched anew after an act."""
        page.evaluate("document.documentElement.dataset.before = ''")
        with page.expect_response(
            lambda answer: answer.url.endswith(ending) and answer.request.method == "POST"
        ) as told:
            yield
        assert told.value.ok, told.value.text()
        page.wait_for_selector("html:not([data-before])")
        page.wait_for_load_state()

    def until(self, day: date) -> None:
        """Let days pass, up to a working day."""
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        if self.today < day:
            self.house.advance(days=(day - self.today).days)
            self.house.settle()

    def notice_last(self) -> date:
        """The last day of the case's notice, as the public reads it."""
        told = httpx.get(f"{self.house.address}/api/v1/notices", trust_env=False).json()["notices"]
        return date.fromisoformat(next(each["last"] for each in told if each["case"] == self.case))
