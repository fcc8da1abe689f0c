"""Make, start and stop one cluster, so that whatever happened before, the next start finds every committed row."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from data.answers import Refusal
from data.cluster import places as _places
from data.cluster.identity import Identity
from data.cluster.places import SOCKET_NAME, Places
from data.cluster.processes import clear_the_dead, holders, server_pid
from data.cluster.programs import Programs, find_programs

SUPERUSER = "postgres"
LOGINS = ("haiyu_owner", "haiyu_app", "haiyu_read")

_COMMON = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Planning with jit costs more than the short spatial queries of a check take.
    "jit": "off",
    "random_page_cost": "1.1",
    # A bulk load and an act over 64 cells hold one advisory lock each per cell; these share PostgreSQL's lock table.
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """How a server is set: its `postgresql.conf`, and whether our own user may also log in as the cluster's superuser."""

    settings: Mapping[str, str]
    superuser_is_ours: bool = False


SERVING = Profile(
    {
        **_COMMON,
        "shared_buffers": "512MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "effective_cache_size": "2GB",
        "max_wal_size": "4GB",
        "max_connections": "100",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_min_duration_statement": "2s",
    }
)
# Nothing of a test outlives its cluster, so it need not outlive a power cut either.
TESTING = Profile(
    {
        **_COMMON,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "256MB",
        "max_connections": "300",
        "max_wal_size": "2GB",
    },
    superuser_is_ours=True,
)


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a cluster: `running`, `stopped` or `missing`."""

    state: Literal["running", "stopped", "missing"]
    pid: int | None
    data: Path
    socket: Path | None


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster under `home`; every method may be called at any time by any number of processes."""

    home: Path
    name: str = "pg"
    profile: Profile = SERVING
    identity: Identity = field(default_factory=Identity.here)
    run_folders: tuple[Path, ...] = ()
    outside: Path = _places.OUTSIDE

    @cached_property
    def programs(self) -> Programs:
        """The PostgreSQL programs; an existing cluster keeps the version it was made with."""
        programs = find_programs()
        try:
            made_with = int((self.places.data / "PG_VERSION").read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return programs
        if made_with == programs.version:
            return programs
        older = Path(str(programs.folder).replace(str(programs.version), str(made_with), 1))
        if not (older / "postgres").exists():
            raise Refusal("ground.version_differs", made_with=made_with, installed=programs.version)
        return Programs(older, made_with)

    @property
    def places(self) -> Places:
        """Where its files lie."""
        return Places(self.home.absolute(), self.name, self.outside)

    def status(self) -> Status:
        """What is there and what runs, without changing anything."""
        data, socket = self.places.data, _places.recorded_socket(self.places)
        if not self.places.exists:
            return Status("missing", None, data, None)
        pid = server_pid(data)
        return Status("running" if pid is not None else "stopped", pid, data, socket)

    def is_ready(self) -> bool:
        """Whether the server runs and its socket is where we recorded it."""
        status = self.status()
        return (
            status.state == "running" and status.socket is not None and Path(f"{status.socket}{SOCKET_NAME}").exists()
        )

    def url(self, user: str, database: str = "haiyu") -> str:
        """The address of a database of this cluster for one login."""
        socket = _places.recorded_socket(self.places)
        if socket is None:
            raise Refusal("ground.not_running")
        return f"postgresql+psycopg://{user}@/{database}?host={socket}"

    def start(self) -> Status:
        """Make the cluster if it is missing and start it if it is down; returns when it takes connections."""
        if not self.is_ready():
            with self.places.locked():
                self._make()
                if not self.is_ready():
                    self._start()
        return self.status()

    def stop(self) -> bool:
        """Stop the server, open transactions rolled back; False where none ran."""
        with self.places.locked():
            return self._stop()

    def remove(self) -> None:
        """Stop the server and remove the cluster with everything in it."""
        with self.places.locked():
            self._stop()
            data, socket = self.places.data, _places.recorded_socket(self.places)
            self.places.forget_made()
            if data.exists():
                shutil.rmtree(data)
            if self.places.link.is_symlink():
                self.places.link.unlink()
            if socket is not None and socket.name.startswith("haiyu-"):
                shutil.rmtree(socket, ignore_errors=True)
            self.places.socket_record.unlink(missing_ok=True)

    def sql(self, statements: str, database: str = SUPERUSER) -> str:
        """Run statements as the cluster's superuser; his login is open to his own user of the operating system only."""
        socket = _places.recorded_socket(self.places)
        command = [
            self.programs.path("psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(socket),
            "-U",
            SUPERUSER,
            "-d",
            database,
        ]
        done = self.identity.run(command, given=statements)
        if done.returncode != 0:
            raise Refusal("ground.sql_failed", said=done.stderr.strip()[-800:])
        return done.stdout.strip()

    def _make(self) -> None:
        """Run `initdb` unless a finished cluster is there; what a broken-off one left behind goes first."""
        if self.places.exists:
            if not self.identity.owns(self.places.data):
                raise Refusal("ground.cluster_of_other_user", folder=str(self.places.data), user=self.identity.cluster)
            return
        self._clear_unfinished()
        folder = _places.make_data_folder(self.places, self.identity)
        arguments = [
            "-D",
            str(folder),
            "-U",
            SUPERUSER,
            "-A",
            "peer",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        if self.profile.settings.get("fsync") == "off":
            arguments.append("--no-sync")
        done = self.identity.run([self.programs.path("initdb"), *arguments])
        if done.returncode != 0:
            raise Refusal("ground.initdb_failed", said=done.stderr.strip()[-800:])
        self.places.mark_made()

    def _clear_unfinished(self) -> None:
        """Remove an `initdb` that was broken off: it never held a row, because its mark is missing and no server ever ran in it."""
        data = self.places.data
        if not data.exists() or not any(data.iterdir()):
            return
        if (data / "postmaster.opts").exists():
            # A server once ran here, so there may be rows: only the mark is lost.
            self.places.mark_made()
            return
        if (data / "PG_VERSION").exists() or (data / "base").exists():
            shutil.rmtree(data)

    def _write(self, name: str, content: str) -> None:
        """Write a file of the cluster as its user, if it differs."""
        path = self.places.data / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            return
        done = self.identity.run(["tee", str(path)], given=content)
        if done.returncode != 0:
            raise Refusal("ground.file_not_written", file=str(path), said=done.stderr.strip())

    def _configure(self, socket: Path) -> None:
        """Our settings, and who may log in: `peer`, our user as the three logins, the cluster's own user as its superuser."""
        settings = {**self.profile.settings, "unix_socket_directories": str(socket)}
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        self._write("haiyu.conf", "# Written by haiyu at each start.\n" + "\n".join(lines) + "\n")
        main = (self.places.data / "postgresql.conf").read_text(encoding="utf-8")
        if "include 'haiyu.conf'" not in main:
            self._write("postgresql.conf", main + "\ninclude 'haiyu.conf'\n")
        self._write("pg_hba.conf", "# Written by haiyu at each start.\nlocal all all peer map=haiyu\n")
        pairs = [(self.identity.ours, login) for login in LOGINS] + [(self.identity.cluster, SUPERUSER)]
        if self.profile.superuser_is_ours and self.identity.changes_user:
            pairs.append((self.identity.ours, SUPERUSER))
        self._write(
            "pg_ident.conf",
            "# Written by haiyu at each start.\n" + "".join(f'haiyu "{os_user}" {login}\n' for os_user, login in pairs),
        )

    def _start(self) -> None:
        """Start the server after clearing the dead; called under the lock."""
        data = self.places.data
        if server_pid(data) is not None:
            # It runs, but its socket is gone or unknown (someone emptied the run-time folder): only a restart makes it anew.
            self._stop()
        clear_the_dead(data)
        run_folders = self.run_folders or _run_folders(self.identity)
        socket = _places.private_socket_folder(self.places, self.identity, run_folders)
        if not holders(data):
            # A killed server leaves its socket and a second pid file beside it, and an unreaped zombie makes that one look alive too.
            # The folder is private to this cluster, so with nobody at work in the data folder they belong to nobody.
            for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
                Path(f"{socket}{name}").unlink(missing_ok=True)
        self._configure(socket)
        command = [
            self.programs.path("pg_ctl"),
            "start",
            "-w",
            "-t",
            "60",
            "-s",
            "-D",
            str(data),
            "-l",
            str(data / "start.log"),
        ]
        # Its own session and no pipe of ours: an interrupted command must not take the server along, nor wait for it.
        done = subprocess.run(
            self.identity.argv(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"},
            timeout=90,
            check=False,
        )
        if done.returncode != 0 or not self.is_ready():
            raise Refusal("ground.start_failed", said=_tail(data / "start.log"), log=str(data / "start.log"))

    def _stop(self) -> bool:
        """Stop the server; called under the lock."""
        data = self.places.data
        pid = server_pid(data) if self.places.exists else None
        if pid is None:
            return False
        self.identity.run([self.programs.path("pg_ctl"), "stop", "-m", "fast", "-w", "-t", "60", "-s", "-D", str(data)])
        deadline = time.monotonic() + 10
        while server_pid(data) is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        if server_pid(data) is not None:
            raise Refusal("ground.stop_failed", pid=pid)
        return True


def _run_folders(identity: Identity) -> tuple[Path, ...]:
    """Short private places for sockets: systemd's folder of the user, or /run for root; the temporary folder comes last."""
    if identity.changes_user:
        return (Path("/run"),)
    return (Path(f"/run/user/{os.geteuid()}"),)


def _tail(path: Path, characters: int = 800) -> str:
    """The end of a log file, for a refusal."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[-characters:]
    except OSError:
        return ""
