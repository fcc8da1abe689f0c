"""House rules that a linter lacks, each with the story of the fault that it prevents."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from data import messages

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "approvals", "maps", "parcels", "marine", "data")
LONGEST = 400


def committed_or_new(*suffixes: str) -> list[Path]:
    """The files of the repository with these endings: as git knows them, or all but what can be rebuilt where there is no git."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        found = [ROOT / name for name in done.stdout.splitlines()]
    else:
        found = [
            path
            for path in ROOT.rglob("*")
            if not {".venv", ".haiyu", ".git", "node_modules", "__pycache__"} & set(path.relative_to(ROOT).parts)
        ]
    return [path for path in found if path.name.endswith(suffixes) and path.is_file()]


def sources() -> list[Path]:
    """The Python sources of the rooms."""
    return [path for path in committed_or_new(".py") if path.relative_to(ROOT).parts[0] in ROOMS]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a source, with the dotted name of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    """A 2,000-line handler hid two ways to grant; nobody had read it whole."""
    long = {
        name_of(path): n
        for path in committed_or_new(".py", ".sql", ".js", ".css", ".html")
        if (n := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_locks_end_with_their_transaction() -> None:
    """A session-level advisory lock survived ROLLBACK on a pooled connection, and the next request on it passed as the holder."""
    forbidden = re.compile(r"pg_(?:try_)?advisory_lock(?:_shared)?\s*\(")
    found = [
        name_of(path)
        for path in committed_or_new(".py", ".sql")
        if path.relative_to(ROOT).parts[0] in ROOMS and forbidden.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_environment_is_read_in_one_place() -> None:
    """A module read a variable at import; the test that set it later tested the old value for a year."""
    found = []
    for path in sources():
        if name_of(path) == "api/settings.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}:
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    """An administrator set a variable that had been renamed; nothing said that it was ignored."""
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M))
    known = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        known.add(str(alias.choices[0]) if alias is not None and hasattr(alias, "choices") else f"HAIYU_{name.upper()}")
    assert documented == known


def test_every_default_in_the_settings_page_is_the_real_one() -> None:
    page = dict(
        re.findall(
            r"^\| `HAIYU_([A-Z_]+)` \| `([^`]+)` \|", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M
        )
    )
    for name, told in page.items():
        assert told == str(Settings.model_fields[name.lower()].default).replace(str(ROOT) + "/", ""), name


def test_pages_load_nothing_from_elsewhere() -> None:
    """A government network has no way out: the map stayed grey because one script came from a CDN."""
    loads = re.compile(
        r"""(?:src|href|url|from|import)\s*[=(]?\s*["'(]\s*(?:https?:)?//(?!127\.0\.0\.1|localhost)[a-z0-9.-]+""", re.I
    )
    found = []
    for path in committed_or_new(".html", ".css", ".js", ".mjs", ".jinja", ".j2"):
        if path.relative_to(ROOT).parts[0] not in ROOMS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if loads.search(line) and "w3.org" not in line and not re.search(r"<a\s", line):
                found.append(f"{name_of(path)}:{number}")
    assert found == []


def test_no_python_source_names_a_cdn() -> None:
    """folium's own defaults point at four of them."""
    hosts = re.compile(r"cdn\.jsdelivr|cdnjs|unpkg\.com|code\.jquery|maxcdn|googleapis|openstreetmap\.org/\{")
    assert [name_of(path) for path in sources() if hosts.search(path.read_text("utf-8"))] == []


def test_only_the_command_line_prints() -> None:
    """A `print` in a checker put a line before the JSON that a script was reading."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        if not name_of(path).startswith("api/cli/")
        for name, node in calls(path)
        if name == "print"
    ]
    assert found == []


def test_legal_days_are_computed_in_one_place() -> None:
    """Between midnight and eight in Beijing the UTC date is yesterday: an application filed at 07:30 was a day late."""
    # A bound day (`%(day)s::date`) is a day already; anything else before the cast may be an instant.
    sql = re.compile(r"(?<!\)s)::\s*date\b(?!range)|\bCURRENT_DATE\b|\bnow\(\)\s*::", re.I)
    python = {"date.today", "datetime.date.today", "datetime.now", "datetime.utcnow", "datetime.today"}
    found = []
    for path in sources():
        if name_of(path).startswith(("data/clock.py", "data/migrations/")):
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"{name_of(path)}: {match.group()}" for match in sql.finditer(text)]
        for name, node in calls(path):
            if name in python and not (name == "datetime.now" and (node.args or node.keywords)):
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_nothing_below_the_doors_knows_what_time_it_is() -> None:
    """A replayed decision came out differently because one function asked the clock itself; time is handed down as `now`."""
    found = []
    for path in sources():
        if name_of(path).startswith(("api/", "data/clock.py")):
            continue
        found += [
            f"{name_of(path)}:{node.lineno}"
            for name, node in calls(path)
            if name in {"datetime.now", "time.time", "datetime.datetime.now"}
        ]
    assert found == []


def test_no_ring_is_repaired_in_silence() -> None:
    """ST_MakeValid in a reading query turned a bow-tie into two parcels, and the applicant never knew."""
    found = [
        name_of(path)
        for path in committed_or_new(".py", ".sql")
        if path.relative_to(ROOT).parts[0] in ROOMS and re.search(r"ST_MakeValid\s*\(", path.read_text("utf-8"), re.I)
    ]
    assert found == []


def test_every_room_says_in_its_first_paragraph_what_lives_there() -> None:
    """Whoever did not find the room for a new thing put it into `utils`."""
    for room in ROOMS:
        told = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
        assert told, room
        assert len(told) > 60, room
    assert [name_of(path) for path in sources() if path.stem in {"utils", "helpers", "common", "misc"}] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_what_it_holds(room: str) -> None:
    """A file without a first sentence gathers what its name does not say."""
    silent = [
        name_of(path)
        for path in sources()
        if path.relative_to(ROOT).parts[0] == room and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    """A "for now" from the first week was still in the third release."""
    # In quotes it is a word of data: the queue calls a job that waits 'todo'.
    words = re.compile(r"(?<!['\"])\b(?:TODO|FIXME|XXX|HACK)\b|\bfor now\b|暂时", re.I)
    found = {}
    for path in committed_or_new(".py", ".sql", ".js", ".html", ".css", ".sh"):
        if path == Path(__file__):
            continue
        lines = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words.search(line)]
        if lines:
            found[name_of(path)] = lines
    assert found == {}


def test_the_repository_names_no_folder_of_somebodys_machine() -> None:
    """A path of the author's home made every fresh clone fail on the first run."""
    homes = re.compile(r"/(?:home|Users|root)/[a-z]")
    found = [
        name_of(path)
        for path in committed_or_new(".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".json", ".js", "Makefile", "run")
        if path != Path(__file__) and homes.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_every_line_of_the_glossary_pairs_one_word_with_one_word() -> None:
    """Two words for one thing made two columns for one date."""
    lines = (ROOT / "data/glossary.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "english,chinese,meaning"
    rows = [line.split(",", 2) for line in lines[1:]]
    assert all(len(row) == 3 and all(part.strip() for part in row) for row in rows)
    english = [row[0] for row in rows]
    assert len(english) == len(set(english))
    assert english == sorted(english)


def test_no_form_of_a_script_is_sent_by_the_browser_itself() -> None:
    """Pressed before the scripts were there, a sign-in went out as a GET with the password in the address."""
    tags = re.compile(r"<form(?:[^>\"]|\"[^\"]*\")*>", re.S)
    forms = {
        f"{path.relative_to(ROOT)}: {tag[:90]}"
        for path in (ROOT / "api" / "pages").rglob("*.html")
        for tag in tags.findall(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S))
        if "action=" not in tag and 'method="dialog"' not in tag
    }
    assert forms == set()


def test_every_refusal_of_a_body_has_words_in_both_languages() -> None:
    """A `ValueError` of a schema reached Chinese readers as "Value error, give exterior …"; a kind of its own has a text."""
    kinds = set()
    for path in (ROOT / "api").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not ("schemas" in path.parts and "raise ValueError" in source), path
        kinds |= set(re.findall(r'PydanticCustomError\("(\w+)"', source))
    assert kinds
    assert sorted(kind for kind in kinds if not messages.has(f"problems.reason.{kind}")) == []
