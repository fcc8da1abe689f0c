"""Pictures for docs/gallery, each of at most 150 kB.

Where one is larger its colours are reduced to a palette, which a chart or a page of few colours does not show.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"
MOST_BYTES = 150_000


def small(png: bytes) -> bytes:
    """The picture as it is, or with as many colours as fit into the limit (means of clusters, so that no tint shifts)."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    told = _written(picture)
    for colours in (256, 128, 64, 32, 16):
        if len(told) <= MOST_BYTES:
            break
        told = _written(_fewer(picture, colours))
    while len(told) > MOST_BYTES:  # a page so long and so full of words loses its foot
        picture = picture.crop((0, 0, picture.width, picture.height * 9 // 10))
        told = _written(_fewer(picture, 16))
    return told


def _fewer(picture: Image.Image, colours: int) -> Image.Image:
    return picture.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
