"""Files of a case that the register asks for: original bytes by digest, and the papers of a layered pair.

A layered right is compatible only when consent (or a recorded settlement) and the conclusion of the argumentation are on the
later case's file, bound to the hash of its boundary (register.md §2): another boundary needs other papers.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data import events
from data.actors import Actor
from data.answers import Refusal
from data.clock import recorded_at
from parcels.models import LayeringPaper, LayeringPaperWithdrawn, SourceFile

ALGORITHM = "sha256"


def keep_file(session: Session, name: str, content: bytes) -> str:
    """Keep the bytes under their digest, once; the digest (`sha256:…`)."""
    if not content:
        raise Refusal("papers.empty", name=name)
    digest = f"{ALGORITHM}:{hashlib.sha256(content).hexdigest()}"
    values = {
        "digest": digest,
        "alg": ALGORITHM,
        "name": name,
        "content": content,
        "recorded_at": func.clock_timestamp(),
    }
    session.execute(insert(SourceFile).values(values).on_conflict_do_nothing())
    return digest


def file_layering_papers(
    session: Session,
    *,
    case_number: str,
    boundary_hash: str,
    consent: tuple[str, bytes],
    conclusion: tuple[str, bytes],
    actor: Actor,
    earlier_right: int | None = None,
    earlier_case: str | None = None,
    kind: Literal["consent", "settlement"] = "consent",
) -> int:
    """Put consent (or settlement) and the argumentation's conclusion on a case's file; names one earlier right or case."""
    if not actor.is_officer:
        raise Refusal("papers.officer_only")
    if (earlier_right is None) == (earlier_case is None):
        raise ValueError("papers name one earlier side: a right, or a case that is not registered yet")
    digests = [keep_file(session, *consent), keep_file(session, *conclusion)]
    at = recorded_at(session)
    paper = LayeringPaper(
        earlier_right_id=earlier_right,
        earlier_case_number=earlier_case,
        case_number=case_number,
        boundary_hash=boundary_hash,
        kind=kind,
        consent_digest=digests[0],
        argument_digest=digests[1],
        recorded_at=at,
    )
    session.add(paper)
    session.flush()  # the event names the paper's number
    body = {
        "paper": paper.id,
        "boundary": boundary_hash,
        "earlier_right": earlier_right,
        "earlier_case": earlier_case,
        "kind": kind,
        "digests": digests,
    }
    events.record(session, events.StreamName("case", case_number), "case.layering_papers", body, actor=actor, at=at)
    return paper.id


def withdraw_layering_papers(
    session: Session,
    *,
    case_number: str,
    boundary_hash: str,
    actor: Actor,
    earlier_right: int | None = None,
    earlier_case: str | None = None,
) -> int:
    """Take the papers of a layered pair out of force: the consent was taken back. How many; rows and bytes stay."""
    if not actor.is_officer:
        raise Refusal("papers.officer_only")
    query = select(LayeringPaper).where(
        LayeringPaper.case_number == case_number,
        LayeringPaper.boundary_hash == boundary_hash,
        LayeringPaper.earlier_right_id.is_not_distinct_from(earlier_right),
        LayeringPaper.earlier_case_number.is_not_distinct_from(earlier_case),
        LayeringPaper.id.not_in(select(LayeringPaperWithdrawn.paper_id)),
    )
    papers = session.scalars(query.order_by(LayeringPaper.id)).all()
    stream = events.StreamName("case", case_number)
    events.lock_streams(session, [stream])
    at = recorded_at(session)
    for paper in papers:
        session.add(LayeringPaperWithdrawn(paper_id=paper.id, recorded_at=at))
        body = {"paper": paper.id, "boundary": boundary_hash}
        events.record(session, stream, "case.layering_papers_withdrawn", body, actor=actor, at=at)
    return len(papers)
