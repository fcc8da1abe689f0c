"""data.cluster: whatever happened before, the next start finds every committed row."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from data.cluster import TESTING, Cluster, Identity, Profile
from data.cluster.places import recorded_socket
from data.cluster.processes import clear_the_dead, holders, is_alive, pid_in, server_pid
from data.prepare import prepare_embedded, roles_sql

ROOT = Path(__file__).parents[2]
# Durable as the serving cluster, small as a test: a kill of the postmaster must be survived by the files alone.
SMALL = Profile(
    {
        **TESTING.settings,
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": "16MB",
        "max_connections": "20",
    }
)


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    """One cluster for the tests of this file, in a short folder that its user can enter."""
    folder = Path("/tmp") / f"haiyu-cluster-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    cluster = Cluster(folder / "home", profile=SMALL, outside=folder / "outside")
    cluster.start()
    cluster.sql(roles_sql())
    cluster.sql("CREATE TABLE kept (n int)")
    yield cluster
    cluster.remove()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(made: Cluster) -> Cluster:
    """The cluster of this file, running."""
    made.start()
    return made


def keep(cluster: Cluster) -> int:
    """Commit a row; returns how many there are now."""
    return int(cluster.sql("INSERT INTO kept VALUES (1); SELECT count(*) FROM kept"))


def kept(cluster: Cluster) -> int:
    """How many rows there are."""
    return int(cluster.sql("SELECT count(*) FROM kept"))


def login(cluster: Cluster, user: str) -> str:
    """Log in by the socket as our own user of the operating system."""
    with psycopg.connect(cluster.url(user, "postgres").replace("+psycopg", "")) as connection:
        return str(connection.execute("SELECT current_user").fetchone()[0])  # type: ignore[index]


def kill(pid: int) -> None:
    """Kill a process outright and wait until it is dead (it may stay a zombie)."""
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_server_never_runs_as_root_and_listens_on_a_socket_only(cluster: Cluster) -> None:
    pid = cluster.status().pid
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid == Identity.here().cluster_uid != 0
    assert cluster.sql("SHOW listen_addresses") == ""
    socket = recorded_socket(cluster.places)
    assert socket is not None
    assert socket.stat().st_mode & 0o777 == 0o700


def test_our_user_logs_in_as_the_three_logins_and_as_nobody_else(cluster: Cluster) -> None:
    assert [login(cluster, user) for user in ("haiyu_owner", "haiyu_app", "haiyu_read")] == [
        "haiyu_owner",
        "haiyu_app",
        "haiyu_read",
    ]
    cluster.sql("CREATE ROLE somebody LOGIN")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        login(cluster, "somebody")
    cluster.sql("DROP ROLE somebody")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is somebody else than the cluster's user")
def test_in_the_serving_cluster_root_is_not_the_superuser(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        login(cluster, "postgres")


def test_a_second_start_does_nothing_and_takes_no_time(cluster: Cluster) -> None:
    pid = cluster.status().pid
    took = []
    for _ in range(5):  # the machine may be busy with something else for one of them
        started = time.monotonic()
        assert cluster.start().pid == pid
        took.append(time.monotonic() - started)
    assert min(took) < 0.1


def test_stop_and_start_keep_every_row(cluster: Cluster) -> None:
    rows = keep(cluster)
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert cluster.status().state == "stopped"
    cluster.start()
    assert kept(cluster) == rows


def test_a_postmaster_killed_outright_is_started_again_with_every_row(cluster: Cluster) -> None:
    """It stays a zombie for a while, in some containers for ever, and pg_ctl takes the zombie for a running server."""
    rows = keep(cluster)
    pid = cluster.status().pid
    assert pid is not None
    kill(pid)
    cluster.start()
    assert cluster.status().pid not in (None, pid)
    assert kept(cluster) == rows


def test_a_backend_in_a_long_query_does_not_keep_a_killed_server_from_starting(cluster: Cluster) -> None:
    rows = keep(cluster)
    busy = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import psycopg; psycopg.connect({cluster.url('haiyu_app', 'postgres').replace('+psycopg', '')!r}).execute('SELECT count(*) FROM generate_series(1, 10000000000)')",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 10
        while (
            cluster.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count%generate%' AND state = 'active'"
            )
            == "0"
        ):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        pid = cluster.status().pid
        assert pid is not None
        kill(pid)
        cluster.start()
        assert kept(cluster) == rows
    finally:
        busy.kill()
        busy.wait()


def test_a_killed_application_leaves_the_server_running(cluster: Cluster) -> None:
    """The server must not be in the process group of the command that happened to start it."""
    cluster.stop()
    code = (
        "import os, signal, sys; from pathlib import Path; from data.cluster import Cluster;"
        f"Cluster(Path({str(cluster.home)!r})).start(); os.killpg(0, signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, start_new_session=True, check=False)
    assert done.returncode == -signal.SIGKILL
    time.sleep(0.2)
    assert cluster.is_ready()
    assert kept(cluster) >= 0


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(cluster: Cluster) -> None:
    """After a reboot the number in the file belongs to somebody else."""
    rows = keep(cluster)
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lines = f"{stranger.pid}\n{cluster.places.data}\n1700000000\n5432\n/nowhere\n\n  1234 5678\nready\n"
        cluster._write("postmaster.pid", lines)
        assert cluster.status().state == "stopped"
        cluster.start()
        assert kept(cluster) == rows
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_pid_file_broken_off_is_no_obstacle(cluster: Cluster) -> None:
    rows = keep(cluster)
    cluster.stop()
    cluster._write("postmaster.pid", "")
    cluster.start()
    assert kept(cluster) == rows


def test_a_moved_checkout_finds_its_cluster_running_or_stopped(cluster: Cluster) -> None:
    rows = keep(cluster)
    moved = Cluster(cluster.home.with_name("moved"), profile=SMALL, outside=cluster.outside)
    for stop_first in (False, True):
        if stop_first:
            cluster.stop()
        cluster.home.rename(moved.home)
        try:
            assert moved.status().state == ("stopped" if stop_first else "running")
            moved.start()
            assert kept(moved) == rows
            moved.stop()
        finally:
            moved.home.rename(cluster.home)
        cluster.start()
        assert kept(cluster) == rows


def test_a_lost_socket_is_made_anew(cluster: Cluster) -> None:
    """A cleaner of temporary files took the socket; the server ran on, and nobody could reach it."""
    rows = keep(cluster)
    socket = recorded_socket(cluster.places)
    assert socket is not None
    shutil.rmtree(socket)
    cluster.start()
    assert kept(cluster) == rows


def test_a_socket_folder_that_others_may_enter_is_not_used_again(cluster: Cluster) -> None:
    cluster.stop()
    socket = recorded_socket(cluster.places)
    assert socket is not None
    socket.chmod(0o777)
    cluster.start()
    fresh = recorded_socket(cluster.places)
    assert fresh is not None
    assert fresh != socket
    shutil.rmtree(socket)


def test_commands_that_start_at_once_get_one_server(cluster: Cluster) -> None:
    cluster.stop()
    code = (
        "from pathlib import Path; from data.cluster import Cluster;"
        f"print(Cluster(Path({str(cluster.home)!r})).start().pid)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    told = {process.communicate(timeout=60)[0].strip() for process in running}
    assert told == {str(cluster.status().pid)}


def test_commands_that_make_a_cluster_at_once_make_one() -> None:
    home = Path("/tmp") / f"haiyu-first-{os.getpid()}"
    code = f"from pathlib import Path; from data.cluster import Cluster;print(Cluster(Path({str(home)!r})).start().pid)"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = {process.communicate(timeout=60)[0].strip() for process in running}
    fresh = Cluster(home, profile=SMALL)
    try:
        assert told == {str(fresh.status().pid)}
        broken_off_initdb_is_made_again(fresh)
    finally:
        fresh.remove()
        shutil.rmtree(home)
    assert fresh.status().state == "missing"


def broken_off_initdb_is_made_again(fresh: Cluster) -> None:
    """A power cut during the first start left half a cluster, and every later start failed."""
    fresh.stop()
    fresh.places.forget_made()
    (fresh.places.data / "postmaster.opts").unlink()
    shutil.rmtree(fresh.places.data / "pg_wal")
    assert fresh.start().state == "running"


def test_preparing_twice_changes_nothing(cluster: Cluster) -> None:
    for _ in range(2):
        prepare_embedded(cluster, "twice")
    found = cluster.sql(
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname LIKE 'haiyu%' ORDER BY 1"
    )
    assert found.splitlines() == ["haiyu_app|f|f|f", "haiyu_owner|f|f|f", "haiyu_read|f|f|f"]
    assert cluster.sql("SELECT extname FROM pg_extension WHERE extname = 'postgis'", "twice") == "postgis"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user owns the checkout and can enter it")
def test_where_the_clusters_user_cannot_enter_the_checkout_the_cluster_lies_outside() -> None:
    """A checkout in root's home has mode 700; initdb said only: Permission denied."""
    shut = Path("/tmp") / f"haiyu-shut-{os.getpid()}"
    shut.mkdir(mode=0o700)
    outside = Path("/tmp") / f"haiyu-outside-{os.getpid()}"
    cluster = Cluster(shut / ".haiyu", profile=SMALL, outside=outside)
    try:
        assert cluster.start().state == "running"
        assert cluster.places.link.is_symlink()
        assert cluster.places.data.parent == outside
        assert cluster.sql("SELECT 1") == "1"
        cluster.remove()
        assert list(outside.iterdir()) == []
    finally:
        cluster.remove()
        shutil.rmtree(shut)
        shutil.rmtree(outside, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_ordinary_user_runs_the_cluster_as_himself() -> None:
    """`nobody` stands for any user without rights; the code must come from a folder that he can read."""
    pwd.getpwnam("nobody")
    folder = Path("/tmp") / f"haiyu-user-{os.getpid()}"
    folder.mkdir()
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "from pathlib import Path; from data.cluster import Cluster;"
        f"c = Cluster(Path({str(folder / 'home')!r})); print(c.start().state, c.sql('SELECT session_user'), c.identity.cluster); c.remove()"
    )
    command = [
        "runuser",
        "-u",
        "nobody",
        "--",
        "/usr/bin/env",
        f"PYTHONPATH={ROOT / '.venv/lib/python3.11/site-packages'}:{folder}",
        "python3.11",
        "-c",
        code,
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=60)
    shutil.rmtree(folder)
    assert done.stdout.split() == ["running", "postgres", "nobody"], done.stderr


def test_nothing_of_a_living_server_is_cleared(cluster: Cluster) -> None:
    pid = server_pid(cluster.places.data)
    assert pid is not None
    assert pid in {process.pid for process in holders(cluster.places.data)}
    assert pid_in(cluster.places.data) == pid
    assert clear_the_dead(Path("/tmp/nothing-here")) == []
