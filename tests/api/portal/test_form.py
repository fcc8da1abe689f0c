"""The pages of the one form through the door: who may see them, what is asked of whom, and what is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

OYSTER, SEAFOOD = "sample.oyster", "sample.seafood"
WINDOW, REVIEWER, STEWARD = "sample.window.371082", "sample.reviewer.371082", "sample.steward.371082"
OWN = {"Sec-Fetch-Site": "same-origin"}
Opener = Callable[[str | None], Any]


def page(as_somebody: Opener, login: str | None, number: str, step: int = 1, lang: str = "zh") -> str:
    answer = as_somebody(login).get(f"/cases/{number}/form?step={step}&lang={lang}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def asked(told: str) -> list[str]:
    """The fields that a page asks, as controls of their own."""
    return re.findall(r'class="fld ask" data-field="([^"]+)"', told)


def test_the_public_signs_in_first_and_another_applicant_is_told_that_there_is_no_such_case(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    public = as_somebody(None).get(f"/cases/{cases['draft_begun']}/form")
    assert public.status_code == 303 and "/sign-in?next=" in public.headers["location"]
    assert as_somebody(SEAFOOD).get(f"/cases/{cases['draft_begun']}/form").status_code == 404
    assert as_somebody("sample.planner.371000").get(f"/cases/{cases['draft_begun']}/form").status_code in (403, 404)


def test_what_is_known_is_shown_and_not_asked(as_somebody: Opener, cases: dict[str, str]) -> None:
    who = page(as_somebody, OYSTER, cases["draft_begun"], 1)
    assert asked(who) == ["contact", "project_name", "project_nature", "investment", "agent"]
    assert "荣成示例牡蛎养殖有限公司" in who and "2026-09-27 核验" in who
    sea = page(as_somebody, OYSTER, cases["draft_begun"], 2)
    assert asked(sea)[0] == "term" and "15.8821 公顷" in sea
    assert asked(page(as_somebody, OYSTER, cases["draft_begun"], 3)) == ["declaration"]


def test_a_field_that_does_not_apply_is_there_but_hidden(as_somebody: Opener, cases: dict[str, str]) -> None:
    sea = page(as_somebody, OYSTER, cases["draft_begun"], 2)
    structure = re.search(r'data-field="structure"[^>]*>', sea)
    assert structure is not None and " hidden" in structure[0]


def test_the_meter_is_that_of_the_interface(as_somebody: Opener, cases: dict[str, str]) -> None:
    number = cases["draft_unsigned"]
    counted = as_somebody(OYSTER).get(f"/api/v1/cases/{number}/form").json()["counters"]
    told = page(as_somebody, OYSTER, number)
    assert f'data-entered="{counted["entered"]}" data-to-fill="8" data-filled="8"' in told
    assert counted == {"raw": 40, "merged": 25, "entered": 8}
    begun = page(as_somebody, OYSTER, cases["draft_begun"])
    assert 'data-entered="3" data-to-fill="8" data-filled="3"' in begun


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "一张表，办用海和不动产登记两件事"), ("en", "One form for the use of the sea")]
)
def test_both_languages(as_somebody: Opener, cases: dict[str, str], lang: str, words: str) -> None:
    assert words in page(as_somebody, OYSTER, cases["draft_begun"], 1, lang)


def test_numbers_of_people_are_masked_on_the_page(as_somebody: Opener, cases: dict[str, str]) -> None:
    form = as_somebody(OYSTER).get(f"/api/v1/cases/{cases['draft_unsigned']}/form").json()
    whole = next(field["answer"]["value"] for field in form["fields"] if field["name"] == "legal_person_id")
    for step in (1, 3):
        shown = re.sub(r'data-base="[^"]*"', "", page(as_somebody, OYSTER, cases["draft_unsigned"], step))
        assert whole not in shown and f"{whole[:4]}********{whole[-4:]}" in shown


def test_a_filed_form_is_read_only_for_the_applicant_and_for_officers_of_the_place(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    for login in (OYSTER, REVIEWER, WINDOW):
        told = page(as_somebody, login, cases["in_review"])
        assert "这里只能看" in told and "data-field" not in told and "data-upload" not in told
        assert "用验证码签章" in told


def test_a_correction_names_its_items_and_is_filed_as_the_correction(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    told = page(as_somebody, OYSTER, cases["in_correction"])
    assert "请补正这 2 项" in told and "data-asked" in told
    boot = json.loads(re.search(r'id="boot">(.*?)</script>', told, re.S)[1])["form"]  # type: ignore[index]
    assert boot["act"] == {"name": "correction.supply", "items": ["contact", "credit"]}


def test_a_window_may_fill_and_is_told_why_it_cannot_sign(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = page(as_somebody, WINDOW, cases["draft_unsigned"], 3)
    assert "不能用验证码代签" in told and "data-ask-code" not in told
    steward = page(as_somebody, STEWARD, cases["draft_unsigned"], 3)
    assert "不能代签" in steward and "signed_scan" not in steward
    assert "提交由申请人或窗口做" in steward


def test_a_reviewer_of_the_place_reads_a_draft(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = page(as_somebody, REVIEWER, cases["draft_unsigned"])
    assert "申请人还在填写，您可以看" in told and "data-field" not in told


def test_why_a_field_is_asked_names_its_documents(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = page(as_somebody, OYSTER, cases["draft_begun"], 1)
    card = told[told.index('id="why-f-contact"') :][:2000]
    assert "海域使用申请书“联系人”" in card and "海域使用申请书（海域动态监管系统字段）" in card


def test_sending_again_what_stands_there_is_accepted_at_any_version(as_somebody: Opener, cases: dict[str, str]) -> None:
    """An answer was lost on the way; the second try was told that somebody else had been first."""
    client, number = as_somebody(SEAFOOD), cases["draft_half"]
    address = f"/api/v1/cases/{number}/form"
    version = client.get(address).json()["version"]
    body = {"answers": {"contact": "王示例二"}, "version": version}
    first = client.patch(address, json=body, headers=OWN)
    again = client.patch(address, json=body, headers=OWN)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["version"] == again.json()["version"] == version + 1
    other = {"answers": {"contact": "王示例三"}, "version": version}
    refused = client.patch(address, json=other, headers=OWN)
    assert refused.status_code == 409 and refused.json()["code"] == "case.changed_meanwhile"
    contact = next(field for field in again.json()["fields"] if field["name"] == "contact")
    assert contact["answer"]["entered_by"] == "王示例" and contact["answer"]["entered_at"]


def test_whatever_was_saved_the_page_still_shows(as_somebody: Opener, cases: dict[str, str]) -> None:
    """What is wrong is saved all the same; the page that should let one mend it could not be opened."""
    client, number = as_somebody(SEAFOOD), cases["draft_half"]
    address = f"/api/v1/cases/{number}/form"
    before = {field["name"]: field["answer"] for field in client.get(address).json()["fields"]}
    fields = (
        "contact",
        "phone",
        "address",
        "project_nature",
        "investment",
        "units",
        "term",
        "use_type",
        "structure",
        "location",
    )
    for value in ([], {"a": 1}, 7, True, "x" * 600, {"from": "2027-01-01", "to": "0001"}, [{"mode": "99"}], "999"):
        sent = client.patch(address, json={"answers": dict.fromkeys(fields, value)}, headers=OWN)
        assert sent.status_code == 200, sent.text
        for step in (1, 2, 3):
            assert 'id="meter"' in page(as_somebody, SEAFOOD, number, step)
    typed = {
        name: before[name]["value"] if before[name] and before[name]["source"] == "typed" else None for name in fields
    }
    assert client.patch(address, json={"answers": typed}, headers=OWN).status_code == 200
