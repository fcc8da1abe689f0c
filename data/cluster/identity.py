"""As whom the cluster runs: PostgreSQL refuses root, so root runs it as `postgres`; anyone else as himself."""

from __future__ import annotations

import getpass
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.answers import Refusal

# PostgreSQL reads locale and PG* variables; a cluster must come out the same whatever the shell of the day says.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Our user of the operating system, and the one who owns the cluster's files and processes."""

    ours: str
    cluster: str
    cluster_uid: int
    cluster_gid: int

    @classmethod
    def here(cls) -> Identity:
        """The identity of this process; refuses root on a machine without the user `postgres`."""
        if os.geteuid() != 0:
            try:
                name = pwd.getpwuid(os.geteuid()).pw_name
            except KeyError:
                name = getpass.getuser()
            return cls(name, name, os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise Refusal("ground.no_postgres_user") from None
        return cls("root", "postgres", entry.pw_uid, entry.pw_gid)

    @property
    def changes_user(self) -> bool:
        """Whether commands must go through `runuser`."""
        return self.ours != self.cluster

    def argv(self, command: Sequence[str]) -> list[str]:
        """The command as it must be started by us to run as the cluster's user."""
        if self.changes_user:
            return ["runuser", "-u", self.cluster, "--", *command]
        return list(command)

    def run(
        self,
        command: Sequence[str],
        *,
        given: str = "",
        timeout: float = 120,
        environment: Mapping[str, str] = ENVIRONMENT,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the cluster's user, from `/` (it may not be allowed into our folder); output is returned."""
        return subprocess.run(
            self.argv(command),
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            cwd="/",
            env=dict(environment),
        )

    def owns(self, path: Path) -> bool:
        """Whether the path belongs to the cluster's user."""
        try:
            return path.stat().st_uid == self.cluster_uid
        except OSError:
            return False

    def can_write(self, folder: Path) -> bool:
        """Whether the cluster's user can reach and write the folder; root's own answer would say nothing about it."""
        if not self.changes_user:
            return os.access(folder, os.W_OK | os.X_OK)
        return self.run(["test", "-w", str(folder)]).returncode == 0

    def give(self, path: Path, mode: int) -> None:
        """Hand a path of ours to the cluster's user."""
        os.chmod(path, mode)
        if self.changes_user:
            os.chown(path, self.cluster_uid, self.cluster_gid)
