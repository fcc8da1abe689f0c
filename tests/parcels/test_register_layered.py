"""Layered rights through `grant`: which papers they need, the note that both register pages then carry, and what is never layered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from parcels.register import Band, Share
from tests.parcels.builders import (
    adopt,
    build_boundary,
    build_old,
    build_paper,
    build_party,
    build_request,
    build_right,
    grant,
    rectangle,
    rows,
)
from tests.parcels.test_register_grant import refused


def layered_right(session: Session, **given: Any) -> Any:
    """A right on the seabed alone."""
    return build_right(session, layer="seabed", case_number="below", **given)


def test_layered_rights_need_their_papers_and_then_carry_the_note(session: Session) -> None:
    below = layered_right(session)
    holders = (Share(build_party(session)),)
    above = build_request(layer="surface", case_number="above", holders=holders)
    refusal = refused(session, above)
    assert refusal.code == "register.needs_consent"
    assert [finding.code for finding in refusal.findings] == ["layers.consent"]
    build_paper(session, case="above", boundary=above.boundary, right=below.right_id)
    granted = grant(session, above)
    assert granted.is_layered
    # Both register pages carry the note, and the earlier right's own stream tells of it.
    assert rows(session, "SELECT right_id, kind, text FROM right_note ORDER BY id") == [
        (granted.right_id, "layered", "立体分层设权"),
        (below.right_id, "layered", "立体分层设权"),
    ]
    noted = "SELECT body ->> 'layered_with' FROM event WHERE kind = 'right.noted' AND stream = :stream"
    assert rows(session, noted, stream=f"right:{below.right_id}") == [(str(granted.right_id),)]
    told = rows(
        session, "SELECT body -> 'layered_with' FROM event WHERE kind = 'right.registered' ORDER BY id DESC LIMIT 1"
    )
    assert told[0][0] == {"rights": [below.right_id], "cases": []}


def test_a_claim_may_stand_while_the_consent_is_asked_and_the_decision_may_not(session: Session) -> None:
    layered_right(session)
    above = build_request(layer="surface", case_number="above", standing="claimed", consents_pending=True)
    claimed = grant(session, above)
    assert [finding.code for finding in claimed.findings] == ["layers.consent"]
    # Nobody else gets in between meanwhile.
    rival = build_request(layer="surface", case_number="rival", standing="claimed", consents_pending=True)
    assert refused(session, rival).code == "register.conflict"
    decided = build_request(layer="surface", case_number="above", standing="approved", consents_pending=True)
    assert refused(session, decided).code == "register.needs_consent"


def test_papers_for_another_boundary_or_another_case_do_not_count(session: Session) -> None:
    below = layered_right(session)
    above = build_request(layer="surface", case_number="above", standing="claimed")
    build_paper(session, case="above", boundary=build_boundary(rectangle(0, 0, 100, 99)), right=below.right_id)
    build_paper(session, case="somebody", boundary=above.boundary, right=below.right_id)
    assert refused(session, above).code == "register.needs_consent"


def test_papers_do_not_help_where_layers_are_shared(session: Session) -> None:
    below = layered_right(session)
    above = build_request(layer=["surface", "seabed"], case_number="above", standing="claimed")
    build_paper(session, case="above", boundary=above.boundary, right=below.right_id)
    assert refused(session, above).code == "register.conflict"


@pytest.mark.parametrize("mode", ["11", "51"])
def test_reclamation_is_never_layered(session: Session, mode: str) -> None:
    below = layered_right(session)
    above = build_request(layer="surface", case_number="above", standing="claimed", unit_modes=(mode,))
    build_paper(session, case="above", boundary=above.boundary, right=below.right_id)
    assert refused(session, above).code in {"register.needs_consent", "register.conflict"}


def test_a_right_without_layers_holds_all_four(session: Session) -> None:
    adopt(session, build_old(layers=None))
    assert (
        refused(session, build_request(layer="subsoil", standing="claimed", first=date(2020, 1, 1))).code
        == "register.conflict"
    )


def test_a_unit_may_hold_several_height_bands(session: Session) -> None:
    bands = (Band(4, -20.0, -10.0, True), Band(2, -5.0, -1.0, True))
    granted = build_right(session, bands=bands, is_layered=True)
    found = rows(
        session, "SELECT layers, z_low, z_high FROM occupation WHERE right_id = :r ORDER BY id", r=granted.right_id
    )
    assert found == [(4, -20.0, -10.0), (2, -5.0, -1.0)]
