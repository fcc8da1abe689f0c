"""The benches' database: adopted through the register's own door and timed beside COPY of the rows that it made."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from api.cli.rooms import all_metadata
from data.actors import Actor
from data.cluster import Cluster, Profile
from data.cluster.server import SERVING
from data.migrate import upgrade
from data.prepare import prepare_embedded
from data.rulebook import packaged
from data.store import engine_for, sessions
from parcels.loading import runs
from parcels.loading.columns import column_map
from parcels.loading.tables import FeatureTable, read_table
from parcels.publishing import LayerDraft
from tests.bench.common import milliseconds, read
from tests.bench.files import HOME, ROOT, ZONE_LAYERS

TODAY = date(2026, 11, 23)
PROFILE = Profile(
    {
        **SERVING.settings,
        "shared_buffers": "2GB",
        "work_mem": "128MB",
        "maintenance_work_mem": "1GB",
        "effective_cache_size": "16GB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
    },
    superuser_is_ours=True,
)
# The tables that adoption fills, in the order in which COPY can fill them again.
TABLES = (
    "sea_right",
    "parcel",
    "boundary",
    "unit",
    "legacy_identifier",
    "sea_right_parcel",
    "party",
    "party_name",
    "sea_right_party",
    "occupation",
    "load_feature",
)


class Store:
    """A cluster of the benches' own with one database for each number of units."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.cluster = Cluster(ROOT / ".haiyu", "bench-pg", PROFILE)
        self.name = f"bench_{units}"
        self.record = HOME / f"loaded-{units}.json"

    def url(self, login: str = "haiyu_app") -> str:
        """Address of the database for a login."""
        return self.cluster.url(login, self.name)

    def open(self, paths: dict[str, Path]) -> dict[str, Any]:
        """Load it if it is not there; what the load measured."""
        self.cluster.start()
        if self.record.exists():
            return dict(json.loads(self.record.read_text()))
        self.cluster.sql(f"DROP DATABASE IF EXISTS {self.name}")
        prepare_embedded(self.cluster, self.name)
        upgrade(self.url("haiyu_owner"), all_metadata())
        told = {"adoption": self._adopt(paths["units"]), "zones": self._zones(paths["zones"])}
        told["copy"] = self._copy_again()
        told["ratio"] = round(told["adoption"]["seconds"] / told["copy"]["seconds"], 2)
        self.cluster.sql("VACUUM ANALYZE", self.name)
        self.record.write_text(json.dumps(told, indent=1))
        return told

    def _adopt(self, path: Path) -> dict[str, Any]:
        table = units_table(path)
        names = column_map("rights", list(table.columns), {}, {})
        print(f"adopting {len(table)} rights …", flush=True)
        begun = time.perf_counter()
        factory = sessions(engine_for(self.url(), pooled=False))
        with factory() as session:
            run, _ = runs._begin(session, table, names, "rights", Actor.administrator(), "pending")
            session.commit()
        runs._adopt_chunks(factory, run, table, names, Actor.administrator(), None, lambda count: None)
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        with factory() as session:
            runs._finish(session, run)
            found = runs.audit(session, run, actor=Actor.administrator(), book=packaged(), today=TODAY)
            session.commit()
        return {
            "seconds": round(seconds, 1),
            "features_per_second": round(len(table) / seconds),
            "audit_seconds": round(time.perf_counter() - begun, 1),
            "audit": found,
        }

    def _zones(self, path: Path) -> dict[str, float]:
        factory = sessions(engine_for(self.url(), pooled=False))
        told = {}
        for layer in ZONE_LAYERS:
            table = read_table(path, layer=layer)
            names = column_map("zones", list(table.columns), {}, {})
            publication = runs.Publication(
                layer=LayerDraft(code=layer, kind="zones", name_zh=layer, name_en=layer),
                source="bench",
                proposed_by="one",
                approved_by="two",
            )
            begun = time.perf_counter()
            runs.load_zones(factory, table, names, "zones", publication, actor=Actor.administrator())
            told[layer] = round(time.perf_counter() - begun, 1)
        return told

    def _copy_again(self) -> dict[str, Any]:
        """The bare baseline: the very rows that adoption wrote, copied into equal tables with equal indexes, no triggers."""
        folder = Path(self.cluster.places.data) / "bench-copy"
        self.cluster.sql(f"COPY (SELECT 1) TO PROGRAM 'mkdir -p {folder}'", self.name)
        rows = {}
        for table in TABLES:
            self.cluster.sql(f"COPY {table} TO '{folder}/{table}' (FORMAT binary)", self.name)
            self.cluster.sql(
                f"DROP TABLE IF EXISTS bare_{table}; CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)", self.name
            )
        self.cluster.sql("CHECKPOINT")
        begun = time.perf_counter()
        for table in TABLES:
            self.cluster.sql(f"COPY bare_{table} FROM '{folder}/{table}' (FORMAT binary)", self.name)
        seconds = time.perf_counter() - begun
        for table in TABLES:
            rows[table] = int(self.cluster.sql(f"SELECT count(*) FROM bare_{table}", self.name))
            self.cluster.sql(f"DROP TABLE bare_{table}", self.name)
        self.cluster.sql(f"COPY (SELECT 1) TO PROGRAM 'rm -rf {folder}'", self.name)
        return {"seconds": round(seconds, 1), "rows": rows}


def units_table(path: Path) -> FeatureTable:
    """The units as the loader's table: geometry in milliseconds, columns as they come."""
    units = read(str(path))
    geometry = shapely.transform(units.geometry.to_numpy(), lambda degrees: milliseconds(degrees).astype(float))
    columns = {name: units[name].to_numpy() for name in units.columns if name != "geometry"}
    for name in ("date_from", "date_to"):
        columns[name] = np.array(units[name].astype(str).to_numpy(), dtype="M8[D]")
    return FeatureTable(path.name, f"bench:{len(units)}", geometry, columns, "EPSG:4490", {})
