"""The ground of the chart: land, the sea areas of counties, and the names that people use."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

import data.samples
from api.deps import Lang, Reading, Today
from api.gates import act
from api.schemas.problems import refuses
from api.schemas.register import collection
from approvals.wishes import SeaName, sea_names
from parcels.queries import atlas

router = APIRouter(tags=["register"])
COAST = Path(data.samples.__file__).parent / "coast.geojson"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


@router.get("/ground", summary="Land, sea areas and names for drawing, as GeoJSON", responses=refuses())
@act("ground.see")
def ground(
    session: Reading, lang: Lang, today: Today, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Land of the published layers, else the packaged sample coast; sea areas thinned to 50 m. Answers 304 to a known ETag."""
    land = [_feature("land", row, None) for row in atlas.land(session, today)] or list(packaged_coast())
    areas = [_feature("sea_area", row, row[f"name_{lang}"]) for row in atlas.sea_areas(session, today)]
    names = [_name(each, lang) for each in sea_names() if each.kind != "county"]
    body = json.dumps(
        collection(land + areas + names, attribution=ATTRIBUTION), ensure_ascii=False, separators=(",", ":")
    ).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=60"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/geo+json")


def _feature(kind: str, row: dict[str, Any], name: str | None) -> dict[str, Any]:
    told = {"kind": kind, "name": name, "code": row.get("code"), "source": row["source"], "mark": row["mark"]}
    return {"type": "Feature", "geometry": json.loads(row["geojson"]), "properties": told}


def _name(name: SeaName, lang: Lang) -> dict[str, Any]:
    told = {"kind": f"{name.kind}_name", "name": getattr(name, lang), "code": None, "source": None, "mark": "house"}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": name.at}, "properties": told}


@cache
def packaged_coast() -> tuple[dict[str, Any], ...]:
    """The clip of OpenStreetMap that comes with the house: a land mask, not the legal shoreline."""
    features = json.loads(COAST.read_text(encoding="utf-8"))["features"]
    told = {"kind": "land", "name": None, "code": None, "source": ATTRIBUTION, "mark": "sample"}
    return tuple({"type": "Feature", "geometry": each["geometry"], "properties": told} for each in features)
