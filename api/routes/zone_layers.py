"""Layers in versions: laid down from a file by one person, looked at before publishing, published by another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from api import layer_files
from api.cli.output import plain
from api.deps import Asker, Lang, Reading, Rules, TheHouse, Today, Writing
from api.gates import act
from api.idempotency import Once
from api.layer_files import Reader
from api.schemas.layers import CODE, PublicationIn, VersionIn
from api.schemas.problems import refuses
from api.uploads import Received, received
from parcels import publishing

router = APIRouter(prefix="/zones/layers", tags=["zones"])
Code = Annotated[str, Path(max_length=40)]
NewCode = Annotated[str, Path(pattern=CODE, examples=["fairways"])]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
REFUSALS = refuses(401, 403, 404, 409)


async def layer_file(request: Request, home: TheHouse) -> AsyncIterator[Received]:
    """The zones in the field `file`."""
    async with received(request, file="file", limit=home.settings.upload_max_bytes) as came:
        yield came


LayerFile = Annotated[Received, Depends(layer_file, scope="function")]


def _body() -> dict[str, Any]:
    schema = VersionIn.model_json_schema(by_alias=True)
    schema["properties"] = {"file": {"type": "string", "format": "binary"}, **schema["properties"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def reader(session: Reading, by: Asker, rules: Rules, lang: Lang, today: Today) -> Reader:
    """Who reads."""
    return Reader(session, by, rules, lang, today)


InReader = Annotated[Reader, Depends(reader)]


@router.get("", summary="Layers with all their versions", responses=refuses(401, 403))
@act("layer.see")
def layers(reader: InReader) -> dict[str, Any]:
    """`phase` says which one is in force on the day of asking."""
    return {"layers": plain(layer_files.told_layers(reader))}


@router.post("/{code}/versions", summary="Lay down a version from a file", status_code=201, responses=refuses(401, 403, 413, 415), openapi_extra=_body())  # fmt: skip
@act("layer.propose")
def lay_down(
    code: NewCode, came: LayerFile, session: Writing, by: Asker, once: Once, rules: Rules, lang: Lang, today: Today
) -> Any:
    """GeoJSON, GeoPackage or a zipped shapefile. It is a draft: no check sees it until another person publishes it."""
    asked = came.form(VersionIn, "column", "value")
    version = layer_files.take_in(session, code, came, asked, by)
    told = layer_files.told_version(Reader(session, by, rules, lang, today), code, version.number)
    return once.keep(plain(told), 201)


@router.get("/{code}/versions/{number}", summary="A version with its zones", responses=REFUSALS)
@act("layer.see")
def version(code: Code, number: Number, reader: InReader) -> dict[str, Any]:
    """GeoJSON; the shape of a zone that the reader may not see is null."""
    return dict(plain(layer_files.told_version(reader, code, number, shapes=True)))


@router.get("/{code}/versions/{number}/changes", summary="What publishing would change", responses=REFUSALS)
@act("layer.see")
def changes(
    code: Code,
    number: Number,
    reader: InReader,
    form: Annotated[Literal["json", "geojson", "csv", "xlsx"], Query()] = "json",
) -> Any:
    """Rights, claims and drafts that are newly hit, hit harder, milder, or freed, against the version in force on its first day."""
    told = layer_files.told_changes(reader, code, number)
    return told if form == "json" else layer_files.changes_file(told, form, f"{code}-{number}", reader.lang)


@router.post("/{code}/versions/{number}/publication", summary="Publish a version", responses=REFUSALS)
@act("layer.publish")
def publish(
    code: Code,
    number: Number,
    asked: PublicationIn,
    session: Writing,
    by: Asker,
    once: Once,
    rules: Rules,
    lang: Lang,
    today: Today,
) -> Any:
    """By another person than the one who laid it down; `from` may be ahead, and the version before it ends the day before."""
    version = layer_files.found(session, code, number)
    publishing.publish(session, version, approved_by=layer_files.signature(by), actor=by, first=asked.first)
    return once.keep(plain(layer_files.told_version(Reader(session, by, rules, lang, today), code, number)))


@router.delete("/{code}/versions/{number}", summary="Take a draft back", responses=REFUSALS)
@act("layer.discard")
def discard(
    code: Code, number: Number, session: Writing, by: Asker, once: Once, rules: Rules, lang: Lang, today: Today
) -> Any:
    """It stays on record and can never be published."""
    publishing.discard(session, layer_files.found(session, code, number), actor=by)
    return once.keep(plain(layer_files.told_version(Reader(session, by, rules, lang, today), code, number)))
