"""The pages: every command line on them can be typed, every link leads somewhere, and nothing they name is missing."""

from __future__ import annotations

import importlib
import inspect
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from api.cli import COMMANDS, cli
from api.cli.rooms import all_metadata
from tests.browser import pictures, portal_gallery
from tests.browser.portal_gallery import shots

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SHOWN = re.compile(r"^(?:    |\s*\$ )(?:\.venv/bin/)?haiyu (.+)$")
SAID = re.compile(r"`(?:[A-Z_]+=\S+ )?haiyu ([a-z][^`]*)`")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def committed() -> list[Path]:
    """The files of the repository as git knows them, or all of the rooms where there is no git."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() if done.returncode == 0 else []
    rooms = ("api", "approvals", "maps", "parcels", "marine", "data", "tests", "docs")
    found = [ROOT / name for name in names] or [path for room in rooms for path in (ROOT / room).rglob("*")]
    return [path for path in found if path.is_file()]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M):
        words = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        found.add(words.replace(" ", "-"))
    return found


def links() -> Iterator[tuple[Path, str]]:
    """Every relative link of every page."""
    for page in PAGES:
        without_code = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
        for target in LINK.findall(without_code):
            if not re.match(r"[a-z]+:", target):
                yield page, target


def command_lines() -> Iterator[tuple[str, str]]:
    """Every line of the pages that shows a call of `haiyu`, with the deeper lines that continue it."""
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            shown = SHOWN.match(line)
            if shown is None:
                continue
            told = shown[1]
            for further in lines[at + 1 :]:
                if not re.match(r"\s{12,}\S", further):
                    break
                told += " " + further.strip()
            yield name_of(page), told


def command_of(words: list[str]) -> tuple[click.Command, list[str], click.Context]:
    """The command that the first words name, what is left of them, and its context."""
    found: click.Command = cli
    context = click.Context(cli, info_name="haiyu")
    while isinstance(found, click.Group):
        word = words.pop(0)
        below = found.get_command(context, word)
        assert below is not None, f"no command {word}"
        found, context = below, click.Context(below, parent=context, info_name=word)
    return found, words, context


def options_of(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}


@pytest.mark.parametrize(("page", "line"), sorted(set(command_lines())))
def test_every_command_line_on_the_pages_can_be_typed(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that it names are there; options in brackets exist; values are of their kind. Nothing is run."""
    monkeypatch.chdir(tmp_path)
    optional = re.findall(r"\[([^\]]*)\]", line)
    words = shlex.split(re.sub(r"\[[^\]]*\]", "", line))
    for word in words:
        if word == "FILE" or re.search(r"\.(csv|gpkg|zip|pdf|geojson|xlsx)$", word):
            (tmp_path / word).touch()
    command, rest, context = command_of(words)
    for name in re.findall(r"--[a-z-]+", " ".join(optional)):
        assert name in options_of(command), f"{page}: {line}"
    command.make_context(context.info_name, rest, parent=context.parent)


def test_every_command_named_in_a_sentence_exists() -> None:
    named = 0
    for page in PAGES:
        for said in SAID.findall(page.read_text(encoding="utf-8")):
            words = re.split(r"\s+", said)
            if words[0] not in COMMANDS:
                raise AssertionError(f"{name_of(page)}: haiyu {said}")
            found = cli.get_command(click.Context(cli), words[0])
            if isinstance(found, click.Group) and len(words) > 1 and re.fullmatch(r"[a-z|]+", words[1]):
                assert set(words[1].split("|")) <= set(found.commands), said
            known = options_of(found) if found else set()
            if isinstance(found, click.Group):
                known |= {option for leaf in found.commands.values() for option in options_of(leaf)}
            assert set(re.findall(r"--[a-z-]+", said)) <= known, f"{name_of(page)}: haiyu {said}"
            named += 1
    assert named > 10


def test_every_task_of_make_on_the_pages_exists() -> None:
    tasks = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.M))
        assert named <= tasks, f"{name_of(page)}: {named - tasks}"


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for page, target in links():
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            broken.append(f"{name_of(page)}: {target}")
    assert broken == []


def test_every_page_is_reached_from_the_readme_or_the_map_of_the_house() -> None:
    reached = {
        (page.parent / target.partition("#")[0]).resolve()
        for page, target in links()
        if name_of(page) in ("README.md", "docs/architecture.md")
    }
    assert {name_of(page) for page in PAGES if page not in reached} <= {"README.md"}


def test_every_page_that_a_source_or_page_names_exists() -> None:
    """A docstring cited a paper that had never been in the repository, and its rule could not be looked up."""
    # The page of procedures comes with the cases, whose first sources already point to it.
    known = {page.name for page in PAGES} | {"README.md", "procedures.md"}
    missing = []
    for path in committed():
        if path.suffix in (".py", ".sql", ".yaml", ".md", ".js", ".css") and path.name != "test_docs.py":
            named = {name.lower() for name in re.findall(r"\b([a-zA-Z-]+\.md)\b", path.read_text(encoding="utf-8"))}
            missing += [f"{name_of(path)}: {name}" for name in named - {name.lower() for name in known}]
    assert missing == []


def test_every_schema_is_on_the_page_of_commands_and_the_other_way_round() -> None:
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert set(re.findall(r"schemas/([a-z_]+\.json)", page)) == {
        path.name for path in (ROOT / "docs/schemas").glob("*.json")
    }


def test_the_page_of_commands_has_a_section_and_every_option_of_each_command() -> None:
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^##+ ([a-z]+)\n(.*?)(?=^##|\Z)", page, re.M | re.S))
    assert set(COMMANDS) <= set(sections)
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        leaves = list(found.commands.values()) if isinstance(found, click.Group) else [found]
        for leaf in leaves:
            told = {"--json", "--lang", "--help", "-h"} | set(re.findall(r"--[a-z-]+", sections[name]))
            assert {option for option in options_of(leaf) if option.startswith("--")} <= told, f"{name} {leaf.name}"


def test_the_tables_on_the_page_are_those_of_the_house() -> None:
    page = (ROOT / "docs/register.md").read_text(encoding="utf-8")
    kept = page.partition("## 7.")[2]
    named = {name for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|", kept, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(all_metadata().tables)


SEAMS = re.findall(r"^- `([\w.]+)\((.*?)\)` →", (ROOT / "docs/seams.md").read_text(encoding="utf-8"), re.M)


def found(name: str) -> Any:
    """What a dotted name stands for: an attribute before a module of the same name."""
    parts = name.split(".")
    at: Any = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], 2):
        at = getattr(at, part) if hasattr(at, part) else importlib.import_module(".".join(parts[:number]))
    return at


def signature_of(name: str) -> str:
    """The parameters as the page of seams writes them."""
    told, stars = [], {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    for parameter in inspect.signature(found(name)).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not any(word.startswith("*") for word in told):
            told.append("*")
        default = "" if parameter.default is parameter.empty else "=…"
        told.append(f"{stars.get(parameter.kind, '')}{parameter.name}{default}")
    return ", ".join(told)


@pytest.mark.parametrize(("name", "parameters"), SEAMS)
def test_every_seam_on_the_page_is_as_the_code_has_it(name: str, parameters: str) -> None:
    """Two rooms were built against a page; one had moved, and the other learned of it in production."""
    assert signature_of(name) == parameters


def test_every_test_that_the_evidence_names_exists() -> None:
    page = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    paths = {
        path for told in re.findall(r"T=\"?((?:tests/\S+ ?)+)", page) for path in re.findall(r"tests/[\w/.]+", told)
    }
    assert len(paths) > 20
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    for name in re.findall(r"`(test_\w+)`", page):
        assert any(f"def {name}(" in path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def test_every_page_of_the_portal_has_its_pictures_and_each_is_small() -> None:
    """A page without its picture was never looked at; a repository of large pictures is slow to clone."""
    wanted = {shot.name for shot in shots([])}
    found = {path.name: path.stat().st_size for path in portal_gallery.FOLDER.glob("*.png")}
    assert set(found) == wanted
    large = [path.name for path in pictures.FOLDER.rglob("*.png") if path.stat().st_size > pictures.MOST_BYTES]
    assert large == []
