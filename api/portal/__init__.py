"""The portal: pages for people, one area a module. Pages only show; every change goes through /api/v1 (docs/portal.md)."""

from api.portal import (
    administration,
    authorisations,
    case,
    deciding,
    design,
    editor,
    form,
    guide,
    help,
    inbox,
    messages,
    mine,
    notices,
    planner,
    progress,
    public,
    questions,
    register,
    rules,
    searching,
    signing_in,
    zones,
)

# Each area adds its router here; addresses are those of `api/portal/navigation.py` and docs/portal.md.
ROUTERS = (
    signing_in.router,
    design.router,
    case.router,
    editor.router,
    form.router,
    deciding.router,
    inbox.router,
    mine.router,
    progress.router,
    questions.router,
    messages.router,
    public.router,
    guide.router,
    register.router,
    notices.router,
    searching.router,
    help.router,
    rules.router,
    planner.router,
    zones.router,
    administration.router,
    authorisations.router,
)

__all__ = ["ROUTERS"]
