"""What a process loads that only wants the register: no library of tables, seconds on a cold machine."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("room", ["parcels.register", "parcels.checks"])
def test_the_register_starts_without_the_libraries_of_files(room: str) -> None:
    """The fault: every racer and every check waited for pandas, which GDAL's reader brings with it."""
    code = f"import {room}, sys; print(sorted({{'pandas', 'geopandas', 'pyogrio'}} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
