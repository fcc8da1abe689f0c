"""The pictures of issued sheets in docs/gallery, on the sample world: `python -m tests.api.drawings_gallery` draws them anew.

The parcel is the cell of an ended right among the rafts of Sanggou Bay, in two units, entered as a layered right.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import drawings
from data.rulebook import packaged
from maps import sheets
from maps.sheets import Issued, Signatures
from maps.sheets.printing import pages_as_png
from marine.boundary import Boundary, Polygon, settle
from parcels.parties import PartyKeys
from parcels.register import Band, Share
from parcels.samples import world
from tests.maps.sheets.gallery import FOLDER, small
from tests.parcels import builders
from tests.support import databases

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
CODE = "7K3F-9Q2M-XD4H"
ISSUED = Issued(
    number="示例海域证图2026-0012号",
    code=CODE,
    address=f"https://haiyu.example/verify/{CODE}",
    rules_hash=packaged().hash,
    issuer="内置示例机关",
    signer="haiyu sample issuer",
    issued_on=TODAY,
)
BANDS = (Band(0b0001, -0.5, 0.5, True), Band(0b0010, -8.0, -0.5, True))
SIGNED = Signatures(organisation="示例测绘院", surveyor="示例甲", drafter="示例乙", drawn_on=TODAY, checker="示例丙")


def free_cell(session: Session) -> Boundary:
    """The sea of an ended right in Sanggou Bay, in two units side by side."""
    wkt = session.execute(
        text(
            "SELECT ST_AsText(o.geom) FROM occupation o JOIN parcel p ON p.id = o.parcel_id "
            "WHERE p.name LIKE '桑沟湾南筏式%' AND upper(o.held) <= :day ORDER BY o.id LIMIT 1"
        ),
        {"day": TODAY},
    ).scalar_one()
    corners = np.rint(shapely.get_coordinates(shapely.from_wkt(wkt))[:4] * 3_600_000)
    lower, upper = (np.rint((corners[a] + corners[b]) / 2) for a, b in ((0, 1), (3, 2)))
    halves = [shapely.Polygon([corners[0], lower, upper, corners[3]]), shapely.Polygon([lower, corners[1], corners[2], upper])]  # fmt: skip
    boundary = settle(None, [Polygon.from_shapely(half) for half in halves]).boundary
    assert boundary is not None
    return boundary


def registered(session: Session) -> tuple[Boundary, Any, Any]:
    """The parcel entered in the register: boundary, what it occupies, the answer of the door."""
    boundary = free_cell(session)
    request = builders.build_request(
        boundary,
        unit_modes=("41", "41"),
        bands=BANDS,
        is_layered=True,
        holders=(Share(builders.build_party(session, "桑沟湾示例牧场有限公司")),),
        mark="sample",
    )
    return boundary, request.occupying, builders.grant(session, request)


def main() -> None:
    """Lay the sample world, register the parcel, draw both sheets in both languages."""
    with databases.in_use(), databases.clone(databases.test_cluster()) as database:
        keys = PartyKeys.from_secret(b"s" * 32)
        world.load(database.sessions(), book=packaged(), keys=keys, today=TODAY, now=NOW)
        with database.sessions()() as session:
            boundary, occupying, granted = registered(session)
            for kind, lang, name in (
                ("boundary", "zh", "sheet-boundary.issued"),
                ("position", "zh", "sheet-position.issued"),
                ("position", "en", "sheet-position.issued.en"),
            ):
                request = drawings.sheet_request(
                    session, boundary=boundary, kind=kind, lang=lang, book=packaged(), day=TODAY, issued=ISSUED,
                    project="桑沟湾南牡蛎筏式养殖" if lang == "zh" else "Sanggou Bay south oyster rafts",
                    unit_names=("北区", "南区") if lang == "zh" else ("North", "South"), unit_modes=occupying.unit_modes,
                    layers=drawings.layer_bands(occupying), parcel_code=granted.parcel_code, signatures=SIGNED,
                    exempt_rights=(granted.right_id,),
                )  # fmt: skip
                (FOLDER / f"{name}.png").write_bytes(small(pages_as_png(sheets.compose(request))[0]))


if __name__ == "__main__":
    main()
