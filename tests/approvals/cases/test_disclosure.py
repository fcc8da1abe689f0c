"""What an applicant learns of a case's sources (register.md §5): what the check would tell, in views, in the chain, and on papers."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from approvals.cases.checking import check_for_applicant, check_for_office, use_of
from marine.findings import Grade
from tests.approvals.cases.stage import Story, Town, build_town


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def test_a_registered_case_does_not_stand_against_its_own_right(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    reports = (
        check_for_office(session, story.case, story.works(town.officer("registrar"))),
        check_for_applicant(session, story.case, use_of(story.case), story.works(town.enterprise)),
    )
    assert [report.grade < Grade.NEEDS_CONSENT for report in reports] == [True, True]
    assert ["right.none" in {finding.code for finding in report.findings} for report in reports] == [True, True]
