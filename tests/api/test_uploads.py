"""A real server on a real socket: an upload that breaks off leaves no row, no file and no temporary file; a large one is stopped."""

from __future__ import annotations

import os
import select
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import text

from api.app import create_app
from tests.api.conftest import NOW, settings_for
from tests.support.databases import Database, clone

TABLES = ("source_file", "rule_entry", "case_material", "event")
BOUNDARY = "x-y-z"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="cite"\r\n\r\nexample\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
).encode()
HALF = 3_000_000
LIMIT = 8_000_000


@pytest.fixture(scope="module")
def database(cluster: Any, people_template: Database) -> Iterator[Database]:
    with clone(cluster, people_template) as found:
        yield found


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[tuple[str, int]]:
    """The application behind uvicorn, as `haiyu serve` runs it, on a socket of this machine."""
    app = create_app(settings_for(database, upload_max_bytes=LIMIT), clock=lambda: NOW, samples_allowed=True)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        wait_for(lambda: server.started)
        yield listening.getsockname()
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server's temporary files go while this test runs; nameless ones are seen as open descriptors."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def wait_for(condition: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def open_in(folder: Path) -> list[str]:
    """Files of that folder that this process holds open, whether they still have a name or not."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


def rows(database: Database) -> dict[str, int]:
    with database.sessions()() as session:
        return {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}


@contextmanager
def caller(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=20) as opened:
        yield opened


def request_head(path: str, token: str, *extra: str, boundary: str = BOUNDARY) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        f"Content-Type: multipart/form-data; boundary={boundary}",
        *extra,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer_of(opened: socket.socket) -> bytes:
    """The answer up to its end; the server closes where it has not read everything."""
    found = b""
    while b"\r\n\r\n" not in found or not found.rstrip().endswith(b"}"):
        piece = opened.recv(65_536)
        if not piece:
            break
        found += piece
    return found


@pytest.fixture(scope="module")
def token(address: tuple[str, int]) -> str:
    """An administrator signed in over the same socket."""
    body = b'{"sample": "sample.administrator", "way": "token"}'
    with caller(address) as opened:
        opened.sendall(
            b"POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        found = answer_of(opened)
    assert b"200 OK" in found, found
    return found.partition(b'"token":"')[2].partition(b'"')[0].decode()


ENTRIES = "/api/v1/rules/fee.rate/entries"


@pytest.mark.parametrize("path", [ENTRIES, "/api/v1/cases/none/materials"])
@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_that_breaks_off_leaves_no_row_no_file_and_no_temporary_file(
    address: tuple[str, int], token: str, database: Database, scratch: Path, path: str, chunked: bool
) -> None:
    before = rows(database)
    with caller(address) as opened:
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {2 * HALF}"
        sent = HEAD.replace(b'"document"', b'"file"' if "cases" in path else b'"document"') + b"x" * HALF
        opened.sendall(request_head(path, token, length))
        opened.sendall(f"{len(sent):x}\r\n".encode() + sent + b"\r\n" if chunked else sent)
        # The half that came is on disk by now, which is what must go again.
        wait_for(lambda: open_in(scratch))
    wait_for(lambda: not open_in(scratch))
    assert list(scratch.iterdir()) == []
    assert rows(database) == before
    with caller(address) as opened:
        opened.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in opened.recv(65_536)


def test_a_file_that_says_that_it_is_too_large_is_refused_before_any_of_it_is_read(
    address: tuple[str, int], token: str, database: Database, scratch: Path
) -> None:
    with caller(address) as opened:
        opened.sendall(request_head(ENTRIES, token, f"Content-Length: {100 * LIMIT}"))
        found = answer_of(opened)
    assert found.startswith(b"HTTP/1.1 413 ") and b"problems.too_large" in found
    assert open_in(scratch) == []


def test_a_file_that_does_not_say_how_large_it_is_is_stopped_on_the_way(
    address: tuple[str, int], token: str, database: Database, scratch: Path
) -> None:
    before = rows(database)
    with caller(address) as opened:
        opened.sendall(request_head(ENTRIES, token, "Transfer-Encoding: chunked"))
        opened.sendall(f"{len(HEAD):x}\r\n".encode() + HEAD + b"\r\n")
        sent, piece = 0, b"x" * 250_000
        while sent < 10 * LIMIT and not select.select([opened], [], [], 0.01)[0]:
            opened.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            sent += len(piece)
        # The answer is there although the sender was not done, and nothing that came is held any more.
        found = answer_of(opened)
        wait_for(lambda: not open_in(scratch))
    assert found.startswith(b"HTTP/1.1 413 ") and b"problems.too_large" in found
    assert LIMIT <= sent < 2 * LIMIT
    assert rows(database) == before


def test_the_whole_of_it_is_taken_and_the_temporary_file_is_gone(
    address: tuple[str, int], token: str, database: Database, scratch: Path
) -> None:
    fields = {"value": "0.06", "place": "371082", "from": "2026-01-01"}
    told = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in [*fields.items(), ("key", "mode=41"), ("key", "grade=3")]
    )
    body = told + HEAD + b"x" * HALF + f"\r\n--{BOUNDARY}--\r\n".encode()
    before = rows(database)
    with caller(address) as opened:
        opened.sendall(request_head(ENTRIES, token, f"Content-Length: {len(body)}"))
        opened.sendall(body)
        found = answer_of(opened)
    assert found.startswith(b"HTTP/1.1 201 "), found
    after = rows(database)
    assert {name: after[name] - before[name] for name in TABLES} == {
        "source_file": 1,
        "rule_entry": 1,
        "case_material": 0,
        "event": 1,
    }
    wait_for(lambda: not open_in(scratch))
    assert list(scratch.iterdir()) == []
