"""The closed network: a test that reaches out of the machine would pass or fail by someone else's weather."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


class NetworkIsOff(RuntimeError):
    """A test tried to reach another machine."""


def _is_near(address: Any, family: int) -> bool:
    """Whether an address is a unix socket or on loopback."""
    if family == socket.AF_UNIX:
        return True
    host = address[0] if isinstance(address, tuple) else str(address)
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def close_the_network(setattr_: Callable[..., None]) -> None:
    """Let Python's sockets reach unix sockets and loopback only (`setattr_` is a monkeypatch's)."""
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_near(address, self.family):
            raise NetworkIsOff(f"network is off in tests: {address!r}")
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        if not _is_near(address, self.family):
            raise NetworkIsOff(f"network is off in tests: {address!r}")
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_near((name,), socket.AF_INET):
            raise NetworkIsOff(f"network is off in tests: {name!r}")
        return real_lookup(host, *arguments, **options)

    setattr_(socket.socket, "connect", connect)
    setattr_(socket.socket, "connect_ex", connect_ex)
    setattr_(socket, "getaddrinfo", getaddrinfo)
