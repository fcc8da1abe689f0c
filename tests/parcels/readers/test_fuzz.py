"""Whatever bytes arrive: a reading or a refusal, never another exception, and nothing left behind."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marine.findings import Refusal
from parcels import readers
from parcels.drafts import draft_parcel
from parcels.uploads import Choices, Limits, Upload
from tests.parcels.readers.reading import CGCS2000_GK_120, SQUARE, geopackage, shapefile_zip, tell, tell_all
from tests.parcels.readers.workbooks import workbook
from tests.support.effort import effort_of_run

ROUNDS = effort_of_run().fuzz
SMALL = Limits(bytes=1 << 20, unpacked_bytes=4 << 20, vertices=20_000, features=500, rows=5_000)
FUZZ = settings(
    max_examples=ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def seeds() -> tuple[bytes, ...]:
    """One sound file of each kind, to be spoiled."""
    ring = [list(point) for point in (*SQUARE, SQUARE[0])]
    geojson = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"甲"},"geometry":' + (
        f'{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    )
    table = "点号,北纬,东经,单元\n" + "\n".join(f"{n},37°0{n}′02.3″,122°05′0{n}.4″,单元1" for n in range(1, 5))
    metres = "X\tY\n" + "\n".join(f"{4_140_000 + n * n}\t{40_500_000 + n * 100}" for n in range(5))
    return (
        geojson.encode(),
        table.encode("gbk"),
        metres.encode("utf-16"),
        shapefile_zip(prj=CGCS2000_GK_120, cpg="GBK", encoding="gbk", records=({"名称": "威海"},)),
        geopackage(),
        workbook([["点号", "北纬", "东经"], [1, 37.4, 122.1], [2, 37.4, 122.2], [3, 37.5, 122.2]]),
    )


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sound file with bytes changed, cut out, doubled or put in."""
    data = bytearray(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        act = draw(st.sampled_from(("change", "cut", "double", "put", "truncate")))
        length = draw(st.integers(1, 12))
        if act == "change" and data:
            data[at] = draw(st.integers(0, 255))
        elif act == "cut":
            del data[at : at + length]
        elif act == "double":
            data[at:at] = data[at : at + length]
        elif act == "put":
            data[at:at] = draw(
                st.binary(min_size=1, max_size=8)
                | st.sampled_from((b"-", b"9" * 30, b"[", b"\xb0", b"1e308", b";", b'"'))
            )
        elif draw(st.booleans()):
            del data[at:]
    return bytes(data)


def attempt(data: bytes, choices: Choices) -> None:
    """Read and settle; a refusal must be tellable in both languages."""
    try:
        reading = readers.read(Upload("fuzz", data), choices, SMALL)
        for finding in reading.findings:
            tell(finding)
        if not reading.questions:
            for shape in reading.shapes[:3]:
                for finding in draft_parcel(shape).findings:
                    tell(finding)
    except Refusal as refusal:
        tell_all(refusal)


@FUZZ
@given(spoiled(), st.sampled_from((None, "EPSG:4490", "gk:122", "EPSG:4528")), st.sampled_from((None, "latlon")))
def test_spoiled_files_are_read_or_refused(data: bytes, crs: str | None, axis: str | None):
    attempt(data, Choices(crs=crs, axis=axis))  # type: ignore[arg-type]


@FUZZ
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes):
    attempt(data, Choices(crs="EPSG:4490"))


@FUZZ
@given(st.text(alphabet="0123456789.,;-+°′″'\" \t\nNESW度分秒北纬东经XY点号单元Ee[]{}:", max_size=200))
def test_any_text_of_coordinate_signs_is_read_or_refused(text: str):
    attempt(text.encode(), Choices(crs="EPSG:4490"))
