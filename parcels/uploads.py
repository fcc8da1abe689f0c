"""What a person hands in: the bytes, the choices that go with them, and how much of it the house is willing to open.

The name of a file is kept and shown but never trusted: what a file is, its content says.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

from data.rulebook.inquiry import Inquiry

AxisOrder = Literal["lonlat", "latlon"]
Origin = Literal["cgcs2000", "gnss", "gcj02", "bd09"]

AXIS_ORDERS: tuple[str, ...] = get_args(AxisOrder)
ORIGINS: tuple[str, ...] = get_args(Origin)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file or pasted text, byte for byte as it came.

    >>> Upload("a.txt", b"").digest
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """Algorithm and hex digest of the original bytes; every digest kept names its algorithm (register.md §1)."""
        return "sha256:" + hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Answers to what a file leaves open; None means "the file says so, or ask".

    `crs` is `EPSG:n` or `gk:122.5` (Gauss–Krüger on CGCS2000, central meridian in degrees, false easting 500,000 m).
    `axis` tells what the first number of a pair is: `lonlat` longitude or easting, `latlon` latitude or northing.
    `parcel` picks one shape, counted from 1. `sheet` names a worksheet, or a layer where a file holds several.
    """

    crs: str | None = None
    axis: AxisOrder | None = None
    origin: Origin | None = None
    parcel: int | None = None
    units: Upload | None = None
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracies:
    """Metres that coordinates may be off by where they came from; the defaults are the packaged rules `accuracy.*_m`.

    `gnss_m` (docs/formats.md): WGS 84 of today taken as CGCS2000 (plate motion since epoch 2000, 0.7–0.8 m).
    `other_datum_m` is a datum on the same ellipsoid. `sketch_m` covers what the published web-map formulae leave, and how people draw.
    """

    gnss_m: float = 1.0
    other_datum_m: float = 3.0
    sketch_m: float = 10.0

    @classmethod
    def of_rules(cls, inquiry: Inquiry) -> Accuracies:
        """As the rule book says for the dates and place of the inquiry; an entry of an administrator counts here."""
        values = {name: inquiry.ask(f"accuracy.{name}").value for name in ("gnss_m", "other_datum_m", "sketch_m")}
        return cls(**{name: float(value) for name, value in values.items() if value is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a reader opens before it refuses; an installation may set its own (house settings, not law).

    `ratio` is the largest allowed uncompressed : compressed size of an archive as a whole, judged from 1 MiB on.
    `gnss_accuracy_m` (docs/formats.md): WGS 84 of today taken as CGCS2000 (plate motion since epoch 2000, 0.7–0.8 m).
    `sketch_accuracy_m` covers what the published web-map formulae leave, and how people draw on such maps.
    """

    bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    ratio: int = 200
    entries: int = 2_000
    vertices: int = 2_000_000
    features: int = 200_000
    rows: int = 500_000
    columns: int = 64
    findings: int = 200
    accuracies: Accuracies = Accuracies()


LIMITS = Limits()
