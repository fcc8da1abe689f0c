"""Pages of layers: which version is in force, a file uploaded as the next one, and what it changes before somebody publishes it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api import layer_files
from api.cli.output import plain
from api.gates import act
from api.layer_files import Reader
from api.portal.shell import InShell, Shell
from data.messages import text
from maps.views import page_map
from parcels.checks.zones import STRICTNESS
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
# Weihai's waters, where the map opens while the register is empty.
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)
KINDS = ("zones", "shoreline", "land")
DISCLOSURES = ("public", "outline", "officer", "sealed")
TRANSITIONS = ("all", "accepted_after", "decided_after")
CHANGES = ("hit", "harder", "milder", "freed")


@router.get("/zones")
@act("layer.see")
def layers(shell: InShell) -> Response:
    """Every layer with its versions, what waits to be published first."""
    told: list[dict[str, Any]] = layer_files.told_layers(_reader(shell))
    for layer in told:
        layer["waiting"] = [each for each in layer["versions"] if each["phase"] == "draft"]
    told.sort(key=lambda layer: not layer["waiting"])
    return shell.show("zones/layers.html", layers=told, waiting=sum(len(layer["waiting"]) for layer in told))


@router.get("/zones/new")
@act("layer.propose")
def upload(shell: InShell, layer: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form of an upload, for a layer that is there or a new one."""
    known = layer_files.told_layers(_reader(shell))
    chosen = next((each for each in known if each["code"] == layer), None)
    effects = [(each, text(f"page.effect.{each}", shell.lang)) for each in reversed(STRICTNESS) if each != "none"]
    return shell.show(
        "zones/upload.html", known=known, chosen=chosen, effects=effects,
        kinds=_named(shell, "kind_of", KINDS), disclosures=_named(shell, "disclosure", DISCLOSURES),
        transitions=_named(shell, "transition", TRANSITIONS),
    )  # fmt: skip


@router.get("/zones/{code}/{number}")
@act("layer.see")
def version(
    request: Request,
    shell: InShell,
    code: Annotated[str, Path(max_length=40)],
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """One version: its facts, its zones on a map, and, fetched after the page, what publishing changes."""
    reader = _reader(shell)
    told = plain(layer_files.told_version(reader, code, number, shapes=True))
    layer = next(each for each in layer_files.told_layers(reader) if each["code"] == code)
    at = f"/api/v1/zones/layers/{code}/versions/{number}"
    if request.headers.get("hx-target") == "changes":
        changes = layer_files.told_changes(reader, code, number)
        return shell.fragment("zones/changes.html", changes=changes, at=at, names=CHANGES)
    drawn = page_map(atlas.extent(shell.session) or WEIHAI, text("portal.zones.map", shell.lang))
    shown = {"type": "FeatureCollection", "features": [each for each in told["features"] if each["geometry"]]}
    return shell.show(
        "zones/version.html", layer=layer, version=told, map=drawn, at=at, boot={"zones": shown, "at": at},
        script_texts=("page.", "portal.zones."),
    )  # fmt: skip


def _named(shell: Shell, at: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, text(f"portal.zones.{at}.{code}", shell.lang)) for code in codes]


def _reader(shell: Shell) -> Reader:
    return Reader(shell.session, shell.works.actor, shell.works.book, shell.lang, shell.today)
