"""Where a cluster's files and its socket lie, found again after the checkout moved."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.answers import Refusal
from data.cluster.identity import Identity

# A unix socket's path may have 107 bytes, and PostgreSQL appends this.
SOCKET_NAME = "/.s.PGSQL.5432"
SOCKET_LIMIT = 107
OUTSIDE = Path("/var/lib/haiyu")


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one cluster: `home` is `.haiyu`, `name` is `pg` (or `test-pg`)."""

    home: Path
    name: str = "pg"
    outside: Path = OUTSIDE

    @property
    def link(self) -> Path:
        """The cluster's folder, or the link to it."""
        return self.home / self.name

    @property
    def data(self) -> Path:
        """The cluster's folder itself."""
        return self.link.resolve()

    @property
    def exists(self) -> bool:
        """Whether a finished cluster is there; `initdb` writes PG_VERSION early, our mark comes last."""
        return (self.home / f"{self.name}.made").exists() and (self.link / "PG_VERSION").exists()

    def mark_made(self) -> None:
        """Remember that the cluster was finished."""
        (self.home / f"{self.name}.made").write_text("made\n", encoding="ascii")

    def forget_made(self) -> None:
        """Forget it again, before its files go."""
        (self.home / f"{self.name}.made").unlink(missing_ok=True)

    @property
    def socket_record(self) -> Path:
        """The file that says where the socket lies: `.haiyu/socket` for the cluster that serves."""
        return self.home / ("socket" if self.name == "pg" else f"{self.name}.socket")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One command at a time makes, starts or stops this cluster; the lock dies with its process."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / f"{self.name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def make_data_folder(places: Places, identity: Identity) -> Path:
    """An empty folder for a new cluster: in `.haiyu`, or where its user cannot enter the checkout, outside with a link to it."""
    places.home.mkdir(parents=True, exist_ok=True)
    if places.link.is_symlink():
        places.link.unlink()
    if places.link.exists() and any(places.link.iterdir()):
        raise Refusal("ground.folder_not_empty", folder=str(places.link))
    places.link.mkdir(exist_ok=True)
    identity.give(places.link, 0o700)
    if identity.can_write(places.link):
        return places.link
    places.link.rmdir()
    places.outside.mkdir(parents=True, exist_ok=True)
    os.chmod(places.outside, 0o755)
    # Not derived from the checkout's path: a second checkout at the place of a moved one must not find the first one's cluster.
    folder = places.outside / secrets.token_hex(8)
    folder.mkdir()
    identity.give(folder, 0o700)
    if not identity.can_write(folder):
        folder.rmdir()
        raise Refusal("ground.folder_unreachable", folder=str(places.outside), user=identity.cluster)
    places.link.symlink_to(folder)
    return folder


def recorded_socket(places: Places) -> Path | None:
    """The socket's folder as recorded, or None."""
    try:
        text = places.socket_record.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return Path(text) if text else None


def private_socket_folder(places: Places, identity: Identity, run_folders: tuple[Path, ...]) -> Path:
    """A short folder for the socket that only the cluster's user and root may enter; the recorded one while it is still good."""
    folder = recorded_socket(places)
    if folder is None or not _is_private(folder, identity):
        parent = next(
            (each for each in run_folders if each.is_dir() and os.access(each, os.W_OK)), Path(tempfile.gettempdir())
        )
        folder = Path(tempfile.mkdtemp(prefix="haiyu-", dir=parent))
        identity.give(folder, 0o700)
        fresh = places.socket_record.with_suffix(".new")
        fresh.write_text(f"{folder}\n", encoding="utf-8")
        fresh.replace(places.socket_record)
    if len(os.fsencode(str(folder) + SOCKET_NAME)) > SOCKET_LIMIT:
        raise Refusal("ground.socket_path_long", folder=str(folder), limit=SOCKET_LIMIT)
    return folder


def _is_private(folder: Path, identity: Identity) -> bool:
    """Whether the folder is a real one of the cluster's user with mode 700 (someone may have made another in `/tmp` meanwhile)."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode) and status.st_uid == identity.cluster_uid and stat.S_IMODE(status.st_mode) == 0o700
    )
