"""What the routes and the pages of layers share: a file taken in as a version, versions as told, the preview as file or JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Response
from sqlalchemy.orm import Session

from api.cli.output import plain
from api.people.queries import names_of
from api.permissions import packaged_permissions
from api.schemas.layers import VersionIn, changes_json, layer_json, version_json, zone_feature
from api.spreadsheets import as_csv, as_file, as_xlsx
from api.uploads import Received
from approvals.cases.unclaimed import uses_not_claimed
from approvals.materials import clean_name
from data.actors import Actor
from data.answers import Refusal
from data.messages import text
from data.rulebook import RuleBook
from parcels.loading.columns import column_map
from parcels.loading.guarding import demand_plain
from parcels.loading.tables import read_table
from parcels.models import LayerVersion
from parcels.papers import keep_file
from parcels.proposing import propose
from parcels.queries import layers
from parcels.queries.scope import scope_of
from parcels.zone_changes import changes_of

ACCOUNT = "account "
HEAD = ("change", "kind", "code", "name", "use_type", "mode", "area_ha", "overlap_ha", "before", "after", "zones")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list of layers: by which rights, in which language, on which day."""

    session: Session
    actor: Actor
    book: RuleBook
    lang: str
    day: date

    @property
    def sees_cases(self) -> bool:
        """Whether the reader looks at cases by a post."""
        return reads_cases(self.actor)


def reads_cases(actor: Actor) -> bool:
    """Whether somebody reads cases by a post: an administrator does not (docs/people.md)."""
    may = packaged_permissions().row("case.see").may
    return any("place" in may.get(role, ()) for role, _ in actor.posts)


def signature(actor: Actor) -> str:
    """How a person stands beside a version: by account, so that a changed name stays the same person."""
    return f"{ACCOUNT}{actor.person}"


def take_in(session: Session, code: str, came: Received, asked: VersionIn, actor: Actor) -> LayerVersion:
    """Read the file as a layer, keep its bytes by digest, and lay it down as a draft."""
    name = clean_name(came.filename)
    demand_plain(name, came.content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(came.content)
        table = read_table(path, layer=asked.sheet, crs=asked.crs, axis=asked.axis)
    names = column_map(asked.kind, list(table.columns), asked.columns, asked.values)
    keep_file(session, name, came.content)
    wanted = asked.proposal(code, f"{name} {table.digest[:19]}", signature(actor))
    return propose(session, table, names, wanted, actor=actor)


def found(session: Session, code: str, number: int) -> LayerVersion:
    """The version, or layer.unknown."""
    version = None if "\x00" in code else layers.version_of(session, code, number)
    if version is None:
        raise Refusal("layer.unknown")
    return version


def told_layers(reader: Reader) -> list[dict[str, Any]]:
    """All layers with their versions."""
    lines = layers.lines_of(reader.session)
    names = _names(reader.session, lines)
    versions: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        versions.setdefault(line.layer, []).append(version_json(line, reader.day, names))
    return [layer_json(layer, versions.get(layer.code, []), reader.lang) for layer in layers.all_layers(reader.session)]


def told_version(reader: Reader, code: str, number: int, *, shapes: bool = False) -> dict[str, Any]:
    """One version; with `shapes` its zones as far as the reader may see them."""
    version = found(reader.session, code, number)
    lines = [line for line in layers.lines_of(reader.session, code) if line.id == version.id]
    told = version_json(lines[0], reader.day, _names(reader.session, lines))
    told["mine"] = version.proposed_by == signature(reader.actor)
    if shapes:
        scope = scope_of(reader.session, reader.actor, reader.day)
        rows = layers.zones_of(reader.session, version.id, scope)
        told |= {"type": "FeatureCollection", "features": [zone_feature(row, reader.lang) for row in rows]}
    return told


def told_changes(reader: Reader, code: str, number: int) -> dict[str, Any]:
    """What publishing a version would change, as far as the reader may see it."""
    version = found(reader.session, code, number)
    drafts = uses_not_claimed(reader.session)
    changes = changes_of(reader.session, version, drafts=drafts, book=reader.book, today=reader.day)
    scope = scope_of(reader.session, reader.actor, reader.day)
    return dict(plain(changes_json(changes, scope, reader.book, reader.lang, cases=reader.sees_cases)))


def changes_file(told: dict[str, Any], kind: str, name: str, lang: str) -> Response:
    """The preview as a file for a spreadsheet or a map."""
    if kind == "geojson":
        return as_file(json.dumps(told, ensure_ascii=False).encode(), kind, name)
    head = [text(f"portal.zones.column.{each}", lang) for each in HEAD]
    rows = [_row(feature["properties"], lang) for feature in told["features"]]
    return as_file((as_csv if kind == "csv" else as_xlsx)(head, rows), kind, name)


def _row(told: dict[str, Any], lang: str) -> list[Any]:
    words = {
        "change": text(f"portal.zones.change.{told['change']}", lang),
        "kind": text(f"portal.zones.kind.{told['kind']}", lang),
        "before": text(f"page.effect.{told['before']}", lang),
        "after": text(f"page.effect.{told['after']}", lang),
        "zones": "; ".join(zone["name"] for zone in told["zones"]),
    }
    return [words.get(name, told.get(name)) for name in HEAD]


def _names(session: Session, lines: Iterable[layers.VersionLine]) -> dict[str, str]:
    """Names of the accounts that stand beside versions; what was written on the machine's command line stays as it is."""
    signed = {each for line in lines for each in (line.proposed_by, line.approved_by) if each}
    people = {each: int(each.removeprefix(ACCOUNT)) for each in signed if each.removeprefix(ACCOUNT).isdecimal()}
    names = names_of(session, people.values())
    return {each: names[person] for each, person in people.items() if person in names}
