"""A real server and worker on a database, with a clock that the test sets, to be killed and started again at any step:

    with Serving(own_database, tmp_path, at=datetime(2026, 11, 26, 1, 0, tzinfo=UTC)) as house:
        httpx.post(house.address + "/api/v1/…")
        house.settle()                          # every job that was asked for is done
        house.kill9(); house.start()            # as if the machine had lost its power
        house.advance(days=6)                   # and the worker does what is due by then

A process that ends by itself, or a job that fails, is told with what the processes have logged.
"""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import text

from api.jobs import state
from api.jobs.timetable import TIMETABLE
from tests.support.databases import HOME, Database
from tests.support.forking import Forked, fork

Part = Literal["server", "worker"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Serving:
    """The processes of one installation. `apart`: the worker is a process beside the server, so that each can be killed alone.

    `folder` becomes the installation's home (keys, the browser libraries of this checkout) and takes its logs; further settings of
    the product may be given by name, and what `create_app` takes besides as `application`.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        at: datetime,
        apart: bool = False,
        application: dict[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.database, self.folder, self.port = database, folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.parts: tuple[Part, ...] = ("server", "worker") if apart else ("server",)
        self.processes: dict[Part, Forked] = {}
        self._application = application or {}
        self._sessions = database.sessions(pooled=False)
        self._settings = {
            "database_url": database.app_url,
            "home": str(folder),
            "port": self.port,
            "worker": "none" if apart else "inside",
            "log_level": "warning",
            "checks_per_minute": 0,
            **settings,
        }
        if not (folder / "static").exists():
            (folder / "static").symlink_to(HOME / "static")
        self.set_clock(at)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def now(self) -> datetime:
        """The instant that server and worker take as the present."""
        return datetime.fromisoformat((self.folder / "clock").read_text(encoding="ascii"))

    def set_clock(self, instant: datetime) -> None:
        """Set the clock; a reader sees the old instant or the new one, never half of one."""
        written = self.folder / "clock.new"
        written.write_text(instant.isoformat(), encoding="ascii")
        written.replace(self.folder / "clock")

    def advance(self, **by: float) -> datetime:
        """Move the clock on, by `days=…`, `hours=…` (as timedelta); what is due by then is done within a moment (`settle`)."""
        self.set_clock(self.now + timedelta(**by))
        return self.now

    def start(self) -> None:
        """Start whatever does not run, and wait until it is ready."""
        missing = [part for part in self.parts if part not in self.processes]
        before = self._newest_worker()
        for part in missing:
            self.processes[part] = self._spawn(part)
        self._until(self._answers, "no answer")
        if self.parts[-1] in missing:
            self._until(lambda: self._newest_worker() > before, "no worker")

    def kill9(self, *parts: Part) -> None:
        """Kill these, or all, as a loss of power would; `start` brings them back."""
        for part in parts or tuple(self.processes):
            self.processes.pop(part).kill9()

    def stop(self) -> None:
        """End all as a service manager does; whoever does not end in time is killed, and that is a fault."""
        for process in self.processes.values():
            process.terminate()
        late = [part for part, process in self.processes.items() if not process.ends_within(40)]
        if late:
            self.kill9(*late)
        self.processes.clear()
        assert not late, f"did not end when told to: {late}; {self.logs()}"

    def settle(self, seconds: float = 60) -> None:
        """Wait until no job waits or runs; a job that has failed for good, or is postponed by a failure, is a fault."""
        self._until(self._quiet, "jobs are not asked for, or not done", seconds)

    def logs(self) -> str:
        """What the processes have said."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))

    def _spawn(self, part: Part) -> Forked:
        given: dict[str, Any] = {"clock": str(self.folder / "clock"), "settings": self._settings}
        if part == "server":
            given["application"] = self._application
        return fork(f"tests.support.clocked:{part}", self.folder / f"{part}.log", **given)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def _newest_worker(self) -> int:
        """The number of the last worker that signed on; 0 where there is none. One that was killed is still there."""
        with self._sessions() as session:
            return int(session.execute(text("SELECT coalesce(max(id), 0) FROM procrastinate_workers")).scalar_one())

    def _quiet(self) -> bool:
        with self._sessions() as session:
            now = state.queue_state(session)
            assert not (now.failed or now.postponed), f"{state.jobs(session, ['failed', 'waiting'])}; {self.logs()}"
            return state.is_quiet(session, self.now, TIMETABLE)

    def _until(self, true: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not true():
            dead = [part for part, process in self.processes.items() if not process.runs]
            if dead or time.monotonic() > end:
                raise AssertionError(f"{otherwise} ({dead=}): {self.logs()}")
            time.sleep(0.05)
