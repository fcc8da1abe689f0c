"""Every setting of the house, and the only place that reads the environment (docs/settings.md explains each)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.cluster import Cluster

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Settings from the environment (`HAIYU_…`, and the three `DATABASE…_URL`); handed on as a value, never fetched."""

    model_config = SettingsConfigDict(env_prefix="HAIYU_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default=ROOT / ".haiyu", description="Folder of the embedded cluster, keys, files and logs")
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL of your own, login haiyu_app; empty: the embedded cluster",
    )
    database_owner_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_OWNER_URL", "database_owner_url"),
        description="The same database, login haiyu_owner, for migrations; empty: DATABASE_URL",
    )
    database_read_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_READ_URL", "database_read_url"),
        description="A replica or the same database, login haiyu_read; empty: DATABASE_URL",
    )
    pool_size: int = Field(default=5, ge=1, le=100, description="Database connections kept open by each server process")
    lang: Literal["zh", "en"] = Field(default="zh", description="Language where nobody chose one")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is logged")
    log_format: Literal["console", "json"] = Field(
        default="console", description="Lines for people, or JSON for a collector"
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on")
    base_url: str | None = Field(
        default=None, description="Address under which people reach the server; papers lead there. Empty: localhost"
    )
    workers: int = Field(default=1, ge=1, le=64, description="Server processes")
    worker: Literal["inside", "none"] = Field(
        default="inside", description="Whether `haiyu serve` does the jobs itself, or `haiyu work` does them elsewhere"
    )
    jobs_kept_days: int = Field(
        default=30, ge=1, le=3_650, description="Days for which jobs that ended well can still be listed"
    )
    upload_max_bytes: int = Field(
        default=50_000_000, ge=1_000, description="Largest file that may be uploaded, in bytes"
    )

    checks_per_minute: int = Field(
        default=240, ge=0, description="Anonymous readings and checks a minute from one address; 0: no limit"
    )

    comments_per_minute: int = Field(
        default=6, ge=0, description="Comments on public notices a minute from one address; 0: no limit"
    )

    session_idle_minutes: int = Field(
        default=120, ge=1, le=1_440, description="Minutes without a request after which a person must sign in again"
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours after which a person must sign in again in any case"
    )
    sign_in_tries: int = Field(
        default=5, ge=1, le=100, description="Failed sign-ins in a row after which a login is locked"
    )
    sign_in_lock_seconds: int = Field(
        default=30, ge=1, le=86_400, description="Seconds of the first lock; each further failure doubles them"
    )
    sign_in_lock_max_seconds: int = Field(
        default=3_600, ge=1, le=86_400, description="Longest lock of a login, in seconds"
    )
    sign_ins_per_minute: int = Field(
        default=30, ge=0, description="Sign-ins a minute from one address, failed or not; 0: no limit"
    )
    kept_answer_hours: int = Field(
        default=48, ge=1, le=8_760, description="Hours for which the answer to an idempotency key is kept"
    )

    smtp_host: str | None = Field(
        default=None,
        description="Mail server that takes copies of messages; empty: messages are read in the portal alone",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the line to the mail server is kept private"
    )
    smtp_user: str | None = Field(default=None, description="Login at the mail server; empty: none")
    smtp_password: str | None = Field(default=None, repr=False, description="Password at the mail server")
    smtp_sender: str = Field(
        default="haiyu@localhost", pattern=r"^[^@\s]+@[^@\s]+$", description="Address that copies come from"
    )

    realdata: Path | None = Field(
        default=None,
        description="Folder of real lease files for the demonstration and the tests; nothing of it is kept",
    )

    @property
    def is_local(self) -> bool:
        """Whether the server listens on this machine only."""
        return self.host in ("localhost", "127.0.0.1", "::1")

    @property
    def address(self) -> str:
        """Where people reach the server, as papers print it."""
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def is_embedded(self) -> bool:
        """Whether the system uses the cluster it owns."""
        return self.database_url is None

    @property
    def cluster(self) -> Cluster:
        """The embedded cluster of this home."""
        return Cluster(self.home)


def hand_down(settings: Settings) -> None:
    """Let server processes that start after this read the address as it was asked for on the command line.

    They build their own settings from the environment, and whether sample accounts are safe depends on where the server listens.
    """
    os.environ["HAIYU_HOST"], os.environ["HAIYU_PORT"] = settings.host, str(settings.port)
