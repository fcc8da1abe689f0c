"""A new version of a layer from one file: all of it becomes a draft, or none of it and each feature that cannot be used is told.

`parcels.loading` takes old registers as they are. A version that is to be published is another matter: a feature left out in
silence would leave sea unprotected that its authors meant to protect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from marine.findings import Finding
from parcels.loading import zones
from parcels.loading.columns import ColumnMap
from parcels.loading.tables import FeatureTable
from parcels.models import LayerVersion
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, demand_planner, in_chunks, lay_down, layer_of
from parcels.queries.layers import layer_by_code

MOST_FEATURES = 20_000
MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is said of a version beside its zones; days both included, None for open."""

    layer: LayerDraft
    proposed_by: str
    source: str
    first: date | None = None
    last: date | None = None
    transition: str = "all"
    transition_basis: str | None = None
    cite: str | None = None


def propose(
    session: Session, table: FeatureTable, names: ColumnMap, proposal: Proposal, *, actor: Actor
) -> LayerVersion:
    """Lay the table down as the layer's next version, a draft; an existing layer keeps what it is."""
    demand_planner(actor)
    if len(table) > MOST_FEATURES:
        raise Refusal("layer.too_many", count=len(table), limit=MOST_FEATURES)
    if proposal.first and proposal.last and proposal.last < proposal.first:
        raise Refusal("layer.days_reversed", first=proposal.first, last=proposal.last)
    _demand_fitting(session, proposal.layer)
    drafts = _drafts(table, names, proposal.layer.kind)
    version = lay_down(
        session,
        layer_of(session, proposal.layer),
        source=proposal.source,
        valid=(proposal.first, proposal.last),
        actor=actor,
        transition=proposal.transition,
        transition_basis=proposal.transition_basis,
        cite=proposal.cite,
        proposed_by=proposal.proposed_by,
    )
    for chunk in in_chunks(drafts):
        add_zones(session, version, chunk)
    return version


def _demand_fitting(session: Session, wanted: LayerDraft) -> None:
    """A layer that is there is of the kind that the file says; one that is not needs a name."""
    known = layer_by_code(session, wanted.code)
    if known is None and not wanted.name_zh:
        raise Refusal("layer.name_needed")
    if known is not None and known.kind != wanted.kind:
        raise Refusal("layer.kind_other", layer=wanted.code)


def _drafts(table: FeatureTable, names: ColumnMap, kind: str) -> list[ZoneDraft]:
    made: list[ZoneDraft] = []
    faults: list[Finding] = []
    for _, each in zones.drafts(table, names, kind):
        if isinstance(each, Finding):
            faults.append(each)
        else:
            made.append(each)
    if faults:
        raise Refusal("layer.file_has_faults", faults[:MOST_TOLD], file=table.name, count=len(faults))
    return made
