"""Setting a paper in type: no warning, the same bytes each time, and whatever does not fit flows over pages with its heads again."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

import pypdf
import pytest

from api.papers.composing import address_of, compose, qr_svg
from api.papers.setting import pages_of, set_paper
from approvals.papers.casefile import CaseFile, MaterialLine
from approvals.papers.content import PaperContent
from approvals.papers.kinds import KINDS, content_of
from data.messages import LANGUAGES
from marine.boundary import Boundary, Polygon
from tests.api.papers.reading import points_of, words_of
from tests.approvals.papers import files

BASE_URL = "https://sea.example/"
LETTERS = sorted(kind for kind in KINDS if kind not in ("boundary_sheet", "position_sheet"))


def plain(content: PaperContent) -> PaperContent:
    """A paper without its drawings."""
    return replace(content, drawings=())


def pages(file: CaseFile, kind: str, lang: str = "zh") -> list[str]:
    content = plain(content_of(kind, file, number="荣海样〔2026〕1号", code=files.CODE))
    made = set_paper(content, "zh" if lang == "zh" else "en", base_url=BASE_URL)
    read = pypdf.PdfReader(BytesIO(made.pdf))
    assert len(read.pages) == made.pages == pages_of(made.pdf)
    return [page.extract_text() for page in read.pages]


def star(points: int) -> Boundary:
    turns = [2 * pi * at / points for at in range(points)]
    return files.settled(Polygon(tuple((441029645 + round(40_000 * (1 + 0.18 * sin(5 * turn)) * cos(turn)), 133625515 + round(30_000 * (1 + 0.18 * sin(5 * turn)) * sin(turn))) for turn in turns)))  # fmt: skip


def strips(count: int) -> Boundary:
    west, south = 441029645, 133625515
    return files.settled(None, tuple(Polygon(((west + 2000 * at, south), (west + 2000 * (at + 1), south), (west + 2000 * (at + 1), south + 30_000), (west + 2000 * at, south + 30_000))) for at in range(count)))  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", LETTERS)
def test_every_paper_is_set_without_a_warning_and_always_alike(kind: str, lang: str) -> None:
    content = plain(files.contents()[kind])
    language = "zh" if lang == "zh" else "en"
    first = set_paper(content, language, base_url=BASE_URL)
    assert set_paper(content, language, base_url=BASE_URL) == first
    assert b"pdfaid:part>2<" in first.pdf and b"pdfaid:conformance>U<" in first.pdf
    assert set_paper(replace(content, number="荣海样〔2026〕99号"), language, base_url=BASE_URL).pdf != first.pdf


def test_three_hundred_points_flow_over_pages_with_their_heads_again(tmp_path: Path) -> None:
    boundary = star(300)
    told = pages(files.file(boundary=boundary), "use_application")
    with_points = [page for page in told if "122°" in page or "123°" in page]
    assert len(with_points) > 3
    assert all("北纬" in page and "东经" in page for page in with_points)
    content = plain(content_of("use_application", files.file(boundary=boundary), number="1", code=files.CODE))
    path = tmp_path / "long.pdf"
    path.write_bytes(set_paper(content, "zh", base_url=BASE_URL).pdf)
    assert [int(number) for number, _, _ in points_of(words_of(path))] == [
        boundary.number_of(point) for point in (*boundary.parcel.exterior, boundary.parcel.exterior[0])
    ]


def test_many_units_flow_over_pages_with_their_heads_again() -> None:
    boundary = strips(90)
    told = pages(files.file(boundary=boundary), "registration_application")
    with_units = [page for page in told if page.count("牡蛎筏式养殖") > 3]
    assert len(with_units) > 1
    assert all("用海方式" in page and "面积（公顷）" in page for page in with_units)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_long_names_and_words_stay_inside_the_page(lang: str) -> None:
    long = "W" * 400
    content = plain(
        content_of(
            "use_application",
            files.file(
                told={"applicant_name": long, "address": "海" * 450, "location": "Ww " * 150},
                unit_uses=(long,),
                materials=tuple(MaterialLine(name="credit", zh="资信" * 60, en="Proof " * 40, file=f"{long}.pdf", digest="a" * 64, provided_by="applicant") for _ in range(40)),
            ),
            number="1",
            code=files.CODE,
        )
    )  # fmt: skip
    made = set_paper(content, "zh" if lang == "zh" else "en", base_url=BASE_URL)
    assert made.pages > 3
    for page in pypdf.PdfReader(BytesIO(made.pdf)).pages:
        width, edges = float(page.mediabox.width), list[float]()
        page.extract_text(visitor_text=lambda text, cm, tm, font, size, edges=edges: edges.append(cm[4]) if text.strip() else None)  # fmt: skip
        assert max(edges) < width - 50


def test_signs_that_mean_something_to_the_typesetter_are_printed_as_they_are() -> None:
    name = "#let x = *bold* _u_ $y$ \\n // <tag> `raw` @ref [a] {b} ~ -- \" '"
    assert "".join(name.split()) in "".join(
        "".join(pages(files.file(told={"applicant_name": name}), "use_application")).split()
    )


def test_letters_without_a_glyph_and_unseen_signs_are_told_by_their_numbers() -> None:
    """A paper that an act has issued must be made, and no sign may turn round what a reader sees."""
    name = "甲\U0001f9ff\u0e01乙\u202e1\x07\u00ad丙"
    told = "".join("".join(pages(files.file(told={"applicant_name": name}), "use_application")).split())
    assert "甲〔U+1F9FF〕〔U+0E01〕乙〔U+202E〕1〔U+0007〕〔U+00AD〕丙" in told


def test_rare_characters_of_names_are_printed() -> None:
    assert "𬭎𰻝" in "".join(pages(files.file(told={"applicant_name": "荣成𬭎𰻝渔业"}), "use_application"))


def test_the_head_counts_the_doubts_and_says_that_it_is_a_sample() -> None:
    told = "".join(pages(files.billed_file(), "fee_notice")[0].split())
    assert "样本：由内置示例机关出具，没有法律效力。" in told
    assert "本文书6处待核：未核实6。" in told and "本系统设定1" in told
    english = pages(files.billed_file(), "fee_notice", "en")[0]
    assert "Companion translation; the Chinese text decides." in " ".join(english.split())


def test_a_paper_of_an_installed_issuer_is_no_sample_and_bears_no_watermark() -> None:
    content = plain(replace(files.contents()["decision"], is_sample=False, signer="荣成市自然资源局"))
    told = "".join(
        page.extract_text() for page in pypdf.PdfReader(BytesIO(set_paper(content, "zh", base_url=BASE_URL).pdf)).pages
    )
    assert "无效" not in told and "样本" not in told
    assert "电子签名：荣成市自然资源局" in told


def test_pages_of_drawings_count() -> None:
    values = compose(plain(files.contents()["decision"]), "zh", base_url=BASE_URL, attached=3)
    assert values["attached"] == 3
    content = plain(files.contents()["decision"])
    drawing = set_paper(plain(files.contents()["acceptance_notice"]), "zh", base_url=BASE_URL).pdf
    made = set_paper(content, "zh", base_url=BASE_URL, drawn=[drawing])
    own = set_paper(content, "zh", base_url=BASE_URL).pages
    assert made.pages == own + pages_of(drawing)
    assert f"第1页共{made.pages}页" in "".join(pypdf.PdfReader(BytesIO(made.pdf)).pages[0].extract_text().split())


def test_a_paper_without_blocks_needs_its_one_drawing() -> None:
    with pytest.raises(ValueError):
        set_paper(files.contents()["boundary_sheet"], "zh", base_url=BASE_URL)


def test_the_qr_code_leads_to_the_page_of_verification() -> None:
    assert address_of(BASE_URL, files.CODE) == f"https://sea.example/verify/{files.CODE}"
    assert qr_svg(address_of(BASE_URL, files.CODE)) == qr_svg(address_of(BASE_URL, files.CODE)) != qr_svg(BASE_URL)
