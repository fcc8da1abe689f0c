"""The embedded PostGIS: a cluster of our own under `.haiyu`, reached by a unix socket only, never run as root.

`programs` finds PostgreSQL, `identity` says as whom it runs, `places` where its files and socket lie, `processes` what is alive,
and `server` makes, starts and stops it.
"""

from data.cluster.identity import Identity
from data.cluster.programs import Programs, find_programs
from data.cluster.server import SERVING, TESTING, Cluster, Profile, Status

__all__ = ["SERVING", "TESTING", "Cluster", "Identity", "Profile", "Programs", "Status", "find_programs"]
