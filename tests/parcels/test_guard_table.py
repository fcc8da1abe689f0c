"""The guards of rights are data: what each note bars is asserted whole, and a table that does not stand is refused."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from data.answers import Refusal
from parcels.queries import register as queries
from parcels.registering.guard_table import guards_from, packaged_guards
from parcels.registering.guards import may_change
from tests.parcels.builders import TODAY, build_note, build_party, build_right

EVERY = {"change", "end", "transfer", "lease", "mortgage"}


def test_the_complete_table() -> None:
    table = packaged_guards()
    assert {kind: (set(guard.bars), set(guard.needs_consent)) for kind, guard in table.guards.items()} == {
        "frozen": (EVERY, set()),
        "seized": (EVERY, set()),
        "disputed": (EVERY, set()),
        "mortgage": (set(), {"change", "end", "transfer"}),
        "fee_exempt": ({"transfer", "lease", "mortgage"}, set()),
    }
    assert all(guard.cite and guard.seen in {"text", "memory", "house"} for guard in table.guards.values())


def test_every_kind_of_note_that_guards_is_one_that_a_right_can_carry(session: Session) -> None:
    right = build_right(session).right_id
    assert right is not None
    for kind in packaged_guards().guards.keys() - {"fee_exempt"}:
        build_note(session, right, kind, build_party(session))


@pytest.mark.parametrize(
    "wrong",
    [
        "{acts: [end], guards: [{on: frozen, bars: [sell], cite: 法, seen: house}]}",
        "{acts: [end], guards: [{on: frozen, bar: [end], cite: 法, seen: house}]}",
        "{acts: [end], guards: [{on: frozen, bars: [end], cite: '', seen: house}]}",
    ],
)
def test_a_table_that_does_not_stand_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="does not stand"):
        guards_from(wrong, "guards.yaml")


@pytest.mark.parametrize("act", ["transfer", "lease", "mortgage"])
def test_a_fee_exempt_right_is_not_handed_on_and_may_be_changed_and_ended(session: Session, act: str) -> None:
    number = build_right(session, is_fee_exempt=True).right_id
    assert number is not None
    right = queries.lock_rights(session, [number])[number]
    with pytest.raises(Refusal) as refused:
        may_change(session, right, number, frozenset(), TODAY, act)
    assert refused.value.code == "right.fee_exempt"
    for open_act in ("change", "end"):
        assert may_change(session, right, number, frozenset(), TODAY, open_act) is right
