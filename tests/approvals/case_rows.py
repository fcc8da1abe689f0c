"""A case's bare row, for what hangs on a case and asks nothing of its procedure."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from approvals.library import packaged
from approvals.models import Case

_numbers = count(1)


def build_case(session: Session, **given: Any) -> Case:
    """A case that has just been begun."""
    template = packaged().newest("establishment")
    row = Case(
        number=given.pop("number", f"K{next(_numbers)}"),
        template=template.template,
        template_version=template.version,
        template_hash=template.hash,
        state={},
        salt=b"s" * 32,
        **given,
    )
    session.add(row)
    session.flush()
    return row


def events_of(session: Session, case: Case) -> list[tuple[str, dict[str, Any]]]:
    """The events of a case's chain, as kind and body."""
    rows = session.execute(
        text("SELECT kind, body FROM event WHERE stream = :stream ORDER BY seq"), {"stream": f"case:{case.number}"}
    )
    return [(kind, body) for kind, body in rows]
