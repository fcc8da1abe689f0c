"""Reads a parcel file and says what is in it; nothing is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.deps import Counted, Lang
from api.gates import act
from api.schemas.files import Answers, Incoming, Pasted, incoming, reading_json
from api.schemas.problems import refuses
from parcels.readers import read

router = APIRouter(tags=["check"])
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "units": {"type": "string", "format": "binary"},
        **Answers.model_json_schema()["properties"],
    },
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "application/json": {"schema": Pasted.model_json_schema()},
        },
    }
}


@router.post(
    "/files",
    summary="Read a parcel file or a pasted table",
    responses=refuses(413, 415, 429),
    openapi_extra=BODY,
    dependencies=[Counted],
)
@act("file.read")
def read_file(came: Annotated[Incoming, Depends(incoming)], lang: Lang) -> dict[str, Any]:
    """GeoJSON, zipped shapefile, GeoPackage, CSV, XLSX, or text. `questions` ask for what the file leaves open: send it again
    with the answers. `shapes[].geometry` can be sent to `POST /checks` as `boundary`.
    """
    return reading_json(read(came.upload, came.choices), lang)
