"""api.logs: one event per line, secrets blanked, libraries through the same chain."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
import structlog

from api.logs import configure_logs
from api.settings import Settings


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_json_lines_carry_the_request_and_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(log_format="json"))
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger().info("signed in", 用户="张三", token="abc", id_number="371082")
    logging.getLogger("uvicorn.error").warning("slow %s", "answer")
    structlog.get_logger().debug("not this one")
    out, err = capsys.readouterr()
    assert out == ""
    first, second = [json.loads(line) for line in err.splitlines()]
    assert (first["event"], first["request_id"], first["token"], first["id_number"], first["level"]) == (
        "signed in",
        "r-1",
        "***",
        "***",
        "info",
    )
    assert "张三" in err
    assert (second["event"], second["request_id"], second["level"]) == ("slow answer", "r-1", "warning")


def _to_critical(logger: logging.Logger) -> None:
    logger.setLevel(logging.CRITICAL)


def _disabled(logger: logging.Logger) -> None:
    """What ``logging.config`` does to every logger that a library did not name when it configured its own."""
    logger.disabled = True


@pytest.mark.parametrize("silenced", [_to_critical, _disabled])
def test_what_was_silenced_before_does_not_silence_the_next_server(
    silenced: Callable[[logging.Logger], None], capsys: pytest.CaptureFixture[str]
) -> None:
    silenced(logging.getLogger("uvicorn.error"))
    configure_logs(Settings(log_format="json"))
    logging.getLogger("uvicorn.error").warning("slow")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "slow"


def test_a_fault_in_json_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(log_format="json"))
    try:
        raise ValueError("so\nit goes")
    except ValueError:
        structlog.get_logger().error("failed", exc_info=sys.exc_info())
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
