"""`haiyu permissions`: the table of who may do what, as it is in force; no database is needed."""

from __future__ import annotations

import click

from api.cli.output import Exit, both, emit, shared_options
from api.permissions import Permissions, Row, packaged_permissions
from data import messages

# Wide enough for the longest act; what is Chinese comes last on its line, where no column follows.
ACT_WIDTH, LONGEST_CELL = 26, 5


@click.command(help=both("cli.permissions.help"))
@shared_options
def command(json_wanted: bool, lang: str) -> int:
    """Act by act: which role, in which relation to the object."""
    table = packaged_permissions()
    payload = {
        "roles": {role: dict(names) for role, names in table.roles.items()},
        "relations": {relation: dict(names) for relation, names in table.relations.items()},
        "acts": [_payload(row) for row in table.rows.values()],
    }
    emit(payload, _readable(table, lang), json_wanted)
    return Exit.DONE


def _payload(row: Row) -> dict[str, object]:
    return {
        "act": row.act,
        "name": {"zh": row.zh, "en": row.en},
        "may": {role: sorted(relations) for role, relations in row.may.items()},
        "seen_by": row.seen_by,
    }


def _readable(table: Permissions, lang: str) -> str:
    """A matrix of acts and roles; the relations stand in its cells, the name of the act at the end of its line."""
    heads = {part: messages.text(f"cli.permissions.{part}", lang) for part in ("roles", "relations", "acts")}
    legends = [
        heads[part] + "; ".join(f"{name} {names[lang]}" for name, names in told.items())
        for part, told in (("roles", table.roles), ("relations", table.relations))
    ]
    columns = {role: max(len(role), LONGEST_CELL) for role in table.roles}
    head = " ".join([f"{'':<{ACT_WIDTH}}", *(f"{role:<{width}}" for role, width in columns.items())])
    lines = [
        " ".join([f"{row.act:<{ACT_WIDTH}}", *(f"{_cell(row, role):<{width}}" for role, width in columns.items())])
        + f" {row.en if lang == 'en' else row.zh}"
        for row in table.rows.values()
    ]
    return "\n".join([*legends, heads["acts"], head, *lines])


def _cell(row: Row, role: str) -> str:
    return "+".join(sorted(row.may.get(role, ()))) or "-"
