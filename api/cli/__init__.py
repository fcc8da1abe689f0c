"""The command line `haiyu`: one file per command, imported only when it is called.

The only room that imports all rooms; `rooms.py` says which.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from typing import Any

import click

from api.cli.output import Exit, both, both_inline, show_fault, show_refusal
from api.cli.usage import said_in_each
from data.answers import Refusal
from data.messages import text

# Each name is a module of this folder that exports `command`; its help is the message `cli.<name>.help`.
COMMANDS = (
    "serve",
    "work",
    "jobs",
    "demo",
    "db",
    "load",
    "check",
    "sheet",
    "fee",
    "clock",
    "code",
    "rules",
    "account",
    "permissions",
    "issuer",
    "verify",
)


class LazyCommands(click.Group):
    """A group that imports a command when it is called: `haiyu fee` must not wait for the map libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return [name for name in COMMANDS if importlib.util.find_spec(f"api.cli.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's module, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = importlib.import_module(f"api.cli.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the messages alone."""
        rows = [(name, both_inline(f"cli.{name}.help")) for name in self.list_commands(ctx)]
        with formatter.section(both_inline("cli.commands")):
            formatter.write_dl(rows)


@click.command(
    cls=LazyCommands,
    help=both("cli.help"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(package_name="haiyu", prog_name="haiyu")
def cli() -> None:
    """The group itself does nothing."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error ends here, told in a known shape."""
    json_wanted, lang = "--json" in arguments, _language(arguments)
    try:
        answer: Any = cli.main(args=list(arguments), prog_name="haiyu", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        click.echo(text("cli.stopped", lang), err=True)
        return Exit.OUR_FAULT
    except click.ClickException as wrong:
        if not json_wanted and isinstance(wrong, click.UsageError) and wrong.ctx is not None:
            click.echo(wrong.ctx.get_usage(), err=True)
        show_refusal(Refusal("cli.wrong_usage", said=said_in_each(wrong)), json_wanted, lang)
        return Exit.WRONG_USAGE
    except Refusal as refusal:
        return show_refusal(refusal, json_wanted, lang)
    except BrokenPipeError:
        # The reader of our output (such as `head`) has gone; there is nobody left to tell.
        sys.stderr.close()
        return Exit.DONE
    except Exception as fault:
        return show_fault(fault, json_wanted, lang)
    return int(answer) if isinstance(answer, int) else Exit.DONE


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, for errors that arise before options are read."""
    for index, argument in enumerate(arguments):
        if argument == "--lang=en" or (argument == "--lang" and list(arguments[index + 1 : index + 2]) == ["en"]):
            return "en"
        if argument == "--lang=zh" or (argument == "--lang" and list(arguments[index + 1 : index + 2]) == ["zh"]):
            return "zh"
    from api.settings import Settings

    return Settings().lang


def main() -> None:
    """The console script: whatever the locale says, we speak UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
