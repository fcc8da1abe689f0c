"""Case files for the tests of papers and their gallery: an oyster farm in Sanggou Bay with defaults for all but the point of a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from approvals.clock import clock_of
from approvals.dates import dates_of
from approvals.dictionary import forms
from approvals.forms import Answer
from approvals.papers.casefile import (
    AuthorityLine,
    BillLine,
    CaseFile,
    HolderLine,
    IssuerLine,
    MaterialLine,
    PlaceLine,
    ReceiptLine,
    RightLine,
    SigningLine,
)
from approvals.papers.content import PaperContent
from approvals.papers.kinds import content_of
from data.answers import Source
from data.rulebook import packaged
from marine.boundary import Boundary, Polygon, settle
from marine.fees import FeeLine, FeeUnit, fee
from marine.findings import Finding, Grade
from marine.spaces import Layer
from tests.approvals.builders import Story, approved

ON = date(2026, 11, 26)
CODE = "7K4M-9QXT-R2VD-HW6P"
FORM = forms()["establishment"]
BOOK = packaged()
CHAIN = ("cn", "37", "3710", "371082")
# The parcel of the interface guide's mock-up, cut by an inner line into two units.
FARM = ((441029645, 133625515), (441049457, 133628885), (441049875, 133633864), (441045936, 133641220), (441026362, 133637890))  # fmt: skip
VALUES: Mapping[str, Any] = {
    "scenario": "海域使用权设立（申请审批）；海域使用权；首次登记",
    "applicant_name": "荣成示例海洋牧场有限公司",
    "id_kind": "uscc",
    "id_number": "91350100M000100Y43",
    "legal_person": "王示例",
    "legal_person_id": "11010519491231002X",
    "address": "山东省威海市荣成市崂山街道示例路18号",
    "contact": "李示例",
    "phone": "0631-7560000",
    "agent": "赵示例，13800001234",
    "project_name": "桑沟湾北部牡蛎筏式养殖",
    "project_nature": "commercial",
    "investment": "320.5",
    "location": "荣成市桑沟湾北部海域",
    "use_type": "13",
    "term": {"from": "2027-01-01", "to": "2041-12-31"},
    "shoreline": {"natural": "0", "artificial": "0"},
    "certificate": "electronic_single",
    "declaration": True,
}


def settled(parcel: Polygon | None, units: tuple[Polygon, ...] = ()) -> Boundary:
    found = settle(parcel, units)
    assert found.boundary is not None, found.faults
    return found.boundary


def farm() -> Boundary:
    """The oyster farm as one unit."""
    return settled(Polygon(FARM))


def farm_in_two() -> Boundary:
    """The same sea as two units with a line between them."""
    west, south_east, corner, north_east, north = FARM
    return settled(None, (Polygon((west, south_east, north)), Polygon((south_east, corner, north_east, north))))


def answers(boundary: Boundary, modes: tuple[str, ...], uses: tuple[str, ...], **changed: Any) -> dict[str, Answer]:
    """Answers of the one form; a value `...` takes its field out, and names may bear a co-holder's number (`address@2`)."""
    units = [
        {"mode": mode, "hectares": f"{area:.4f}", "use": use}
        for mode, area, use in zip(modes, boundary.unit_areas, uses, strict=True)
    ]
    told = {**VALUES, "units": units, "area": f"{boundary.area:.4f}", "points": boundary.hash, **changed}
    made = {}
    for name, value in told.items():
        if value is ...:
            continue
        field = FORM.fields[name.partition("@")[0]]
        made[name] = Answer(value, field.source, date(2026, 3, 1) if field.source == "profile" else None)
    return made


def file(**changed: Any) -> CaseFile:
    """A file at its submission, signed by one-time code."""
    boundary = changed.pop("boundary", None) or farm()
    modes = changed.pop("unit_modes", ("41",) * len(boundary.units))
    uses = changed.pop("unit_uses", ("牡蛎筏式养殖",) * len(boundary.units))
    told = changed.pop("told", {})
    story = changed.pop("story", None) or Story(on=date(2026, 11, 20)).do("submission.submit")
    made = CaseFile(
        number="荣海办〔2026〕31号",
        template=story.template,
        state=story.state,
        on=ON,
        place=PlaceLine(zh="荣成市", en="Rongcheng", code="371082"),
        issuer=IssuerLine(zh="内置示例机关", en="Built-in sample issuer", signer="haiyu sample issuer", is_builtin=True),
        book=BOOK,
        form=FORM,
        answers=answers(boundary, modes, uses, **told),
        holders=(HolderLine(name=VALUES["applicant_name"]),),
        marks={"shoreline": "sample"},
        project=VALUES["project_name"],
        boundary=boundary,
        unit_modes=modes,
        unit_uses=uses,
        use_type="13",
        layers=int(Layer.SURFACE | Layer.WATER_COLUMN),
        first=date(2027, 1, 1),
        last=date(2041, 12, 31),
        received_on=date(2026, 11, 20),
        materials=(
            MaterialLine(name="argumentation", zh="海域使用论证材料", en="Argumentation", file="桑沟湾牡蛎养殖海域使用论证报告表.pdf", digest="sha256:" + "3f" * 32, provided_by="applicant"),
            MaterialLine(name="credit", zh="资信证明材料", en="Proof of financial standing", file="资信证明.pdf", digest="sha256:" + "a7" * 32, provided_by="applicant"),
        ),
        signing=SigningLine(way="code", signed_at=datetime(2026, 11, 20, 2, 41, tzinfo=UTC), form_digest="c1" * 32, boundary_hash=boundary.hash, materials_digest="e4" * 32),
        rules_hash=BOOK.hash,
        form_digest="c1" * 32,
    )  # fmt: skip
    return replace(made, **changed)


def accepted_file(**changed: Any) -> CaseFile:
    """A file on the day of its acceptance, with its clock."""
    story = changed.pop("story", None) or Story(on=date(2026, 11, 20)).do("submission.submit").do(
        "acceptance.accept", later=6
    )
    made = file(story=story, accepted_on=ON, **changed)
    inquiry = BOOK.inquire(dates=dates_of(story.state, story.template, ON), place=CHAIN, today=ON)
    return replace(made, clock=clock_of(story.state, story.template, inquiry, ON))


def decided_file(**changed: Any) -> CaseFile:
    """A file on the day of its decision, with what the check found."""
    act = Source(
        "authority.level",
        "海域使用管理法 第十八条；山东省海域使用管理条例 第十六条",
        "text",
        mark="edition_not_confirmed",
    )
    sums = Source("authority.sum_parts", "山东省海域使用管理条例 第二十三条", "text", mark="edition_not_confirmed")
    told: dict[str, Any] = {
        "story": approved(),
        "accepted_on": date(2026, 11, 20),
        "decided_on": ON,
        "authority": AuthorityLine(level="county", zh="荣成市", en="Rongcheng", basis=(act, sums)),
        "findings": (touching(), Finding(code="term.fits", grade=Grade.CLEAR)),
        "grade": Grade.TOUCHING,
        "texts": {"conditions": "养殖筏架不得超出界址线。\n不得占用相邻航道，夜间设置警示标志。"},
        "decision_number": "荣海批〔2026〕12号",
    }
    return file(**{**told, **changed})


def touching() -> Finding:
    """A neighbour that shares a boundary."""
    return Finding(
        code="neighbour.touching",
        grade=Grade.TOUCHING,
        facts={"standing": "registered", "shared_m": Decimal("412.30"), "gap_m": Decimal("0.00")},
        basis=(Source("boundary.tolerance", "本系统设定", "house", mark="house"),),
    )


def bill(boundary: Boundary, modes: tuple[str, ...], **changed: Any) -> BillLine:
    """A bill as the money stores it, by rates that the book knows."""
    first, last = date(2027, 1, 1), date(2029, 6, 30)
    inquiry = BOOK.inquire(
        dates=dict.fromkeys(("received", "accepted", "decided", "period", "event"), ON), place=CHAIN, today=ON
    )
    units = [FeeUnit(mode, area) for mode, area in zip(modes, boundary.unit_areas, strict=True)]
    sheet = fee(units, "371082", first, inquiry=inquiry, end=last)
    assert sheet.total_yuan is not None, sheet.missing
    made = BillLine(
        number="荣海缴〔2026〕9号",
        payer=VALUES["applicant_name"],
        owed_yuan=sheet.total_yuan,
        first=first,
        last=last,
        lines=tuple(stored(line) for line in sheet.lines),
        issued_on=ON,
    )
    return replace(made, **changed)


def stored(line: FeeLine) -> dict[str, Any]:
    """A line of a fee sheet as a bill stores it."""
    return {
        "step": line.step,
        "unit": line.unit,
        "mode": line.mode,
        "fee_mode": line.fee_mode,
        "hectares": str(line.hectares),
        "grade": line.grade,
        "rate": None if line.rate is None else str(line.rate),
        "factor": str(line.factor),
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "yuan": None if line.yuan is None else str(line.yuan),
        "basis": [{"rule": each.rule, "cite": each.cite, "mark": each.mark} for each in line.basis],
    }


def billed_file(**changed: Any) -> CaseFile:
    """A file with a bill: a pier and its basin, whose rates the book knows."""
    boundary = changed.pop("boundary", None) or farm_in_two()
    modes = ("23", "31")
    uses = ("养殖管护平台", "工作船停泊")
    return decided_file(
        **{
            "boundary": boundary,
            "unit_modes": modes,
            "unit_uses": uses,
            "use_type": "11",
            "bill": bill(boundary, modes),
            **changed,
        }
    )


def registered_file(**changed: Any) -> CaseFile:
    """A file after registration, its bill paid."""
    made = billed_file(on=date(2026, 11, 30))
    assert made.bill is not None
    paid = ReceiptLine(
        kind="receipt", number="税缴字 20261127001", yuan=made.bill.owed_yuan, moved_on=date(2026, 11, 27)
    )
    right = RightLine(
        right_id=7,
        parcel_code="371082001002GH00017",
        unit_code="371082001002GH00017W00000000",
        entered_on=date(2026, 11, 30),
        notes=("layered",),
    )
    return replace(made, bill=replace(made.bill, receipts=(paid,)), right=right, **changed)


def contents() -> dict[str, PaperContent]:
    """One paper of every kind."""
    rejected = file(
        ground="other_office", texts={"reason": "该海域位于乳山市管辖范围，应由毗邻该海域的县级主管部门受理。"}
    )
    corrected = file(
        items=("term", "argumentation", "address@2"),
        texts={
            "term": "申请期限超过养殖用海最高年限十五年，请改为不超过十五年。",
            "argumentation": "论证报告表缺第5章开发利用协调分析。",
            "address@2": "第二位权利人的通讯地址不完整。",
        },
    )
    refused = decided_file(
        ground="hinders_safety",
        findings=(conflict(), touching()),
        grade=Grade.CONFLICT,
        texts={"reason": "用海范围与已登记航道重叠，申请人未采用补救边界。"},
    )
    made = {
        "use_application": file(),
        "registration_application": file(),
        "acceptance_notice": accepted_file(),
        "correction_notice": corrected,
        "rejection_notice": rejected,
        "decision": decided_file(is_layered=True),
        "refusal": refused,
        "fee_notice": billed_file(),
        "statement_of_registration": registered_file(),
        "register_extract": registered_file(),
        "boundary_sheet": registered_file(),
        "position_sheet": registered_file(),
    }
    return {
        kind: content_of(kind, each, number=f"荣海样〔2026〕{at}号", code=CODE)
        for at, (kind, each) in enumerate(made.items(), 1)
    }


def conflict() -> Finding:
    """A registered right that the draft overlaps."""
    return Finding(
        code="neighbour.exclusive",
        grade=Grade.CONFLICT,
        facts={
            "standing": "registered",
            "overlap_ha": Decimal("2.1925"),
            "width_m": Decimal("61.20"),
            "layers": ("surface", "water_column"),
            "from": date(2027, 1, 1),
            "to": date(2034, 12, 31),
        },
        basis=(Source("overlap.exclusive", "海域使用管理法 第二条", "text", mark="edition_not_confirmed"),),
    )
