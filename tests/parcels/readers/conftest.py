"""Every reader test runs in an empty folder with an empty temporary folder, and both must be empty afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    here: Path = tmp_path_factory.mktemp("here")
    scratch: Path = tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for name in ("TMPDIR", "TMP", "TEMP", "CPL_TMPDIR"):
            patch.setenv(name, str(scratch))
        patch.setattr(tempfile, "tempdir", str(scratch))
        yield
        assert not [path for folder in (here, scratch) for path in folder.rglob("*") if ".hypothesis" not in path.parts]
