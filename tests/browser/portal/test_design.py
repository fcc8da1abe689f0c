"""The page of components as the visual test: contrast of every pair of tokens in use, and the picture that was looked at."""

from __future__ import annotations

import io
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.portal.walking import PHONE, WIDE, Walker

ROOT = Path(__file__).parents[3]
TOKENS = ROOT / "api" / "static" / "css" / "tokens.css"
GALLERY = ROOT / "docs" / "gallery" / "portal"
GROUNDS = ("bg", "card", "sunk", "sandt")
WORDS = ("ink", "ink2", "ink3", "sea")
TINTED = (
    ("clear", "cleart"), ("touch", "toucht"), ("tol", "tolt"), ("comp", "compt"), ("cons", "const"), ("conf", "conft"), ("reg", "regt"),
    ("onsea", "sea"), ("onsea", "seah"), ("sea", "seat"),
)  # fmt: skip
# Pictures are compared at this size: letters blur, but a block that moved, vanished or changed its colour does not.
SMALL = (90, 160)
MOST_DIFFERENCE = 4.0


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme by token."""
    text = TOKENS.read_text(encoding="utf-8")
    block = re.search(r":root \{(.*?)\n\}" if theme == "light" else r'data-theme="dark"\] \{(.*?)\n\}', text, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})", block[1]))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_are_readable_on_every_ground(theme: str) -> None:
    """Interface guide §2 and §8: text at least 4.5 to 1 on whatever it lies, edges of controls at least 3 to 1."""
    known = tokens(theme)
    pairs = [*product(WORDS, GROUNDS), *TINTED]
    assert {
        pair: contrast(known[pair[0]], known[pair[1]])
        for pair in pairs
        if contrast(known[pair[0]], known[pair[1]]) < 4.5
    } == {}
    assert all(contrast(known["edge"], known[ground]) >= 3 for ground in GROUNDS)


@pytest.mark.parametrize(("lang", "size"), list(product(("zh", "en"), (WIDE, PHONE))), ids=str)
def test_components_look_as_when_somebody_last_looked(walk: Walker, lang: str, size: tuple[int, int]) -> None:
    """The gallery holds what was looked at; whoever changes a component takes the picture anew and looks again."""
    kept = Image.open(GALLERY / f"design.{size[0]}.{lang}.png").convert("L")
    seen = walk.open("/design", lang=lang, size=size)
    seen.page.set_viewport_size({"width": size[0], "height": kept.height})
    seen.page.wait_for_timeout(300)
    now = Image.open(io.BytesIO(seen.page.screenshot(animations="disabled"))).convert("L")
    assert now.size == kept.size
    one, other = (np.asarray(each.resize(SMALL, Image.Resampling.BOX), dtype=float) for each in (kept, now))
    assert float(np.abs(one - other).mean()) < MOST_DIFFERENCE
