"""What must be so after every story, however often it was broken off: chains hold, rooms agree with them, nothing is left half-done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.cli.verify import keys_of, room_findings
from api.settings import Settings
from approvals.models import Bill, Document, Message, Receipt
from data.event_tables import Event
from data.verify import verify_streams
from parcels.models import SeaClaim, SeaRight
from tests.support.databases import Database

# A code that was lost with its answer is asked for again; nobody is bound by the first.
ASKED_AGAIN = {"case.signing_asked", "message.signing_code"}


def demand_whole(database: Database, home: Path) -> None:
    """`haiyu verify` on the database: every chain replayed, register, cases and papers compared; and no job has failed."""
    with database.sessions(pooled=False)() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        assert not verify_streams(session, lambda count: None).faults
        assert not list(room_findings(session, keys_of(Settings(home=home))))
        assert not session.execute(text("SELECT 1 FROM procrastinate_jobs WHERE status <> 'succeeded'")).all()
        assert not session.scalars(select(Document).where(Document.standing == "making")).all()


def facts(session: Session) -> dict[str, Counter[Any]]:
    """How much of everything there is: equal for two tellings of one story, if nothing was lost and nothing done twice."""
    cases = select(Event.kind).where(Event.stream.startswith("case:"))
    return {
        "events": Counter(kind for kind in session.scalars(cases) if kind not in ASKED_AGAIN),
        "papers": Counter(tuple(row) for row in session.execute(select(Document.kind, Document.standing))),
        "bills": Counter(tuple(row) for row in session.execute(select(Bill.standing, Bill.owed_yuan))),
        "receipts": Counter(tuple(row) for row in session.execute(select(Receipt.kind, Receipt.yuan))),
        "rights": Counter(session.scalars(select(SeaRight.door))),
        "claims": Counter(session.scalars(select(SeaClaim.standing))),
        "messages": Counter(code for code in session.scalars(select(Message.code)) if code not in ASKED_AGAIN),
    }
