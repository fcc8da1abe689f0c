"""Line, colour and pattern of every kind of shape (interface guide §2 and §6): grades differ by pattern, not by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

SEA = "#EDF3F3"
INK = "#0E2433"
INK2 = "#435765"
PAPER = "#FAF8F3"
GRATICULE = "#9DBBC7"


@dataclass(frozen=True, slots=True)
class Style:
    """`width` in screen pixels, `dash` as stroke lengths, `pattern` one of cross, hatch, lines, dots, or "" for none."""

    stroke: str
    width: float
    fill: str = ""
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    pattern: str = ""


# In drawing order: what stands later lies above.
STYLES: dict[str, Style] = {
    "land": Style("#9C8754", 1, "#F1E7CE"),
    "sea_area": Style("#2F6F8F", 0.8, dash=(2, 5)),
    "zone": Style("#A3195B", 1.2, "#A3195B", 0.05, (14, 3, 3, 3)),
    "right": Style("#1D5F80", 1.1, "#1D5F80", 0.15),
    "claim": Style("#1D5F80", 1.4, dash=(6, 3)),
    "granted": Style("#0B6B57", 2.0, "#0B6B57", 0.18),
    "draft": Style(INK, 2.5, INK, 0.06),
    "clear": Style("#0B6B57", 1.5, "#E2F2EC"),
    "touching": Style("#1E5FA8", 5),
    "within_tolerance": Style("#5F6C74", 1.5, "#ECEFF0", 0.6, (2, 2), "dots"),
    "compatible": Style("#4B2A80", 1.5, "#EFE8F7", 0.7, (), "lines"),
    "needs_consent": Style("#855300", 2, "#FCEFCF", 0.6, (), "hatch"),
    "conflict": Style("#8E1616", 2, "#FBE6E2", 0.75, (), "cross"),
    "remedy": Style("#0B6B57", 3.5, dash=(9, 4)),
}


def style_of(kind: str) -> Style:
    """The style of a kind; KeyError names one that nobody drew."""
    return STYLES[kind]
