"""`haiyu serve` as a process: it answers, and it ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from api.cli import run
from tests.support.databases import Database

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answer(address: str, seconds: float = 120) -> bytes:
    """The first answer of a server that is coming up."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as told:
                return bytes(told.read())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_it_says_where_it_is_answers_and_ends_within_its_grace(own_database: Database) -> None:
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": own_database.app_url, "DATABASE_OWNER_URL": own_database.owner_url}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port), "--lang", "en"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert answer(f"http://127.0.0.1:{port}/readyz").startswith(b'{"status":"ready"')
        # A client that keeps its connection open must not hold the server up.
        kept = socket.create_connection(("127.0.0.1", port))
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=30)
        took = time.monotonic() - began
        kept.close()
    assert f"Open http://localhost:{port}/" in said and "Traceback" not in said
    assert took < 15


def test_without_its_browser_libraries_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path))
    assert run(["serve", "--lang", "en"]) != 0
    assert ".ci/static.py --install" in capsys.readouterr().err
