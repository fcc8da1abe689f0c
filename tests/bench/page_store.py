"""The database of the page bench: the sample world with its cases in every state, and the benches' units adopted around it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.app import create_app
from api.cli.rooms import all_metadata
from api.demo.laying import lay_cases
from api.people import samples
from api.samples import first_day
from api.settings import Settings
from data.clock import legal_day
from data.migrate import upgrade
from data.prepare import prepare_embedded
from data.rulebook import packaged
from data.store import engine_for, sessions
from parcels.parties import PartyKeys
from parcels.samples import world
from tests.bench.store import Store
from tests.browser.conftest import Serving
from tests.support.portal_world import NOW, home


@dataclass(frozen=True, slots=True)
class House:
    """A server on that database: its address, the numbers of the sample cases by state."""

    address: str
    cases: Mapping[str, str]

    def cookie(self, login: str | None) -> str:
        """The session cookie of a sample person; empty for the public."""
        if login is None:
            return ""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"))
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", "/api/v1/sign-in", json.dumps({"sample": login}), headers)
        answer = connection.getresponse()
        answer.read()
        return str(answer.getheader("set-cookie")).partition(";")[0]


class PageStore(Store):
    """As the benches' store, but the sample world comes first: its cases need free sea, adopted units do not."""

    def __init__(self, units: int) -> None:
        super().__init__(units)
        self.name = f"bench_pages_{units}"
        self.record = self.record.with_name(f"pages-loaded-{units}.json")

    def settings(self) -> Settings:
        """Settings of a server on it."""
        quiet = {"log_level": "error", "checks_per_minute": 0, "sign_ins_per_minute": 0}
        return Settings(database_url=self.url(), home=home(), **quiet)

    def open(self, paths: dict[str, Path]) -> dict[str, Any]:
        """Lay and load if it is not there; the numbers of the cases."""
        self.cluster.start()
        if self.record.exists():
            return dict(json.loads(self.record.read_text()))
        self.cluster.sql(f"DROP DATABASE IF EXISTS {self.name}")
        prepare_embedded(self.cluster, self.name)
        upgrade(self.url("haiyu_owner"), all_metadata())
        cases = self._lay()
        self._adopt(paths["units"])
        self._zones(paths["zones"])
        self.cluster.sql("VACUUM ANALYZE", self.name)
        self.record.write_text(json.dumps(dict(cases)))
        return dict(cases)

    def _lay(self) -> Mapping[str, str]:
        settings = self.settings()
        keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
        factory = sessions(engine_for(self.url(), pooled=False))
        day = legal_day(NOW)
        world.load(factory, book=packaged(), keys=keys, today=day, now=NOW)
        with factory.begin() as session:
            samples.lay(session, keys=keys, today=first_day(day))
        return lay_cases(settings, NOW)

    @contextmanager
    def served(self, paths: dict[str, Path]) -> Iterator[House]:
        """A server for as long as the block lasts."""
        try:
            cases = self.open(paths)
            app = create_app(self.settings(), clock=lambda: NOW, samples_allowed=True)
            with Serving(app) as address:
                yield House(address, cases)
        finally:
            self.cluster.stop()
