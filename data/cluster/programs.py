"""Find the PostgreSQL programs that come with PostGIS: Debian keeps them off the PATH, one folder per version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from data.answers import Refusal

# Debian and Ubuntu; then Red Hat's own builds. (folder of the programs, folder of the extensions)
LAYOUTS = (
    ("/usr/lib/postgresql/*/bin", "/usr/share/postgresql/{version}/extension"),
    ("/usr/pgsql-*/bin", "/usr/pgsql-{version}/share/extension"),
)


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of one PostgreSQL version that has PostGIS."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """The full path of one program, such as `initdb`."""
        return str(self.folder / name)


def find_programs(root: Path = Path("/"), layouts: Iterable[tuple[str, str]] = LAYOUTS) -> Programs:
    """The highest PostgreSQL version that also has the postgis control file; refuses when there is none."""
    found: list[Programs] = []
    without: list[int] = []
    for programs, extensions in layouts:
        for folder in root.glob(programs.lstrip("/")):
            number = re.search(r"(\d+)", folder.parent.name)
            if number is None or not (folder / "initdb").exists():
                continue
            version = int(number.group(1))
            control = root / extensions.format(version=version).lstrip("/") / "postgis.control"
            if control.exists():
                found.append(Programs(folder, version))
            else:
                without.append(version)
    if not found:
        raise Refusal("ground.postgis_missing", versions=", ".join(map(str, sorted(without))) or "0")
    return max(found, key=lambda each: each.version)
