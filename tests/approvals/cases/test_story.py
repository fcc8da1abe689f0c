"""One case from the form to the registered right, act by act through the engine on real PostGIS."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.approvals.cases.stage import Story, build_town


def test_a_clean_parcel_goes_from_the_form_to_a_registered_right(session: Session) -> None:
    story = Story(session, build_town(session)).registered()
    row = story.case.row
    assert (row.standing, row.right_id is not None) == ("registered", True)
