"""The gate before every route: each names its act, and whoever may not do that with any object is turned away at once.

    @router.post("/cases")
    @act("case.open")
    def open_case(…): …

The object itself is judged in the route, by `permissions.demand`, once it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from api.deps import Asker
from api.permissions import packaged_permissions
from data.answers import Refusal

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
ATTRIBUTE = "haiyu_act"


def act(name: str) -> Callable[[Endpoint], Endpoint]:
    """Name the act of an endpoint; stands directly above the function, beneath the router's decorator."""

    def named(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, ATTRIBUTE, name)
        return endpoint

    return named


def act_of(endpoint: Any) -> str | None:
    """The act that an endpoint names; None where it names none."""
    return getattr(endpoint, ATTRIBUTE, None)


async def gate(request: Request, by: Asker) -> None:
    """Turn away who may not do the route's act with any object: 401 where nobody is signed in, else 403."""
    name = act_of(request.scope["endpoint"])
    if name is None:
        raise RuntimeError(f"the route {request.url.path} names no act")
    if not packaged_permissions().may_ask(by, name):
        raise Refusal("problems.sign_in" if by.person is None else "problems.not_yours")


def routes_with_acts(app: FastAPI) -> Iterator[tuple[str, str, str | None]]:
    """Every route of ours as method, path and act; files of the page and the machine's description are no acts."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            for method in sorted(context.methods or ()):
                yield method, str(context.path), act_of(context.endpoint)


def check_acts(app: FastAPI) -> None:
    """Keep the server from starting where a route names no act or an act without a row, or a row is named by no route."""
    rows, routes = packaged_permissions().rows, list(routes_with_acts(app))
    wrong = [f"{method} {path}: {name}" for method, path, name in routes if name not in rows]
    if wrong:
        raise RuntimeError(f"routes whose act has no row in data/people/permissions.yaml: {wrong}")
    # A permission that nothing uses is a mistake somewhere: the row or the route.
    unused = sorted(rows.keys() - {name for _, _, name in routes})
    if unused:
        raise RuntimeError(f"rows in data/people/permissions.yaml that no route names: {unused}")
