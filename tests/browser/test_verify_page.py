"""The page of verification in a real browser: asked by QR code, by typing, by a file; both languages, wide and phone, without a script's help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.papers.signing import KeyFolder
from tests.api.papers.office import Office, open_office
from tests.browser.conftest import AXE, PHONE, WIDE, Serving


@pytest.fixture(scope="module")
def office(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(cluster, KeyFolder(tmp_path_factory.mktemp("keys"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def door(office: Office) -> Iterator[str]:
    """The address of a server with that office behind it."""
    with Serving(office.app) as address:
        yield address


class Visit:
    """A page, with every complaint of its console and every address that it asked for."""

    def __init__(self, browser: Browser, size: tuple[int, int], theme: str = "light", *, scripts: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )

    def axe(self) -> list[str]:
        """What axe-core finds wrong."""
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        told = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{fault['id']}: {node['target']}" for fault in told["violations"] for node in fault["nodes"]]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    opened: list[Visit] = []

    def go(*given: Any, **named: Any) -> Visit:
        opened.append(Visit(browser, *given, **named))
        return opened[-1]

    yield go
    for each in opened:
        each.context.close()


@pytest.mark.parametrize(("size", "theme"), list(product((WIDE, PHONE), ("light", "dark"))))
def test_every_answer_is_readable_and_stays_inside_the_page(visit: Any, office: Office, door: str, size: tuple[int, int], theme: str) -> None:  # fmt: skip
    seen = visit(size, theme)
    for name, lang in product(("valid", "superseded", "revoked", "sample"), ("zh", "en")):
        seen.page.goto(f"{door}/verify/{office.codes[name]}?lang={lang}")
        expect(seen.page.locator(f".verdict.{name} h1")).to_be_visible()
        assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, lang)
        assert seen.axe() == [], (name, lang)
    seen.page.goto(f"{door}/verify?lang=en")
    assert seen.axe() == []
    assert seen.complaints == []
    assert [each for each in seen.requests if not each.startswith(door)] == []


def test_it_works_without_any_script(visit: Any, office: Office, door: str, tmp_path: Path) -> None:
    seen = visit(PHONE, scripts=False)
    seen.page.goto(f"{door}/verify?lang=zh")
    seen.page.fill("#code", office.codes["valid"].lower().replace("-", " "))
    seen.page.click("form[method=get] button")
    expect(seen.page.locator(".verdict.valid h1")).to_have_text("有效")
    changed = bytearray(office.pdfs["valid.zh"])
    changed[len(changed) // 2] ^= 1
    (tmp_path / "changed.pdf").write_bytes(changed)
    seen.page.set_input_files("#file", tmp_path / "changed.pdf")
    seen.page.click("form[method=post] button")
    expect(seen.page.locator(".verdict.altered h1")).to_have_text("已被改动")
    expect(seen.page.locator(".verdict.altered p").first).to_contain_text("自称")


def test_by_keyboard_alone(visit: Any, office: Office, door: str) -> None:
    seen = visit(WIDE)
    seen.page.goto(f"{door}/verify?lang=en")
    for _ in range(20):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.id") == "code":
            break
    seen.page.keyboard.insert_text(office.codes["sample"])
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator(".verdict.sample h1")).to_have_text("Sample")
    assert re.search(r"rgb\((\d+), (\d+), (\d+)\)", seen.page.evaluate("getComputedStyle(document.querySelector('.verdict')).borderLeftColor"))  # fmt: skip


def test_a_sample_is_grey_and_a_valid_paper_is_not(visit: Any, office: Office, door: str) -> None:
    seen = visit(WIDE)
    colours = {}
    for name in ("sample", "valid"):
        seen.page.goto(f"{door}/verify/{office.codes[name]}?lang=zh")
        told = seen.page.evaluate("getComputedStyle(document.querySelector('.verdict')).borderLeftColor")
        colours[name] = [int(each) for each in re.findall(r"\d+", told)][:3]
    assert max(colours["sample"]) - min(colours["sample"]) < 30
    assert max(colours["valid"]) - min(colours["valid"]) > 60
