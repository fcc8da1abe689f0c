"""What is alive: PostgreSQL's pid file against /proc, so that a dead, undead or foreign process is never taken for our server.

A postmaster killed by SIGKILL stays a zombie until its parent reaps it (in some containers for ever), and `pg_ctl` takes the zombie
for a running server. A pid file that outlived a reboot may name a stranger. The working folder of a server's processes is its data
folder, whatever the folder is called by now: that is the proof used here.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A living process (not a zombie) that works in the data folder."""

    pid: int
    parent: int


def _stat(pid: int) -> tuple[str, int] | None:
    """State letter and parent of a process; None where it is gone. Its name may hold blanks and brackets."""
    try:
        content = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = content[content.rindex(")") + 2 :].split()
    return fields[0], int(fields[1])


def is_alive(pid: int) -> bool:
    """Whether the process exists and is neither a zombie nor dead."""
    found = _stat(pid)
    return found is not None and found[0] not in {"Z", "X", "x"}


def works_in(pid: int, folder: Path) -> bool:
    """Whether a living process has the folder as its working folder (compared by inode, so a moved folder is still found)."""
    if not is_alive(pid):
        return False
    try:
        return os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return False


def pid_in(data: Path) -> int | None:
    """The pid that `postmaster.pid` names, or None where there is no such file or it is broken off."""
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        return abs(int(first))
    except (OSError, ValueError):
        return None


def holders(data: Path) -> list[Process]:
    """All living processes that work in the data folder: the server, or what a killed server left behind."""
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        known = _stat(pid)
        if known is not None and works_in(pid, data):
            found.append(Process(pid, known[1]))
    return found


def server_pid(data: Path) -> int | None:
    """The pid of the living server of this data folder, or None."""
    pid = pid_in(data)
    return pid if pid is not None and works_in(pid, data) else None


def clear_the_dead(data: Path, *, patience: float = 10.0) -> list[int]:
    """Make way for a start: wait for what a killed server left behind, end it if it lingers, and remove a pid file that lies.

    Returns the pids that were ended. To be called under the cluster's lock, and only when `server_pid` says None.
    """
    ended: list[int] = []
    deadline = time.monotonic() + patience
    while left := holders(data):
        if time.monotonic() > deadline:
            break
        # A backend in the middle of a long query does not look for its postmaster; SIGQUIT ends it without touching shared state.
        if time.monotonic() > deadline - patience / 2:
            for process in left:
                os.kill(process.pid, signal.SIGQUIT)
                ended.append(process.pid)
        time.sleep(0.1)
    if not holders(data):
        (data / "postmaster.pid").unlink(missing_ok=True)
    return sorted(set(ended))
