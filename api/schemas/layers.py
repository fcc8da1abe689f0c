"""What the doors of layers take and tell: a version with its file, the preview of what it changes, its publication."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.rule_entries import keys_from
from api.schemas.people import PRINTED
from api.schemas.register import label
from api.schemas.rules import Key, Words
from api.schemas.sheets import Day
from data.rulebook import RuleBook
from parcels.checks.serial import in_degrees
from parcels.models import Layer
from parcels.proposing import Proposal
from parcels.publishing import LayerDraft
from parcels.queries.layers import VersionLine
from parcels.queries.scope import Scope
from parcels.zone_changes import Change, Changes

CODE = r"^[a-z][a-z0-9_]{1,39}$"


class VersionIn(BaseModel):
    """The words beside a file of zones; names, office, disclosure and accuracy count for a new layer only."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    kind: str = Field(default="zones", pattern="^(zones|shoreline|land)$")
    name: str | None = Field(default=None, max_length=100, pattern=PRINTED)
    name_en: str | None = Field(default=None, max_length=100, pattern=PRINTED)
    office: str | None = Field(default=None, max_length=100, pattern=PRINTED)
    office_en: str | None = Field(default=None, max_length=100, pattern=PRINTED)
    disclosure: str = Field(default="public", pattern="^(public|outline|officer|sealed)$")
    accuracy: float = Field(default=0.1, ge=0.1, le=10_000)
    first: Day | None = Field(
        default=None, alias="from", description="First day in force; the day of publication if none"
    )
    last: Day | None = Field(default=None, alias="to", description="Last day in force, included")
    transition: str = Field(default="all", pattern="^(all|accepted_after|decided_after)$")
    transition_basis: Words | None = None
    cite: Words | None = Field(default=None, description="The document that sets these zones")
    crs: str | None = Field(default=None, max_length=4_000, examples=["EPSG:4490"])
    axis: str | None = Field(default=None, pattern="^(lonlat|latlon)$")
    sheet: str | None = Field(default=None, max_length=200, description="Which layer of a file that holds several")
    column: list[Key] = Field(
        default=[], max_length=20, description="`effect=XIAOLI`: a fact and its column; several times"
    )
    value: list[Key] = Field(default=[], max_length=20, description="`effect=forbid`: the same for every feature")

    @property
    def columns(self) -> dict[str, str]:
        """Fact to column."""
        return keys_from(self.column)

    @property
    def values(self) -> dict[str, str]:
        """Fact to the value that every feature has."""
        return keys_from(self.value)

    def proposal(self, code: str, source: str, proposed_by: str) -> Proposal:
        """The same as `parcels` takes it."""
        layer = LayerDraft(
            code=code,
            kind=self.kind,
            name_zh=self.name or "",
            name_en=self.name_en or self.name or "",
            office_zh=self.office,
            office_en=self.office_en or self.office,
            disclosure=self.disclosure,
            accuracy_m=self.accuracy,
        )
        return Proposal(
            layer=layer, source=source, proposed_by=proposed_by, first=self.first, last=self.last,
            transition=self.transition, transition_basis=self.transition_basis, cite=self.cite,
        )  # fmt: skip


class PublicationIn(BaseModel):
    """When a version begins to hold."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    first: Day | None = Field(default=None, alias="from", description="First day in force; the proposed one if none")


def layer_json(layer: Layer, versions: Iterable[dict[str, Any]], lang: str) -> dict[str, Any]:
    """A layer with its versions, newest first."""
    return {
        "code": layer.code,
        "kind": layer.kind,
        "name": getattr(layer, f"name_{lang}"),
        "office": getattr(layer, f"office_{lang}"),
        "disclosure": layer.disclosure,
        "accuracy_m": float(layer.accuracy_m),
        "versions": list(versions),
    }


def version_json(line: VersionLine, day: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A version as it stands on a day; who proposed and published it by name where there is an account."""
    return {
        "layer": line.layer,
        "number": line.number,
        "standing": line.standing,
        "phase": line.phase(day),
        "from": line.since,
        "to": None if line.until is None else line.until - timedelta(days=1),
        "transition": line.transition,
        "transition_basis": line.transition_basis,
        "source": line.source,
        "cite": line.cite,
        "mark": line.mark,
        "zones": line.zones,
        "proposed_by": names.get(line.proposed_by or "", line.proposed_by),
        "published_by": names.get(line.approved_by or "", line.approved_by),
        "published_at": line.published_at,
    }


def zone_feature(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A zone of a version; its shape is null where the reader may not see it."""
    told = {name: row[name] for name in ("identity", "effect", "use_types", "use_modes", "cite", "disclosure")}
    days = {"from": row["held_from"], "to": row["held_to"] and row["held_to"] - timedelta(days=1)}
    shape = json.loads(row["geojson"]) if row["geojson"] else None
    properties = {**told, **days, "name": row[f"name_{lang}"], "buffer_m": float(row["buffer_m"])}
    return {"type": "Feature", "id": row["id"], "geometry": shape, "properties": properties}


def changes_json(found: Changes, scope: Scope, book: RuleBook, lang: str, *, cases: bool) -> dict[str, Any]:
    """The preview as one reader may see it: what stands in no list of theirs is counted and not told.

    `cases` says whether the reader may look at cases at all (docs/people.md: an administrator reads none).
    """
    shown = [change for change in found.changes if _seen(change, scope, cases)]
    counts: dict[str, dict[str, int]] = {}
    for change in found.changes:
        kinds = counts.setdefault(change.kind, {"right": 0, "claim": 0, "draft": 0})
        kinds[change.use.kind] += 1
    return {
        "first": found.first,
        "replaces": found.replaces,
        "zones": {"new": found.zones_new, "gone": found.zones_gone, "alike": found.zones_alike},
        "looked_at": found.looked_at,
        "truncated": not found.is_whole,
        "counts": counts,
        "not_shown": len(found.changes) - len(shown),
        "type": "FeatureCollection",
        "features": [_feature(change, book, lang) for change in shown],
    }


def _seen(change: Change, scope: Scope, cases: bool) -> bool:
    use = change.use
    if use.kind == "right":
        return use.facts["disclosure"] == "public" or scope.everywhere
    # What has not been handed in is the applicant's own; an office sees the cases of its places.
    is_mine = scope.everywhere or use.facts["scope_place_id"] in scope.places
    return cases and is_mine and use.facts.get("handed_in", True)


def _feature(change: Change, book: RuleBook, lang: str) -> dict[str, Any]:
    use, area = change.use, change.use.facts.get("area_ha")
    properties = {
        "change": change.kind,
        "kind": use.kind,
        "code": use.key,
        "name": use.facts.get("parcel_name"),
        "case": use.facts.get("case_number"),
        "use_type": label(book, "use_types", use.use_type, lang),
        "mode": label(book, "use_modes", use.use_mode, lang),
        "area_ha": None if area is None else str(area),
        "overlap_ha": f"{change.overlap_m2 / 10_000:.4f}",
        "before": change.before,
        "after": change.after,
        "zones": [{"identity": each[0], "name": each[1] if lang == "zh" else each[2]} for each in change.zones],
        "mark": use.facts.get("mark"),
    }
    return {"type": "Feature", "geometry": in_degrees(use.shape), "properties": properties}
