"""The installation that the bench of cases measures: the sample world with its people, a real server, and a worker beside it.

The cluster is set as the product's own, so commits reach the disk. The clock is a file, for a case needs days that nobody waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from api.demo.stage import START
from api.demo.teller import Teller
from data.cluster import SERVING, Cluster, Profile
from tests.journeys import conftest as journeys
from tests.support import databases
from tests.support.serving import Serving

# Hundreds of papers may wait, on a machine that does other work.
SETTLE_SECONDS = 1_800


@contextmanager
def opened(*, pool_size: int) -> Iterator[Serving]:
    """Server and worker, each a process, on a fresh database at the start of the stories."""
    with TemporaryDirectory(prefix="haiyu-bench-") as home, _cluster() as cluster:
        folder = Path(home)
        with (
            journeys.laid(cluster, folder) as database,
            Serving(
                database,
                folder,
                at=START,
                apart=True,
                application={"samples_allowed": True},
                sign_ins_per_minute=0,
                pool_size=pool_size,
            ) as house,
        ):
            yield house


@contextmanager
def _cluster() -> Iterator[Cluster]:
    cluster = Cluster(databases.HOME, "bench-cases-pg", Profile(SERVING.settings, superuser_is_ours=True))
    cluster.start()
    try:
        databases.drop_orphans(cluster)
        yield cluster
    finally:
        cluster.stop()


def teller_of(house: Serving) -> Teller:
    """A teller of stories to this installation, who waits for as many papers as there are cases."""
    return replace(journeys.teller_of(house), settle=lambda: house.settle(SETTLE_SECONDS))
