"""`haiyu sheet`: a parcel file as 宗海界址图 or 宗海位置图, PDF and SVG. Needs no database and registers nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import click
import numpy as np
import shapely

from api.cli.output import Exit, both, both_inline, emit, shared_options
from api.cli.parcel_file import choices_of, drafted, file_options, question_block, questions_in_words
from api.wording import mode_words
from data.answers import Refusal
from data.messages import text
from data.rulebook import RuleBook, packaged
from maps import sheets
from maps.sheets import printing
from marine.boundary import Boundary
from marine.coordinates import MS_PER_DEGREE
from parcels.draft_request import build_draft
from parcels.drafts import Drafted
from parcels.readers import read
from parcels.samples import coast
from parcels.uploads import Upload

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])
# Sample coast within this many degrees of the parcel is drawn; farther off no sheet reaches.
NEAR_DEGREES = 1.0


@click.command(help=both("cli.sheet.long"))
@click.argument("file", type=FILE)
@click.option("-o", "--out", required=True, type=OUT, help=both_inline("cli.sheet.option.out"))
@click.option(
    "--kind",
    type=click.Choice(["boundary", "position"]),
    default="boundary",
    show_default=True,
    help=both_inline("cli.sheet.option.kind"),
)
@click.option("--svg", is_flag=True, help=both_inline("cli.sheet.option.svg"))
@click.option("--name", default="", help=both_inline("cli.sheet.option.name"))
@click.option("--mode", "modes", multiple=True, help=both_inline("cli.sheet.option.mode"))
@click.option("--code", default="", help=both_inline("cli.sheet.option.code"))
@click.option("--organisation", default="", help=both_inline("cli.sheet.option.organisation"))
@click.option("--surveyor", default="", help=both_inline("cli.sheet.option.surveyor"))
@click.option("--drafter", default="", help=both_inline("cli.sheet.option.drafter"))
@click.option("--date", "day", type=DAY, help=both_inline("cli.sheet.option.date"))
@click.option("--approval", default="", help=both_inline("cli.sheet.option.approval"))
@click.option("--no-coast", is_flag=True, help=both_inline("cli.sheet.option.coast"))
@file_options
@shared_options
def command(file: Path, out: Path, svg: bool, json_wanted: bool, lang: Literal["zh", "en"], **given: Any) -> int:
    """Read, ask for what the file leaves open, settle, draw, write."""
    reading = read(Upload(file.name, file.read_bytes()), choices_of(given))
    if reading.questions:
        asked_all = [question_block(question, lang) for question in reading.questions]
        emit(_open_json(asked_all), questions_in_words(reading, lang), json_wanted)
        return Exit.MISSING
    if len(reading.shapes) > 1:
        asked = _which_parcel(len(reading.shapes), lang)
        emit(_open_json([asked]), f"{asked['text']} {asked['mend']}", json_wanted)
        return Exit.MISSING
    settled = drafted(reading.shapes[0])
    if isinstance(settled, Refusal):
        raise settled
    request = _request(settled, given, lang)
    told = _written(request, out, svg)
    emit(told, text("cli.sheet.written", lang, **{name: told[name] for name in SAID}), json_wanted)
    return Exit.DONE


SAID = ("path", "pages", "scale", "area_ha", "hash")


def _open_json(questions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Nothing was drawn; `choices[]` says what is open."""
    return {
        "path": None,
        "missing": [question["id"] for question in questions],
        "choices": list(questions),
        "exit_code": int(Exit.MISSING),
    }


def _which_parcel(count: int, lang: str) -> dict[str, Any]:
    """A sheet shows one parcel: which of the file's?"""
    return {
        "id": "parcel",
        "code": "cli.sheet.several",
        "option": "--parcel",
        "text": text("cli.sheet.several", lang, count=count),
        "mend": text("cli.sheet.several.mend", lang, count=count),
        "values": [
            {"option": "--parcel", "value": str(at), "label": text("cli.sheet.parcel", lang, number=at)}
            for at in range(1, count + 1)
        ],
    }


def _request(settled: Drafted, given: dict[str, Any], lang: Literal["zh", "en"]) -> sheets.SheetRequest:
    """What goes on the sheet: words from the options, geometry from the file, modes in the words of the rule book."""
    boundary, day = settled.boundary, given["day"]
    if boundary is None:
        raise Refusal("draft.boundary_blocked", settled.all_findings)
    return sheets.SheetRequest(
        boundary=boundary,
        kind=given["kind"],
        project=given["name"],
        unit_names=settled.unit_names,
        unit_modes=_modes(settled, given, packaged(), lang),
        parcel_code=given["code"],
        map_approval=given["approval"],
        surroundings=sheets.Surroundings() if given["no_coast"] else _sample_coast(boundary, lang),
        signatures=sheets.Signatures(
            organisation=given["organisation"],
            surveyor=given["surveyor"],
            drafter=given["drafter"],
            drawn_on=day.date() if day else None,
        ),
        # Only the register's own issuer may drop the mark; a sheet from a file is never more than a sample.
        is_sample=True,
        lang=lang,
    )


def _modes(settled: Drafted, given: dict[str, Any], book: RuleBook, lang: str) -> tuple[str, ...]:
    """The use mode of each unit in words; a wrong code is refused as `haiyu check` would say it."""
    draft = build_draft(settled, {"mode": list(given["modes"])} if given["modes"] else {}, book)
    wrong = [finding for finding in draft.findings if finding.facts.get("field") == "mode"]
    if wrong:
        raise Refusal(wrong[0].code, wrong, **wrong[0].facts)
    return mode_words(draft.unit_modes, book, lang)


def _sample_coast(boundary: Boundary, lang: str) -> sheets.Surroundings:
    """The packaged sample coast near the parcel, marked as unverified; none where the sample has none."""
    west, south, east, north = (value / MS_PER_DEGREE for value in boundary.bounds)
    box = shapely.box(west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES)
    land = [part for part in coast.land() if shapely.intersects(part, box)]
    if not land:
        return sheets.Surroundings()
    shores: dict[str, list[Any]] = {"natural": [], "artificial": []}
    for stretch in coast.shoreline():
        shores[stretch.kind].append(stretch.line)
    return sheets.Surroundings(
        land=_ms(shapely.MultiPolygon(land)),
        shorelines=(
            sheets.Shoreline(geometry=_ms(shapely.MultiLineString(shores["natural"])), kind="natural"),
            sheets.Shoreline(geometry=_ms(shapely.MultiLineString(shores["artificial"])), kind="artificial"),
        ),
        note=text("cli.sheet.coast_note", lang, source=coast.ATTRIBUTION),
    )


def _ms(geometry: Any) -> Any:
    """Degrees as milliseconds of arc."""
    return shapely.transform(geometry, lambda degrees: np.rint(degrees * MS_PER_DEGREE))


def _written(request: sheets.SheetRequest, out: Path, svg: bool) -> dict[str, Any]:
    """Write the files and say what they are; `hash` names the boundary, `digest` is the PDF's own SHA-256."""
    sheet = sheets.compose(request)
    pdf = printing.printed(sheet)
    drawings = printing.pages_as_svg(sheet) if svg else ()
    paths = [out.with_name(f"{out.stem}{'' if at == 1 else f'-{at}'}.svg") for at in range(1, len(drawings) + 1)]
    try:
        out.write_bytes(pdf)
        for path, drawing in zip(paths, drawings, strict=True):
            path.write_bytes(drawing)
    except OSError as fault:
        raise Refusal("cli.sheet.not_written", path=str(fault.filename or out), said=fault.strerror) from fault
    return {
        "path": str(out),
        "svg": [str(path) for path in paths],
        "kind": request.kind,
        "pages": printing.page_count(sheet),
        "scale": sheet.scale,
        "hash": request.boundary.hash,
        "digest": hashlib.sha256(pdf).hexdigest(),
        "area_ha": f"{request.boundary.area:.4f}",
        "central_meridian": f"{request.boundary.central_meridian}",
        "points": len(request.boundary.points),
        "exit_code": int(Exit.DONE),
    }
