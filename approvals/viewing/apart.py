"""The process that opens files of strangers: started for one file, with little memory and time, and thrown away.

It is run by its path (`viewing.look`, `viewing.picture`), so it imports nothing of the house. One argument holds the order as
JSON, the file comes on standard input, a line of JSON and then the picture go out on standard output. It can write no file and
start no process; PDFium as pypdfium2 ships it has no JavaScript and no XFA.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

JPEG, PNG, TIFF, WEBP = "JPEG", "PNG", "TIFF", "WEBP"
# A phone's JPEG with a second picture inside (a depth map, a preview) is an MPO to Pillow.
MEDIA = {JPEG: "image/jpeg", "MPO": "image/jpeg", PNG: "image/png", TIFF: "image/tiff", WEBP: "image/webp"}
# A page is shown at most so many times as high as it is wide: a roll of paper must not become a roll of pixels.
TALLEST = 4


class RefusedError(Exception):
    """The file cannot be opened; the word says why."""


def shut_in(memory: int, seconds: int) -> None:
    """From here on: no more memory than `memory` bytes, no more than `seconds` of CPU, no file and no process."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, limit in limits.items():
        resource.setrlimit(which, (limit, limit))


def pdf_of(data: bytes) -> Any:
    """The opened PDF."""
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw

    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as wrong:
        locked = wrong.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise RefusedError("locked" if locked else "broken") from wrong
    if not len(opened):
        raise RefusedError("broken")
    return opened


def picture_of(data: bytes) -> Any:
    """The opened picture; only its head has been read."""
    from PIL import Image, UnidentifiedImageError

    # Every size is compared with the limit of the order before a picture is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(io.BytesIO(data), formats=(JPEG, PNG, TIFF, WEBP))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise RefusedError("broken") from wrong


def look(order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Whether the file is what it says it is, and how many pages it has; every frame of a picture is decoded."""
    if order["what"] == "pdf":
        pdf = pdf_of(data)
        if len(pdf) <= order["pages"]:
            sizes = [pdf.get_page_size(number) for number in range(len(pdf))]
            if any(width <= 0 or height <= 0 for width, height in sizes):
                raise RefusedError("broken")
        return {"media_type": "application/pdf", "pages": len(pdf)}, b""
    image = picture_of(data)
    pages = image.n_frames if image.format == TIFF else 1
    for number in range(min(pages, order["pages"])):
        decode(image, number, order["pixels"])
    return {"media_type": MEDIA[image.format], "pages": pages}, b""


def decode(image: Any, number: int, pixels: int) -> None:
    """One frame of a picture, whole."""
    if number:
        image.seek(number)
    if image.width * image.height > pixels:
        raise RefusedError("too_many_pixels")
    image.load()


def picture(order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """One page (from 0) as a PNG, `width` pixels wide at most."""
    made = pdf_page(order, data) if order["what"] == "pdf" else frame(order, data)
    out = io.BytesIO()
    made.save(out, PNG)
    return {"width": made.width, "height": made.height}, out.getvalue()


def pdf_page(order: dict[str, Any], data: bytes) -> Any:
    """A page of a PDF on white."""
    pdf, number, width = pdf_of(data), order["page"], order["width"]
    if number >= len(pdf):
        raise RefusedError("no_such_page")
    page = pdf[number]
    across, down = page.get_size()
    # PDFium rounds up to whole pixels.
    scale = min((width - 0.5) / across, (TALLEST * width - 0.5) / down)
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


def frame(order: dict[str, Any], data: bytes) -> Any:
    """A frame of a picture, turned as its EXIF data say, on white."""
    from PIL import Image, ImageOps

    image, number, width = picture_of(data), order["page"], order["width"]
    pages = image.n_frames if image.format == TIFF else 1
    if number >= pages:
        raise RefusedError("no_such_page")
    # A JPEG can be decoded at half, a quarter or an eighth of its size; the longer side must still reach the width.
    image.draft(None, (TALLEST * width, TALLEST * width))
    decode(image, number, order["pixels"])
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        # 16-bit grey: without the division everything above 255 would be white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    image.thumbnail((width, TALLEST * width))
    clear = image.convert("RGBA")
    made = Image.new("RGB", clear.size, "white")
    made.paste(clear, mask=clear.getchannel("A"))
    return made


def main() -> None:
    """One order."""
    order = json.loads(sys.argv[1])
    data = sys.stdin.buffer.read()
    shut_in(order["memory"], order["seconds"])
    try:
        head, body = {"look": look, "picture": picture}[order["do"]](order, data)
    except RefusedError as refused:
        head, body = {"refused": str(refused)}, b""
    except MemoryError:
        head, body = {"refused": "too_costly"}, b""
    except Exception:
        # Whatever a parser stumbles over, the file is not one that people can open.
        head, body = {"refused": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
