"""What papers tell: each kind from one file, with its articles, figures, both days, marks of doubt, and nothing invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from approvals.cases.use import boundary_of
from approvals.library import packaged
from approvals.papers.casefile import CaseFile, HolderLine, ReceiptLine
from approvals.papers.content import PaperContent, Row, as_json, doubts, from_json
from approvals.papers.drawn import sheet_values
from approvals.papers.kinds import KINDS, content_of, title_of
from approvals.papers.law import packaged_law
from data import messages
from data.messages import LANGUAGES
from parcels.drafts import Heights
from tests.approvals.builders import Story
from tests.approvals.papers import files


def paper(kind: str, file: CaseFile) -> PaperContent:
    return content_of(kind, file, number="荣海样〔2026〕1号", code=files.CODE)


def value(content: PaperContent, block: str, label: str, lang: str = "zh") -> str:
    return row(content, block, label).value[lang]


def row(content: PaperContent, block: str, label: str) -> Row:
    found = [each for each in content.block(block).rows if each.label["zh"] == label]
    assert len(found) == 1, [each.label["zh"] for each in content.block(block).rows]
    return found[0]


def words(content: PaperContent, block: str, lang: str = "zh") -> str:
    told = content.block(block).words
    assert told is not None
    return told[lang]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_paper_goes_to_json_and_comes_back_equal(kind: str) -> None:
    content = files.contents()[kind]
    assert from_json(json.loads(json.dumps(as_json(content), ensure_ascii=False))) == content


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_file_gives_the_same_paper(kind: str) -> None:
    assert files.contents()[kind] == files.contents()[kind]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_text_of_a_paper_stands_in_both_languages(kind: str) -> None:
    def every(told: object) -> None:
        if isinstance(told, dict) and set(told) & set(LANGUAGES):
            assert set(told) == set(LANGUAGES)
            assert all(isinstance(each, str) for each in told.values())
        elif isinstance(told, dict):
            for each in told.values():
                every(each)
        elif isinstance(told, list):
            for each in told:
                every(each)

    every(as_json(files.contents()[kind]))


def test_the_kinds_are_those_that_the_procedure_issues_and_the_two_sheets() -> None:
    told = {
        name: title.model_dump()
        for step in packaged().newest("establishment").steps.values()
        for name, title in step.materials_out.items()
    }
    assert set(KINDS) == {*told, "boundary_sheet", "position_sheet"}
    assert {name: dict(title_of(name)) for name in told} == told
    with pytest.raises(ValueError):
        title_of("certificate")


def test_no_paper_calls_itself_a_certificate_of_title() -> None:
    for content in files.contents().values():
        assert "不动产权证书" not in json.dumps(as_json(content), ensure_ascii=False)


def test_all_forty_original_fields_stand_on_the_two_applications_with_their_fate() -> None:
    file = files.file()
    told = {kind: paper(kind, file) for kind in ("use_application", "registration_application")}
    rows = {kind: [each for block in content.blocks if block.kind == "pairs" and block.key != "signing" for each in block.rows] for kind, content in told.items()}  # fmt: skip
    assert {kind: len(each) for kind, each in rows.items()} == {"use_application": 22, "registration_application": 18}
    fates = [each.status for kind in rows for each in rows[kind]]
    assert {fate: fates.count(fate) for fate in set(fates)} == {
        "filled": 31,
        "dropped": 4,
        "not_applicable": 3,
        "later": 2,
    }
    dropped = row(told["use_application"], "applicant", "邮政编码")
    assert (dropped.value["zh"], dropped.mark) == ("已精简：文书电子送达，地址已足", "house")
    assert value(told["use_application"], "sea", "新增岸线") == "不适用：仅填海适用"
    assert value(told["registration_application"], "registration", "构筑物类型").startswith("不适用：由“内部单元")
    assert value(told["registration_application"], "registration", "不动产单元号") == "待填：登簿时由系统生成"
    assert value(told["registration_application"], "matter", "登记类型") == "首次登记"


def test_co_holders_have_blocks_of_their_own_with_their_shares() -> None:
    second = {
        "applicant_name@2": "张示例",
        "id_kind@2": "id_card",
        "id_number@2": "11010519491231002X",
        "address@2": "荣成市成山镇",
    }
    holders = (
        HolderLine(name="荣成示例海洋牧场有限公司", holding="shares", numerator=2, denominator=3),
        HolderLine(name="张示例", holding="shares", numerator=1, denominator=3),
    )
    content = paper("use_application", files.file(told=second, holders=holders))
    assert [[cell["zh"] for cell in cells] for cells in content.block("holders").cells] == [
        ["1", "荣成示例海洋牧场有限公司", "按份共有 2/3"],
        ["2", "张示例", "按份共有 1/3"],
    ]
    assert [(each.label["zh"], each.value["zh"]) for each in content.block("co_holder_2").rows] == [
        ("申请人名称", "张示例"),
        ("社会信用代码或身份证号", "11010519491231002X"),
        ("法定代表人姓名", "不适用：由“证件种类”的填写内容决定"),
        ("法定代表人身份证号", "不适用：由“证件种类”的填写内容决定"),
        ("通讯地址", "荣成市成山镇"),
        ("联系电话（手机）", "未填"),
    ]


def test_the_signature_prints_the_three_digests_that_it_binds_or_leaves_lines_for_the_hand() -> None:
    file = files.file()
    told = [each.value["zh"] for each in paper("registration_application", file).block("signing").rows]
    assert file.signing is not None
    bound = [file.signing.form_digest, file.signing.boundary_hash, file.signing.materials_digest]
    assert told == ["一次性验证码", "2026年11月20日 10:41", *bound]
    unsigned = paper("registration_application", replace(file, signing=None)).block("signing")
    assert (unsigned.kind, [each.value["zh"] for each in unsigned.rows]) == ("signatures", ["", "", ""])


def test_an_acceptance_tells_the_three_figures_apart_and_the_day_to_expect() -> None:
    content = paper("acceptance_notice", files.accepted_file())
    assert "予以受理" in words(content, "accepted") and "行政许可法 第三十二条" in words(content, "accepted")
    assert value(content, "figures", "承诺") == "自受理之日起 8 个工作日"
    assert value(content, "figures", "法定") == "最长路径逐环节合计 60 个工作日"
    assert value(content, "figures", "原办理") == "22 个工作日（报道数字，不是时限）"
    assert value(content, "figures", "预计办结") == "2026年12月8日"
    assert [[cell["zh"] for cell in cells][:2] for cells in content.block("statutory").cells] == [
        ["技术审查", "10 个工作日"],
        ["批准决定", "20 个工作日"],
        ["不动产登簿", "30 个工作日"],
    ]
    with pytest.raises(KeyError):
        content.block("missing")


def test_materials_are_listed_with_their_digests_as_anyone_computes_them() -> None:
    cells = paper("acceptance_notice", files.accepted_file()).block("materials").cells
    assert [(each[1]["zh"], each[4]["zh"]) for each in cells] == [
        ("海域使用论证材料", "3f" * 32),
        ("资信证明材料", "a7" * 32),
    ]


def test_an_acceptance_by_silence_says_so_with_its_article() -> None:
    content = paper("acceptance_notice", files.accepted_file(is_accepted_by_silence=True))
    assert "自收到申请材料之日起即为受理（视为受理）" in words(content, "accepted")
    assert "counts as accepted as of its receipt" in words(content, "accepted", "en")


def test_an_acceptance_says_whose_holiday_table_is_missing() -> None:
    late = date(2026, 12, 28)
    story = Story(on=late).do("submission.submit").do("acceptance.accept")
    content = paper("acceptance_notice", files.accepted_file(story=story, on=late, received_on=late))
    assert "2027 年放假安排未录入" in words(content, "missing")


def test_a_correction_names_fields_papers_and_co_holders_and_that_it_is_asked_once() -> None:
    content = files.contents()["correction_notice"]
    assert [cells[1]["zh"] for cells in content.block("items").cells] == [
        "申请用海期限",
        "海域使用论证材料",
        "通讯地址（第 2 位权利人）",
    ]
    assert "只告知这一次" in words(content, "once")
    assert "满 60 个工作日没有补正的，本件失效" in words(content, "lapse")
    assert content.block("lapse").marks == (("house",),)


def test_what_is_refused_names_its_ground_with_its_article_and_the_right_of_review() -> None:
    refusal, rejection = files.contents()["refusal"], files.contents()["rejection_notice"]
    assert value(refusal, "matter", "法定事由") == "妨碍航行、消防、救护、汛期行洪"
    assert row(refusal, "matter", "法定事由").cite == "山东省海域使用管理条例 第十八条"
    assert value(rejection, "matter", "法定事由") == "依法不属于本机关职权范围"
    for content in (refusal, rejection):
        assert "行政复议或者提起行政诉讼（行政许可法 第三十八条）" in words(content, "review")
        assert content.block("review").marks == (("unverified",),)
        assert not any(sign in words(content, "review") for sign in "0123456789")


def test_findings_stand_with_their_figures_the_gravest_first() -> None:
    cells = files.contents()["refusal"].block("findings").cells
    assert [each[0]["zh"] for each in cells] == ["冲突", "相接"]
    assert "重叠 2.1925 公顷，最宽 61.20 米" in cells[0][1]["zh"]
    assert "by 2.1925 ha, up to 61.20 m wide" in cells[0][1]["en"]
    assert files.contents()["refusal"].block("findings").marks == (("edition_not_confirmed",), ("house",))


def test_a_decision_tells_what_by_whose_power_until_when_and_on_which_conditions() -> None:
    content = files.contents()["decision"]
    assert value(content, "granted", "用海期限（含首尾两日）") == "2027年1月1日至2041年12月31日（15 年）"
    assert value(content, "granted", "用海期限（含首尾两日）", "en") == "1 January 2027 to 31 December 2041 (15 years)"
    assert value(content, "granted", "宗海面积") == "20.2469 公顷"
    assert row(content, "granted", "法定最高年限").mark == "edition_not_confirmed"
    power = row(content, "authority", "批准机关")
    assert (power.value["zh"], power.mark) == ("荣成市人民政府（县级）", "edition_not_confirmed")
    assert "山东省海域使用管理条例 第十六条" in power.cite
    assert value(content, "authority", "决定时再次核查") == "相接"
    assert [each["zh"] for each in content.block("conditions").items] == [
        "养殖筏架不得超出界址线。",
        "不得占用相邻航道，夜间设置警示标志。",
    ]
    assert "立体分层设权，只及于水面、水体" in words(content, "layered")
    assert content.drawings[0].kind == "boundary"


def test_a_decision_says_which_rate_is_missing_and_makes_no_figure() -> None:
    content = files.contents()["decision"]
    assert "开放式养殖 41，三等" in content.block("fee_missing").items[0]["zh"]
    assert content.block("fee").total[6]["zh"] == "待录入"


def test_a_fee_that_the_book_knows_is_computed_unit_by_unit() -> None:
    content = paper("decision", files.billed_file())
    assert [[cell["zh"] for cell in cells] for cells in content.block("fee").cells] == [
        [
            "1",
            "透水构筑物",
            "9.7504",
            "3.23/公顷·年",
            "逐年，15 年",
            "2027年1月1日至2041年12月31日",
            "4,724,068.80",
            "[1]",
        ],
        [
            "2",
            "港池、蓄水",
            "10.4965",
            "0.69/公顷·年",
            "逐年，15 年",
            "2027年1月1日至2041年12月31日",
            "1,086,387.75",
            "[1]",
        ],
    ]
    assert content.block("fee").total[6]["zh"] == "5,810,456.55"


def test_a_fee_notice_sums_its_lines_and_writes_the_amount_twice() -> None:
    file = files.billed_file()
    assert file.bill is not None
    content = paper("fee_notice", file)
    amounts = [Decimal(cells[6]["zh"].replace(",", "")) for cells in content.block("fee_lines").cells]
    assert sum(amounts) == file.bill.owed_yuan == Decimal("968409.43")
    assert value(content, "bill", "应缴金额") == "968,409.43 元"
    assert value(content, "bill", "人民币大写") == "玖拾陆万捌仟肆佰零玖元肆角叁分"
    # After how long the approval lapses is asked of the rule book, which tells it in calendar days.
    assert "满 365 日没有缴清的，批准失效" in words(content, "lapse")
    assert content.block("lapse").marks == (("house",),)
    assert "财综〔2018〕15号" in content.block("fee_lines").items[0]["zh"]
    assert all(marks == ("unverified",) for marks in content.block("fee_lines").marks)


def test_receipts_are_told_with_what_was_reversed() -> None:
    file = files.registered_file()
    assert file.bill is not None
    back = ReceiptLine(kind="reversal", number="冲 1", yuan=Decimal("100.00"), moved_on=date(2026, 11, 28))
    content = paper("register_extract", replace(file, bill=replace(file.bill, receipts=(*file.bill.receipts, back))))
    assert [cells[0]["zh"] for cells in content.block("receipts").cells] == ["缴款", "冲正"]
    assert content.block("receipts").total[3]["zh"] == "968,309.43 元"


def test_the_statement_of_registration_tells_codes_in_their_groups_and_is_no_certificate() -> None:
    content = files.contents()["statement_of_registration"]
    assert value(content, "statement", "不动产单元号") == "371082 001002 GH00017 W00000000"
    assert value(content, "statement", "登簿日期") == "2026年11月30日"
    assert value(content, "statement", "附记") == "立体分层设权"
    assert row(content, "statement", "占用岸线").mark == "sample"
    assert "不是权属证书" in words(content, "no_certificate")


def test_the_extract_has_the_fields_of_the_register_in_their_order() -> None:
    content = files.contents()["register_extract"]
    assert [each.label["zh"] for each in content.block("parcel").rows] == [
        "宗海代码", "不动产单元号", "不动产类型", "项目名称", "项目性质", "用海总面积", "宗海面积", "海域等别", "占用岸线",
        "用海类型 A", "用海类型 B", "用海位置", "档案号", "界址指纹",
    ]  # fmt: skip
    assert [each.label["zh"] for each in content.block("right").rows] == [
        "办件编号", "权利人", "权利类型", "登记类型", "登记原因", "宗海面积", "用海期限（含首尾两日）", "用海空间层", "海域使用金",
        "使用金标准依据", "不动产权证号", "登记机构", "登簿日期", "附记", "权属状态",
    ]  # fmt: skip
    assert [[cell["zh"] for cell in cells] for cells in content.block("units").cells] == [
        ["1", "透水构筑物", "养殖管护平台", "9.7504", "787,344.80"],
        ["2", "港池、蓄水等", "工作船停泊", "10.4965", "181,064.63"],
    ]


def test_units_sum_to_the_parcel_and_rings_close() -> None:
    block = paper("decision", files.billed_file()).block("units")
    assert sum(Decimal(cells[4]["zh"]) for cells in block.cells) == Decimal(block.total[4]["zh"])
    assert [cells[3]["zh"] for cells in block.cells] == ["1-2-3-1", "1-3-4-5-1"]


def test_points_close_their_ring() -> None:
    cells = paper("decision", files.decided_file()).block("points").cells
    assert len(cells) == 6 and cells[0] == cells[-1]
    assert [each["zh"] for each in cells[1]] == ["2", "37°07′05.515″", "122°30′29.645″"]


def test_a_sheet_is_its_drawing_and_what_the_drawing_tells() -> None:
    content = files.contents()["boundary_sheet"]
    assert (content.blocks, [each.kind for each in content.drawings]) == ((), ["boundary"])
    told, file = content.sheet, files.registered_file()
    assert told is not None and file.boundary is not None
    assert boundary_of(told["boundary"]) == file.boundary
    assert (told["parcel_code"], told["unit_modes"], told["layers"]) == ("371082001002GH00017", ["23", "31"], None)
    assert [each["en"] for each in told["unit_names"]] == ["养殖管护平台", "工作船停泊"]


def test_every_doubt_is_counted_and_none_that_is_our_own_setting_counts_as_law() -> None:
    counted = doubts(files.contents()["fee_notice"])
    assert counted == {"unverified": 6, "house": 1}
    for name, origin in packaged_law().items():
        assert (origin.seen == "house") == (name == "ours")


def test_every_choice_of_the_form_has_its_words() -> None:
    """A choice without a text would stand on the paper as its code."""
    for name, field in files.FORM.fields.items():
        for choice in field.choices:
            assert messages.has(f"paper.choice.{name}.{choice}"), (name, choice)
    for original in ("right_kind", "registration_kind"):
        assert messages.has(f"paper.answer.scenario.establishment.{original}")


def test_a_layered_sheet_holds_the_heights_of_its_layers() -> None:
    heights = Heights(low=-12.5, high=-3.0, surveyed=True)
    file = files.decided_file(is_layered=True)
    with_heights, without = sheet_values(replace(file, heights=heights)), sheet_values(file)
    assert with_heights is not None and without is not None
    assert (with_heights["heights"], without["heights"]) == ({"low": -12.5, "high": -3.0, "surveyed": True}, None)
