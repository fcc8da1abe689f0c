"""`haiyu demo`: the sample world and real lease shapes, six stories from the form to their papers, and a map of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from api.cli.output import Exit, both, both_inline, emit, progress, shared_options, tell
from api.cli.rooms import all_metadata
from api.settings import Settings
from data import messages
from data.answers import Refusal
from data.messages import Language


@click.command(help=both("cli.demo.help"))
@click.option("--out", type=click.Path(path_type=Path), help=both_inline("cli.demo.out"))
@shared_options
def command(out: Path | None, json_wanted: bool, lang: Language) -> int:
    """Tell the stories, keep their papers, draw the map."""
    # Imported when stories are told: the help of a command must not wait for what serves, sets and signs.
    from api.demo import pictures
    from api.demo.playing import play_all, step_count
    from api.demo.stage import set_stage
    from api.logs import configure_logs

    settings = Settings()
    leaflet = settings.home / "static" / "vendor" / "leaflet"
    if not leaflet.is_dir():
        raise Refusal("cli.serve.no_browser_libraries")
    stage = set_stage(settings, all_metadata(), lambda code: tell(code, lang))
    configure_logs(stage.settings)
    folder = out or settings.home / "demo"
    with progress(messages.text("cli.demo.playing", lang), step_count()) as advanced:
        told = play_all(stage, folder, advanced)
    page, picture = pictures.draw(stage, told, folder, leaflet, lang)
    payload = {
        "adopted_leases": len(stage.leases),
        "acts": [{"code": code, **facts} for code, facts in told.lines],
        "html": str(page),
        "png": str(picture),
    }
    lines = [messages.text(code, lang, **_worded(facts, lang)) for code, facts in told.lines]
    if stage.leases:
        lines.insert(0, messages.text("cli.demo.leases_adopted", lang, count=len(stage.leases)))
    lines.append(messages.text("cli.demo.drawn", lang, html=page, png=picture))
    emit(payload, "\n".join(lines), json_wanted)
    return Exit.DONE


def _worded(facts: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """The facts that a line names, in one language."""
    plain = {name: value[lang] if isinstance(value, Mapping) else value for name, value in facts.items()}
    if "name" in plain:
        plain["name"] = messages.text(f"cli.demo.name.{plain['name']}", lang)
    return plain
