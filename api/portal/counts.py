"""How many cases wait for a person: the figures in the rail of an officer's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from approvals.cases import desk
from approvals.cases.store import Works
from approvals.queries import desk as asked
from data.clock import legal_day

# Due soon: so many calendar days ahead.
SOON = timedelta(days=3)


def counts_for(session: Session, works: Works) -> Mapping[str, int]:
    """By entry of the navigation: cases with an open step of one's own, those of them that are due, those with open questions."""
    own = desk.own_posts(works.actor)
    if not own:
        return {}
    waiting = desk.lines(session, works, asked.Sought(posts=own, waiting=True))
    questions = asked.Sought(posts=desk.posts_asked(works.actor), waiting=True)
    today = legal_day(works.now)
    return {
        "inbox": len(waiting),
        "inbox_due": len(desk.due_until(waiting, today + SOON)),
        "inbox_asked": asked.count_of_desk(session, questions, today),
    }
