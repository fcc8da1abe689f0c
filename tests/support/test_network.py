"""The closed network of the tests is closed."""

from __future__ import annotations

import socket

import pytest

from tests.support.network import NetworkIsOff


def test_no_test_reaches_another_machine_by_address_or_by_name() -> None:
    with socket.socket() as caller:
        for reach in (caller.connect, caller.connect_ex):
            with pytest.raises(NetworkIsOff):
                reach(("192.0.2.1", 80))
    with pytest.raises(NetworkIsOff):
        socket.getaddrinfo("example.org", 443)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        assert caller.getpeername()[0] == "127.0.0.1"
