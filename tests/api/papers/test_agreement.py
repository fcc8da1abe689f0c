"""Both applications, read back from their PDFs: every field is the answer, and where both print it, they print it alike."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.papers.setting import set_paper
from approvals.dictionary import Form
from approvals.forms import Answer
from approvals.papers.casefile import CaseFile, HolderLine
from approvals.papers.kinds import content_of
from approvals.papers.words import day
from marine.boundary import Polygon
from marine.coordinates import dms
from tests.api.papers.reading import Word, fields_of, points_of, squeezed, table_of, words_of
from tests.approvals.papers import files
from tests.support.effort import Effort

DOCUMENTS = {"use_application": "use", "registration_application": "registration"}
HAN = "荣成乳山威海湾洋礁屿牡蛎扇贝海带养殖开发有限责任公司合作社渔业集团示例桑沟爱莲楮岛俚成石砣矶龙须沙窝寻泽家庄镇村路号"
LATIN = (
    "Rongcheng",
    "Oyster",
    "Co.,",
    "Ltd.",
    "Mariculture",
    "Sea-Farm",
    "O’Neill",
    "北方#1",
    "A&B",
    "*star*",
    "_under_",
    "$5",
    "\\n",
    "//",
    "@2",
    "`x`",
    "<b>",
    "100%",
)
MODES = ("23", "31", "41", "42", "44", "53")
MOST = 1_000


def name(lot: random.Random, longest: int) -> str:
    """A name or address: Han, Latin with signs that mean something to typesetters, or one word longer than a line."""
    kind = lot.random()
    if kind < 0.6:
        return "".join(lot.choice(HAN) for _ in range(lot.randint(2, longest)))
    if kind < 0.9:
        return " ".join(lot.choice(LATIN) for _ in range(lot.randint(1, max(2, longest // 6))))
    return "".join(lot.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(lot.randint(20, longest + 30)))


def file_of(seed: int) -> CaseFile:
    """A file with answers drawn by lot: one to six units, perhaps an agent, up to three co-holders."""
    lot = random.Random(seed)
    west, south = 441029000 + lot.randrange(0, 9_000), 133625000 + lot.randrange(0, 9_000)
    strips = lot.randint(1, 6)
    units = tuple(Polygon(_strip(west + at * 3_000, south, lot)) for at in range(strips))
    boundary = files.settled(None, units) if strips > 1 else files.settled(units[0])
    modes = tuple(lot.choice(MODES) for _ in boundary.units)
    uses = tuple(name(lot, 24) for _ in boundary.units)
    year = lot.randint(2027, 2040)
    told: dict[str, Any] = {
        "applicant_name": name(lot, 60),
        "legal_person": name(lot, 12),
        "address": name(lot, 150),
        "contact": name(lot, 10),
        "phone": f"1{lot.randrange(10**10):010d}",
        "agent": name(lot, 40) if lot.random() < 0.5 else ...,
        "project_name": name(lot, 80),
        "project_nature": lot.choice(["commercial", "public_benefit"]),
        "investment": str(Decimal(lot.randrange(1, 10**9)).scaleb(-lot.randint(0, 6))),
        "location": name(lot, 70),
        "use_type": lot.choice(["13", "11", "31", "42"]),
        "term": {"from": f"{year}-{lot.randint(1, 12):02d}-{lot.randint(1, 28):02d}", "to": f"{year + lot.randint(1, 40)}-12-31"},
        "shoreline": {"natural": str(lot.randrange(5_000)), "artificial": f"{lot.randrange(500_000) / 100:.2f}"},
        "structure": lot.choice(["201", "202", "299"]) if "23" in modes else ...,
    }  # fmt: skip
    holders = [HolderLine(name=told["applicant_name"])]
    for at in range(2, 2 + lot.choice([0, 0, 1, 2, 3])):
        own = {
            "applicant_name": name(lot, 60),
            "id_kind": "id_card",
            "id_number": "11010519491231002X",
            "address": name(lot, 120),
            "phone": f"1{lot.randrange(10**10):010d}",
        }
        told |= {f"{field}@{at}": value for field, value in own.items()}
        holders.append(HolderLine(name=own["applicant_name"], holding="joint"))
    return files.file(boundary=boundary, unit_modes=modes, unit_uses=uses, told=told, holders=tuple(holders))


def _strip(west: int, south: int, lot: random.Random) -> tuple[tuple[int, int], ...]:
    return (west, south), (west + 3_000, south), (west + 3_000, south + 20_000), (west, south + 20_000)


def set_and_read(file: CaseFile, kind: str, folder: Path) -> list[Word]:
    content = content_of(kind, file, number="荣海申〔2026〕1号", code=files.CODE)
    path = folder / f"{kind}.pdf"
    path.write_bytes(set_paper(replace(content, drawings=()), "zh", base_url="http://localhost:8000").pdf)
    return words_of(path)


def printed(form: Form, field: str, original: str, answer: Answer) -> str:
    """What an answer must look like on paper, written here once more and independently of the papers."""
    value = answer.value
    if field == "use_type":
        codes = files.BOOK.codes["use_types"]
        return f"{codes.top(value).zh} / {codes[value].zh}（{value}）"
    if field == "term":
        first, last = (files.date.fromisoformat(value[end]) for end in ("from", "to"))
        return f"{day(first)['zh']}至{day(last)['zh']}"
    by_field = {
        "area": lambda: f"{Decimal(value):.4f} 公顷",
        "investment": lambda: f"{Decimal(value):,f} 万元",
        "shoreline": lambda: (
            f"自然岸线 {Decimal(value['natural']):,f} 米，人工岸线 {Decimal(value['artificial']):,f} 米"
        ),
        "units": lambda: f"{len(value)} 个内部单元，见“宗海内部单元”表",
        "points": lambda: f"见“界址点坐标”表，界址指纹 {value}",
        "declaration": lambda: "已承诺，见文末声明与签署",
        "project_nature": lambda: {"commercial": "经营性", "public_benefit": "公益性"}[value],
        "certificate": lambda: "电子证书，不分别持证",
        "id_kind": lambda: {"uscc": "统一社会信用代码", "id_card": "居民身份证"}[value],
        "structure": lambda: {"201": "透水构筑物（201）", "202": "非透水构筑物（202）", "299": "其它海上构筑物（299）"}[
            value
        ],
        "scenario": lambda: {"right_kind": "海域使用权", "registration_kind": "首次登记"}[original],
    }
    return by_field[field]() if field in by_field else str(value)


def fields(words: list[Word], group: str) -> dict[str, str]:
    """The original fields of a document by name, as read."""
    originals = files.FORM.originals[group].fields
    read = fields_of(words, [each.label.zh for each in originals.values()])
    return dict(zip(originals, read, strict=True))


@pytest.mark.parametrize("quarter", range(4))
def test_both_applications_agree_with_the_answers_and_with_each_other(
    quarter: int, effort: Effort, tmp_path: Path
) -> None:
    for seed in range(quarter, min(effort.fuzz, MOST), 4):
        file = file_of(seed)
        read = {kind: set_and_read(file, kind, tmp_path) for kind in DOCUMENTS}
        told = {kind: fields(read[kind], group) for kind, group in DOCUMENTS.items()}
        shared: dict[str, set[str]] = {}
        for kind, group in DOCUMENTS.items():
            for original, spec in files.FORM.originals[group].fields.items():
                value = told[kind][original]
                if spec.field is None or spec.field not in file.answers:
                    assert value and not value.startswith("已承诺"), (seed, kind, original)
                    continue
                assert value == squeezed(printed(files.FORM, spec.field, original, file.answers[spec.field])), (
                    seed,
                    kind,
                    original,
                )
                if spec.field != "scenario":
                    shared.setdefault(spec.field, set()).add(value)
            agree_on_tables(file, read[kind], (seed, kind))
            agree_on_co_holders(file, read[kind], group, (seed, kind))
        assert {field for field, values in shared.items() if len(values) > 1} == set(), seed


def agree_on_tables(file: CaseFile, words: list[Word], where: tuple[int, str]) -> None:
    """The units and the points of a paper are those of the answers and of the boundary."""
    assert file.boundary is not None
    heads = ("单元", "用海方式", "具体用途", "界址线", "面积（公顷）")
    modes = file.book.codes["use_modes"]
    assert table_of(words, heads, "合计") == [
        [
            str(at),
            modes[unit["mode"]].zh,
            squeezed(unit["use"]),
            squeezed(file.boundary.unit_notation(at - 1, brief=True)),
            unit["hectares"],
        ]
        for at, unit in enumerate(file.answers["units"].value, 1)
    ], where
    ring = file.boundary.parcel.exterior
    closed = [(str(file.boundary.number_of(point)), dms(point[1]), dms(point[0])) for point in (*ring, ring[0])]
    assert points_of(words)[: len(closed)] == closed, where


def agree_on_co_holders(file: CaseFile, words: list[Word], group: str, where: tuple[int, str]) -> None:
    """Each co-holder's own answers stand under its own heading."""
    for at, holder in enumerate(file.holders[1:], 2):
        start = next(
            number
            for number, word in enumerate(words)
            if word.text == "第" and words[number + 1].text == str(at) and words[number + 2].text == "位权利人"
        )
        own = [
            name
            for name, spec in files.FORM.originals[group].fields.items()
            if spec.field and f"{spec.field}@{at}" in file.answers
        ]
        labels = [files.FORM.originals[group].fields[name].label.zh for name in own]
        read = dict(zip(own, fields_of(words[start:], labels), strict=True))
        for name in own:
            field = str(files.FORM.originals[group].fields[name].field)
            assert read[name] == squeezed(printed(files.FORM, field, name, file.answers[f"{field}@{at}"])), (
                *where,
                at,
                name,
            )
        assert holder.name
