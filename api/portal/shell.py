"""What every page of the portal stands in: who is signed in, the ways on, unread messages, words for its scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from api.casework import Working
from api.deps import Lang, Reading, TheHouse, Today, Whoever
from api.pages import texts_under
from api.people.samples_offered import samples_offered
from api.portal.counts import counts_for
from api.portal.navigation import PUBLIC, Entry, desk_of, entries_for
from approvals.cases.inbox import unread_count
from parcels.queries import atlas

# What the modules of every page say.
SHELL_TEXTS = (
    "page.offline",
    "page.broken",
    "page.again",
    "page.theme.",
    "portal.colon",
    "portal.send.",
    "portal.shell.",
)


class Shell:
    """One request's page: `show` renders a template in it."""

    def __init__(
        self, request: Request, home: TheHouse, session: Reading, who: Whoever, lang: Lang, works: Working, today: Today
    ) -> None:
        self.request, self.home, self.session = request, home, session
        self.who, self.lang, self.works, self.today = who, lang, works, today

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rail's entries for whoever is signed in."""
        return entries_for(self.works.actor)

    @property
    def desk(self) -> str:
        """The word beside the mark: whose pages these are."""
        return desk_of(self.works.actor)

    @property
    def home_offers_samples(self) -> bool:
        """Whether sample accounts may be signed in to from here."""
        return samples_offered(self.home, self.request)

    def show(
        self,
        template: str,
        *,
        status: int = 200,
        script_texts: Sequence[str] = (),
        boot: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Response:
        """The page. `script_texts` are beginnings of the codes that its scripts say, `boot` what else they start with."""
        told = {
            "lang": self.lang,
            "api": "/api/v1",
            "day": self.today.isoformat(),
            "person": self.works.actor.person,
            "texts": texts_under(self.lang, (*SHELL_TEXTS, *script_texts)),
            **(boot or {}),
        }
        shell = {"boot": told, **self._shell()}
        return self.home.pages.answer(self.request, template, {**shell, **values}, status)

    def fragment(self, template: str, **values: Any) -> Response:
        """A piece of a page, as htmx asks for it; it stands in the page that is there already."""
        return self.home.pages.answer(self.request, template, values)

    def _shell(self) -> dict[str, Any]:
        actor = self.works.actor
        return {
            "who": self.who,
            "desk": self.desk if self.who else None,
            "entries": self.entries,
            "public_entries": PUBLIC,
            "path": self.request.url.path,
            "address": self._address(),
            "counts": counts_for(self.session, self.works),
            "unread": unread_count(self.session, actor) if self.who else 0,
            "sample_data": atlas.holds_samples(self.session),
            "samples_offered": self.home_offers_samples,
            "today": self.today,
        }

    def _address(self) -> str:
        """Path and query without the language, as navigation compares it."""
        query = "&".join(part for part in self.request.url.query.split("&") if part and not part.startswith("lang="))
        return f"{self.request.url.path}?{query}" if query else self.request.url.path


def shell(
    request: Request, home: TheHouse, session: Reading, who: Whoever, lang: Lang, works: Working, today: Today
) -> Shell:
    """The shell of a request."""
    return Shell(request, home, session, who, lang, works, today)


InShell = Annotated[Shell, Depends(shell)]
