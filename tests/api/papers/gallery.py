"""The pictures of papers in docs/gallery: `python -m tests.api.papers.gallery` sets them anew. Sheets have pictures of their own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from api.papers.composing import compose
from api.papers.setting import pictures_of
from data.messages import Language
from tests.approvals.papers import files

MOST_BYTES = 150_000
FOLDER = Path(__file__).parents[3] / "docs" / "gallery"
BASE_URL = "https://haiyu.example.gov.cn"
# Kind, edition, page (from 1).
WANTED: tuple[tuple[str, Language, int], ...] = (
    ("use_application", "zh", 1),
    ("use_application", "zh", 2),
    ("registration_application", "zh", 1),
    ("acceptance_notice", "zh", 1),
    ("correction_notice", "zh", 1),
    ("rejection_notice", "zh", 1),
    ("decision", "zh", 1),
    ("decision", "zh", 2),
    ("decision", "en", 1),
    ("refusal", "zh", 1),
    ("fee_notice", "zh", 1),
    ("statement_of_registration", "zh", 1),
    ("register_extract", "zh", 1),
)


def main() -> None:
    """Set every picture; the drawings that follow a paper are counted on its pages and not drawn here."""
    contents = files.contents()
    for kind, lang, page in WANTED:
        content = contents[kind]
        values = compose(content, lang, base_url=BASE_URL, attached=len(content.drawings))
        picture = pictures_of(values, dots_per_inch=150)[page - 1]
        name = f"papers-{kind}{'' if lang == 'zh' else f'.{lang}'}{'' if page == 1 else f'.page-{page}'}"
        (FOLDER / f"{name}.png").write_bytes(small(picture))


def small(picture: bytes) -> bytes:
    """The picture in at most 150 kB: fewer colours and narrower, as far as it takes."""
    whole = Image.open(BytesIO(picture)).convert("RGB")
    written = BytesIO()
    for width, colours in ((1240, 64), (1050, 64), (910, 32), (820, 16), (700, 16)):
        size = (width, round(whole.height * width / whole.width))
        # By coverage: the few amber words of the marks of doubt must not turn grey.
        reduced = whole.resize(size, Image.Resampling.LANCZOS).quantize(
            colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        written = BytesIO()
        reduced.save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()


if __name__ == "__main__":
    main()
