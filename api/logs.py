"""Structured logs: one event per line to standard error, for people or for a collector."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from api.settings import Settings

# An address, a certificate number or a password in a log outlives the case that it belongs to.
SECRET_KEYS = frozenset(
    {"password", "token", "secret", "authorization", "cookie", "id_number", "phone", "database_url"}
)


def hide_secrets(_: Any, __: str, event: Any) -> Any:
    """Blank out values that must not lie in a log file.

    >>> hide_secrets(None, "info", {"event": "signed in", "token": "abc"})
    {'event': 'signed in', 'token': '***'}
    """
    return {key: "***" if key.lower() in SECRET_KEYS else value for key, value in event.items()}


def configure_logs(settings: Settings) -> None:
    """Send our logs and those of the libraries through one chain, at the level and in the format of the settings."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    renderer: Any
    if settings.log_format == "json":
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # never local variables: they hold personal data
        )
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # uvicorn installs handlers of its own; ours say the same once.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers[:] = []
        # What is said is the settings' to choose, whatever a server before this one asked for.
        library.setLevel(logging.NOTSET)
        library.disabled = False  # `logging.config` silences every logger that it does not name
        # Our middleware logs each answer once, with its id and time; uvicorn's own access line would say less of it again.
        library.propagate = name != "uvicorn.access"
