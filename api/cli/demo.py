"""`haiyu demo`: the sample world and real lease shapes, three stories, and a map of what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.cli.output import Exit, both, both_inline, emit, problem, progress, shared_options, tell, told_in
from api.cli.rooms import all_metadata
from api.demo import pictures, stories
from api.demo.stage import set_stage
from api.settings import Settings
from data import messages
from data.answers import Refusal
from parcels.checks.serial import finding_block


@click.command(help=both("cli.demo.help"))
@click.option("--out", type=click.Path(path_type=Path), help=both_inline("cli.demo.out"))
@shared_options
def command(out: Path | None, json_wanted: bool, lang: str) -> int:
    """Play the stories and draw them."""
    settings = Settings()
    leaflet = settings.home / "static" / "vendor" / "leaflet"
    if not leaflet.is_dir():
        raise Refusal("cli.serve.no_browser_libraries")
    stage = set_stage(settings, all_metadata(), lambda code: tell(code, lang))
    with progress(messages.text("cli.demo.playing", lang), 3) as advanced:
        told = stories.play(stage, advanced)
    page, picture = pictures.draw(stage, told, out or settings.home / "demo", leaflet, lang)
    payload = {
        "adopted_leases": len(stage.leases),
        "acts": [_plain(code, facts, lang) for code, facts in told.lines],
        "html": str(page),
        "png": str(picture),
    }
    lines = [_line(code, facts, lang) for code, facts in told.lines]
    if stage.leases:
        lines.insert(0, messages.text("cli.demo.leases_adopted", lang, count=len(stage.leases)))
    lines.append(messages.text("cli.demo.drawn", lang, html=page, png=picture))
    emit(payload, "\n".join(lines), json_wanted)
    return Exit.DONE


def _plain(code: str, facts: dict[str, Any], lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"code": code}
    for name, value in facts.items():
        if isinstance(value, Refusal):
            told[name] = problem(value.code, value.facts, value.findings)
        elif name == "finding":
            told[name] = finding_block(value, lang)
        else:
            told[name] = value
    return told


def _line(code: str, facts: dict[str, Any], lang: str) -> str:
    plain = dict(facts)
    if "refusal" in plain:
        refusal = plain.pop("refusal")
        plain["why"] = told_in(refusal.code, lang, refusal.facts)
    if "finding" in plain:
        block = finding_block(plain.pop("finding"), lang)
        plain["sentence"], plain["grade"] = block["text"], block["grade"]
    if "name" in plain:
        plain["name"] = messages.text(f"cli.demo.name.{plain['name']}", lang)
    if "grade" in plain:
        plain["grade"] = messages.text(f"grade.{plain['grade']}", lang)
    return messages.text(code, lang, **plain)
