"""Pages of the administrator: accounts and posts, the queue of jobs, the state of the installation, procedures as they run."""

from __future__ import annotations

import importlib.metadata
import shutil
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.gates import act
from api.jobs import state
from api.people import passwords, queries
from api.permissions import packaged_permissions
from api.portal.shell import InShell, Shell
from api.schemas.people import account_json
from approvals.library import packaged
from data.migrate import current, head

router = APIRouter(include_in_schema=False)
MOST_ACCOUNTS, MOST_JOBS = 500, 100
GIGABYTE = 1_000_000_000


@router.get("/users")
@act("account.see")
def users(request: Request, shell: InShell, q: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Who may do what? Accounts with their posts, found by name or login; new ones, posts given and taken back."""
    values = _accounts(shell, q.strip())
    if request.headers.get("hx-target") == "user-list":
        return shell.fragment("administration/user_list.html", **values)
    asked = ("portal.users.take.ask", "portal.users.sign_out.ask", "portal.users.disable.ask")
    return shell.show("administration/users.html", script_texts=asked, **values)


@router.get("/jobs")
@act("system.see")
def jobs(request: Request, shell: InShell) -> Response:
    """Does anything wait unseen? The queue by state, failed jobs with what they are about; looked at again every few seconds."""
    values: dict[str, Any] = {
        "queue": state.queue_state(shell.session),
        "lines": state.jobs(shell.session, ["failed", "running", "waiting"], most=MOST_JOBS),
        "may_retry": "administrator" in shell.works.actor.roles,
    }
    if request.headers.get("hx-target") == "job-list":
        return shell.fragment("administration/job_list.html", **values)
    return shell.show("administration/jobs.html", **values)


@router.get("/system")
@act("system.see")
def system(request: Request, shell: InShell) -> Response:
    """Is the installation well? Database, rule book, holiday tables, disc, papers, versions."""
    values: dict[str, Any] = {"facts": _facts(shell)}
    if request.headers.get("hx-target") == "system-facts":
        return shell.fragment("administration/system_facts.html", **values)
    return shell.show("administration/system.html", **values)


@router.get("/templates")
@act("system.see")
def templates(shell: InShell) -> Response:
    """Procedures as they run: steps, roles, limits, silence, basis."""
    rule_names = {rule: str(getattr(told, shell.lang)) for rule, told in shell.works.book.rules.items()}
    return shell.show(
        "administration/templates.html", templates=list(packaged().templates.values()), rule_names=rule_names
    )


def _accounts(shell: Shell, words: str) -> dict[str, Any]:
    found = queries.accounts_after(shell.session, 0, MOST_ACCOUNTS)
    posts = queries.posts_on(shell.session, [account.id for account in found], shell.today)
    rows = [account_json(account, posts.get(account.id, []), shell.lang) for account in found]
    if words:
        rows = [row for row in rows if words.casefold() in f"{row['login']} {row['name']}".casefold()]
    roles = packaged_permissions().roles
    offered = [
        (role, roles[role][shell.lang])
        for role in ("steward", "window", "reviewer", "approver", "registrar", "planner", "administrator")
    ]
    return {"accounts": rows, "q": words, "roles": offered, "places": _places(shell), "least": passwords.LEAST}


def _places(shell: Shell) -> list[tuple[str, str]]:
    """Counties and cities of the rule book by code, as a post takes them."""
    found = queries.places_with_codes(shell.session, shell.today)
    return [(code, (en or zh) if shell.lang == "en" else zh) for code, zh, en in found]


def _facts(shell: Shell) -> list[dict[str, Any]]:
    """One line each: what it is, how it stands, and whether that is well."""
    session, book = shell.session, shell.works.book
    at = current(session.connection())
    queue = state.queue_state(session)
    free = shutil.disk_usage(shell.home.settings.home).free
    years = [
        int(dict(cell.keys)["year"]) for cell in book.cells if cell.rule == "calendar.year" and cell.status == "known"
    ]
    return [
        {"name": "database", "value": at or "–", "well": at == head()},
        {"name": "workers", "value": str(queue.workers), "well": queue.workers > 0},
        {"name": "failed", "value": str(queue.failed), "well": queue.failed == 0},
        {"name": "rules", "value": book.hash[:16], "well": not book.stale},
        {"name": "holidays", "value": f"{min(years)}–{max(years)}", "well": shell.today.year in years},
        {"name": "disc", "value": f"{free / GIGABYTE:,.1f} GB", "well": free > GIGABYTE},
        {"name": "version", "value": importlib.metadata.version("haiyu"), "well": True},
    ]
