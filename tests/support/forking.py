"""Processes of our own code that start within a moment, to be killed by the dozen.

Importing the house takes seconds. A parent that has imported it once and done nothing else forks each process from itself: what
runs is the same code in a process of its own with connections of its own, and `kill -9` is a real one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Forked:
    """A process by its number."""

    pid: int

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill9(self) -> None:
        """Kill it as a loss of power would, and wait until it is gone."""
        self._send(signal.SIGKILL)
        assert self.ends_within(30)

    def terminate(self) -> None:
        """Ask it to end, as a service manager does."""
        self._send(signal.SIGTERM)

    def ends_within(self, seconds: float) -> bool:
        """Whether it is gone in time."""
        end = time.monotonic() + seconds
        while self.runs and time.monotonic() < end:
            time.sleep(0.01)
        return not self.runs

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def fork(target: str, log: Path, **arguments: Any) -> Forked:
    """Run `target` ("module:function") with these arguments (plain values) in a new process that writes its words into `log`."""
    parent = _parent()
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(json.dumps({"target": target, "log": str(log), "arguments": arguments}) + "\n")
    parent.stdin.flush()
    return Forked(int(parent.stdout.readline()))


@cache
def _parent() -> subprocess.Popen[str]:
    """The parent of this test process; it ends, and ends what it has forked, when its standard input is closed."""
    command = [sys.executable, "-m", "tests.support.forking", "api.app", "api.jobs.bodies", "uvicorn"]
    parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close() -> None:
        assert parent.stdin is not None and parent.stdout is not None
        parent.stdin.close()
        parent.wait(timeout=30)
        parent.stdout.close()

    atexit.register(close)
    return parent


def _serve_forks() -> None:
    """Fork for every line that comes, and answer the number of the new process."""
    # Whoever ends is gone at once: nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    forked = []
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked["target"], asked["log"], asked["arguments"])
        forked.append(Forked(pid))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for each in forked:
        if each.runs:
            each.kill9()


def _become(target: str, log: str, arguments: dict[str, Any]) -> None:
    """Be the new process; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with open(os.devnull, "rb") as nothing, open(log, "ab", buffering=0) as words:
            os.dup2(nothing.fileno(), 0)
            os.dup2(words.fileno(), 1)
            os.dup2(words.fileno(), 2)
        module, _, name = target.partition(":")
        run: Callable[..., None] = getattr(importlib.import_module(module), name)
        run(**arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    for preloaded in sys.argv[1:]:
        importlib.import_module(preloaded)
    _serve_forks()
