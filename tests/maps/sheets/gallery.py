"""The pictures of sheets in docs/gallery: `python -m tests.maps.sheets.gallery` draws them anew."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import shapely
from PIL import Image

from maps import sheets
from maps.sheets import PlaceName, SheetRequest, Shoreline, Signatures, Surroundings
from maps.sheets.printing import pages_as_png
from marine.boundary import Polygon
from marine.coordinates import MS_PER_DEGREE, ms_from_text
from parcels.samples import coast
from tests.maps.sheets.requests import boundary_of, quay_request, star

MOST_BYTES = 150_000
FOLDER = Path(__file__).parents[3] / "docs" / "gallery"
SIGNED = Signatures(organisation="示例测绘院", surveyor="示例甲", drafter="示例乙", drawn_on=date(2026, 11, 23))
FARM = (
    ("122.5513", "37.1123"),
    ("122.5533", "37.1063"),
    ("122.5583", "37.1043"),
    ("122.5633", "37.1073"),
    ("122.5593", "37.1143"),
)


def farm() -> SheetRequest:
    """An oyster farm in a bay, with the sample coast."""
    degrees = {"natural": [], "artificial": []}  # type: dict[str, list[object]]
    for stretch in coast.shoreline():
        degrees[stretch.kind].append(stretch.line)
    near = [part for part in coast.land() if part.distance(shapely.Point(122.55, 37.11)) < 0.5]
    around = Surroundings(
        land=_ms(shapely.MultiPolygon(near)),
        shorelines=(
            Shoreline(geometry=_ms(shapely.MultiLineString(degrees["natural"])), kind="natural"),
            Shoreline(geometry=_ms(shapely.MultiLineString(degrees["artificial"])), kind="artificial"),
        ),
        places=(PlaceName(lon=ms_from_text("122.53"), lat=ms_from_text("37.075"), name="桑沟湾"),),
        note=f"示例岸线，未经核实；{coast.ATTRIBUTION}",
    )
    ring = tuple((ms_from_text(lon), ms_from_text(lat)) for lon, lat in FARM)
    return SheetRequest(
        boundary=boundary_of(Polygon(ring)),
        kind="position",
        project="桑沟湾牡蛎养殖",
        unit_names=("养殖区",),
        unit_modes=("开放式养殖",),
        location="荣成市桑沟湾北部海域",
        surroundings=around,
        signatures=SIGNED,
    )


def _ms(geometry: object) -> object:
    return shapely.transform(geometry, lambda degrees: np.rint(degrees * MS_PER_DEGREE))


def main() -> None:
    """Draw every picture."""
    english = {"lang": "en", "project": "Crane quay", "unit_names": ("Revetment", "Quay", "Turning basin")}
    english |= {"unit_modes": ("Solid structure", "Open-piled structure", "Harbour basin or water storage")}
    wanted = {
        "sheet-boundary": quay_request(signatures=SIGNED),
        "sheet-boundary.en": quay_request(surroundings=Surroundings(), **english),
        "sheet-boundary.200-points": SheetRequest(boundary=star(200), project="两百个界址点", signatures=SIGNED),
        "sheet-position": farm(),
    }
    for name, request in wanted.items():
        for number, picture in enumerate(pages_as_png(sheets.compose(request)), 1):
            (FOLDER / f"{name}{'' if number == 1 else f'.page-{number}'}.png").write_bytes(small(picture))


def small(picture: bytes) -> bytes:
    """The picture in at most 150 kB: narrower and with fewer colours, as far as it takes."""
    whole = Image.open(BytesIO(picture)).convert("RGB")
    for width, colours in ((1240, 128), (1240, 64), (1100, 32), (1000, 16), (800, 16)):
        size = (width, round(whole.height * width / whole.width))
        reduced = whole.resize(size, Image.Resampling.LANCZOS).quantize(colours, dither=Image.Dither.NONE)
        written = BytesIO()
        reduced.save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()


if __name__ == "__main__":
    main()
