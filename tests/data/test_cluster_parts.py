"""The parts of data.cluster that need no server: programs, places, processes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from data.answers import Refusal
from data.cluster import Identity, find_programs
from data.cluster.identity import ENVIRONMENT
from data.cluster.places import Places, make_data_folder, private_socket_folder
from data.cluster.processes import is_alive


def test_the_highest_version_with_postgis_is_taken(tmp_path: Path) -> None:
    for version in (13, 15, 17):
        folder = tmp_path / f"usr/lib/postgresql/{version}/bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    for version in (13, 15):
        control = tmp_path / f"usr/share/postgresql/{version}/extension/postgis.control"
        control.parent.mkdir(parents=True)
        control.touch()
    assert find_programs(tmp_path).version == 15
    with pytest.raises(Refusal) as refused:
        find_programs(tmp_path / "nothing")
    assert refused.value.code == "ground.postgis_missing"


def test_a_socket_path_too_long_for_the_system_is_refused_before_the_server_is(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    with pytest.raises(Refusal) as refused:
        private_socket_folder(Places(tmp_path), Identity.here(), (deep,))
    assert refused.value.code == "ground.socket_path_long"


def test_a_folder_with_other_peoples_files_is_not_turned_into_a_cluster(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.link.mkdir()
    (places.link / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        make_data_folder(places, Identity.here())
    assert refused.value.code == "ground.folder_not_empty"
    assert (places.link / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_zombie_is_not_alive() -> None:
    child = subprocess.Popen(["true"])
    deadline = time.monotonic() + 5
    while is_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert Path(f"/proc/{child.pid}").exists()
    assert not is_alive(child.pid)
    child.wait()


def test_the_shells_locale_and_settings_do_not_reach_the_cluster() -> None:
    assert set(ENVIRONMENT) == {"LC_ALL", "LANG", "PATH", "TZ"}
