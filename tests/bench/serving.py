"""The whole request through HTTP beside a trivial endpoint of the same app, with one client and with eight."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from tests.bench.files import ROOT


@contextmanager
def server(url: str) -> Iterator[tuple[int, int]]:
    """One server process on a free port of this machine; its port and process number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "HAIYU_CHECKS_PER_MINUTE": "0",
        "HAIYU_LOG_LEVEL": "error",
        "HAIYU_POOL_SIZE": "10",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.cli.serve:application", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error", "--no-access-log"], env=environment, cwd=ROOT)
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


def measure(url: str, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    """Ratios of the check to the trivial endpoint at median and p99, and the server's memory."""
    sent = [json.dumps(body).encode() for body in bodies]
    told: dict[str, Any] = {}
    with server(url) as (port, pid):
        _ask(port, sent[:200], 1, "check")
        for clients in (1, 8):
            trivial = _ask(port, [b""] * len(sent), clients, "trivial")
            check = _ask(port, sent, clients, "check")
            told[f"clients_{clients}"] = {
                "trivial_ms": _two(trivial),
                "check_ms": _two(check),
                "ratio_median": round(float(np.median(check) / np.median(trivial)), 2),
                "ratio_p99": round(float(np.percentile(check, 99) / np.percentile(trivial, 99)), 2),
            }
        told["memory_mib"] = _memory(pid)
    return told


def _ask(port: int, bodies: list[bytes], clients: int, kind: str) -> np.ndarray[Any, Any]:
    """Milliseconds of each request; each client keeps one connection open and asks one thing after the other."""
    spent: list[list[float]] = [[] for _ in range(clients)]

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for body in bodies[number::clients]:
            begun = time.perf_counter()
            if kind == "trivial":
                connection.request("GET", "/readyz")
            else:
                connection.request("POST", "/api/v1/checks", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{kind}: status {answer.status}")
            spent[number].append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return np.concatenate([np.array(values) for values in spent])


def _two(values: np.ndarray[Any, Any]) -> dict[str, float]:
    return {"median": round(float(np.median(values)), 2), "p99": round(float(np.percentile(values, 99)), 2)}


def _memory(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024
