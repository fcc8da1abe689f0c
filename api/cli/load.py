"""`haiyu load`: bring a whole register, a zone layer, a shoreline or places in from one file."""

from __future__ import annotations

import getpass
import shutil
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from api.cli.output import Exit, both, both_inline, emit, progress, shared_options, tell, told_in
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.settings import Settings
from data import messages
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.overlay import book_in_force
from data.store import engine_for, sessions
from parcels.loading import runs
from parcels.loading.columns import ColumnMap, column_map, read_map
from parcels.loading.runs import LoadReport, Publication
from parcels.loading.tables import FeatureTable, read_table
from parcels.parties import PartyKeys
from parcels.publishing import LayerDraft

TARGETS = ("rights", "zones", "shoreline", "land", "places")


@click.command(help=both("cli.load.help"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "target", type=click.Choice(TARGETS), required=True, help=both_inline("cli.load.as"))
@click.option("--layer", help=both_inline("cli.load.layer"))
@click.option("--crs", help=both_inline("cli.load.crs"))
@click.option("--axis", type=click.Choice(["lonlat", "latlon"]), help=both_inline("cli.load.axis"))
@click.option("--encoding", help=both_inline("cli.load.encoding"))
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help=both_inline("cli.load.map"))
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help=both_inline("cli.load.set"))
@click.option("--map-file", type=click.Path(path_type=Path), help=both_inline("cli.load.map_file"))
@click.option("--code", help=both_inline("cli.load.code"))
@click.option("--name", help=both_inline("cli.load.name"))
@click.option("--name-en", help=both_inline("cli.load.name_en"))
@click.option("--office", help=both_inline("cli.load.office"))
@click.option(
    "--disclosure",
    type=click.Choice(["public", "outline", "officer", "sealed"]),
    default="public",
    help=both_inline("cli.load.disclosure"),
)
@click.option("--accuracy", type=float, default=0.1, help=both_inline("cli.load.accuracy"))
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help=both_inline("cli.load.from"))
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help=both_inline("cli.load.to"))
@click.option("--cite", help=both_inline("cli.load.cite"))
@click.option("--approved-by", help=both_inline("cli.load.approved_by"))
@shared_options
def command(file: Path, target: str, json_wanted: bool, lang: str, **given: Any) -> int:
    """Read, settle the column map, load, and tell feature by feature what was odd."""
    settings = Settings()
    table = read_table(file, layer=given["layer"], crs=given["crs"], axis=given["axis"], encoding=given["encoding"])
    names = _names(target, table, given)
    databases = open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    factory = sessions(engine_for(databases.app, pooled=False))

    def opened() -> AbstractContextManager[Session]:
        return factory()

    label = messages.text("cli.load.progress", lang, file=file.name)
    with progress(label, len(table)) as advanced:
        report = _load(settings, opened, table, names, target, given, advanced)
    # Only what was loaded is kept: a refused file leaves nothing behind.
    _keep_original(settings, file, table.digest)
    emit(_payload(report), _readable(report, file, lang), json_wanted)
    return Exit.REFUSED_FILE if report.adopted == 0 and report.features else Exit.DONE


def _load(
    settings: Settings,
    opened: Any,
    table: FeatureTable,
    names: ColumnMap,
    target: str,
    given: dict[str, Any],
    heard: Any,
) -> LoadReport:
    actor = Actor.administrator()
    if target == "rights":
        with opened() as session:
            book = book_in_force(session)
        keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
        today = legal_day(datetime.now(UTC))
        return runs.load_rights(opened, table, names, actor=actor, keys=keys, book=book, today=today, heard=heard)
    if target == "places":
        return runs.load_places(opened, table, names, actor=actor, heard=heard)
    return runs.load_zones(opened, table, names, target, _publication(target, table, given), actor=actor, heard=heard)


def _names(target: str, table: FeatureTable, given: dict[str, Any]) -> ColumnMap:
    columns, constants = read_map(given["map_file"]) if given["map_file"] else ({}, {})
    columns |= dict(_pair(pair) for pair in given["pairs"])
    constants |= dict(_pair(pair) for pair in given["constants"])
    return column_map(target, list(table.columns), columns, constants)


def _pair(text: str) -> tuple[str, str]:
    field, sign, value = text.partition("=")
    if not sign or not field.strip():
        raise click.UsageError(f"{text}: FIELD=VALUE")
    return field.strip(), value.strip()


def _publication(target: str, table: FeatureTable, given: dict[str, Any]) -> Publication:
    if not given["code"] or not given["name"]:
        raise Refusal("load.layer_needed")
    layer = LayerDraft(
        code=given["code"],
        kind="zones" if target == "zones" else target,
        name_zh=given["name"],
        name_en=given["name_en"] or given["name"],
        office_zh=given["office"],
        office_en=given["office"],
        disclosure=given["disclosure"],
        accuracy_m=max(0.1, given["accuracy"]),
    )
    return Publication(
        layer=layer,
        source=f"{table.name} {table.digest[:19]}",
        proposed_by=getpass.getuser(),
        approved_by=given["approved_by"],
        first=_day(given["first"]),
        last=_day(given["last"]),
        cite=given["cite"],
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _keep_original(settings: Settings, file: Path, digest: str) -> None:
    """The original bytes stay, by digest, whatever becomes of the file."""
    kept = settings.home / "files" / digest.partition("#")[0].replace(":", "-")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".part")
        shutil.copyfile(file, partial)
        partial.rename(kept)


def _payload(report: LoadReport) -> dict[str, Any]:
    return {
        "run": report.run,
        "as": report.target,
        "was_finished": report.was_finished,
        "features": report.features,
        "adopted": report.adopted,
        "refused": report.refused,
        "overlaps": dict(report.overlaps),
        "unused_columns": list(report.unused_columns),
        "version": report.version,
        "published": report.published,
        "told": [
            {"feature": number, "outcome": outcome, "findings": findings} for number, outcome, findings in report.told
        ],
    }


def _readable(report: LoadReport, file: Path, lang: str) -> str:
    state = "again" if report.was_finished else "done"
    facts = {"file": file.name, "run": report.run, "adopted": report.adopted, "refused": report.refused}
    lines = [messages.text(f"cli.load.{state}", lang, **facts)]
    for number, _, findings in report.told[:40]:
        lines += [f"  {number}: {_sentence(finding, lang)}" for finding in findings]
    if len(report.told) > 40:
        lines.append(messages.text("cli.load.more", lang, count=len(report.told) - 40))
    if report.overlaps:
        worst = {word: count for word, count in report.overlaps.items() if count}
        told = ", ".join(f"{messages.text(f'grade.{word}', lang)} {count}" for word, count in worst.items())
        lines.append(messages.text("cli.load.overlaps", lang, found=told or "0"))
    if report.version is not None:
        text = "cli.load.published" if report.published else "cli.load.draft"
        lines.append(messages.text(text, lang, version=report.version))
    return "\n".join(lines)


def _sentence(finding: dict[str, Any], lang: str) -> str:
    facts = {name: value for name, value in finding.items() if name not in ("code", "facts")} | finding.get("facts", {})
    return told_in(finding["code"], lang, facts)
