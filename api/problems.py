"""The one table from error to status, and the one shape of an answer that says no: RFC 9457, in both languages.

Every answer holds `type, title, status, detail, code, findings, instance`; title and detail in the reader's language, and
`texts` with both. A finding behind the refusal is told with its place and how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from structlog import get_logger

from api.languages import language_of
from data.answers import FieldFault, Refusal
from data.messages import LANGUAGES, MessageFault, has, text
from marine.boundary import Boundary
from parcels.checks.serial import geometry_block, in_degrees
from parcels.checks.words import words

log = get_logger("haiyu.http")

# The longest beginning of the code wins. 401: nobody is signed in; 409: the world changed; 422: the upload or the form; 403: not yours; 404: not visible.
_UPLOAD_OR_FORM = (
    "problems.", "reader.", "upload.", "file.", "json.", "table.", "units.", "crs.", "choice.", "draft.", "ring.", "hole.",
    "angle.", "edge.", "point.", "unit.", "numbers.", "notation.", "boundary.", "code.", "missing.", "rules.", "fee.", "term.",
    "calendar.", "act.fact_", "act.material", "act.items_", "act.question_", "act.ground_", "act.brings_", "load.", "adopt.", "party.", "dates.", "heights.", "layers.", "parts.",
    "material.", "form.",
)  # fmt: skip
_WORLD_CHANGED = (
    "boundary.snap_first", "grant.", "overlap.", "neighbour.", "right.", "claim.", "renewal.", "change.", "register.", "layer.", "papers.",
    "project.", "act.", "case.", "bill.", "receipt.", "guard.", "signing.", "question.", "paper.",
)  # fmt: skip
_NOT_YOURS = (
    "problems.not_yours", "register.administrator_only", "layer.planner_only", "rules.administrator_only", "act.not_this_role",
    "problems.cross_site", "problems.samples_closed", "authorisation.to_oneself", "account.disables_itself",
)  # fmt: skip
STATUSES: Mapping[str, int] = {
    **dict.fromkeys(_UPLOAD_OR_FORM, 422),
    **dict.fromkeys(_WORLD_CHANGED, 409),
    **dict.fromkeys(("problems.not_found", "problems.rule_unknown", "problems.register_unknown"), 404),
    **dict.fromkeys(("account.", "authorisation."), 422),
    **dict.fromkeys(
        (
            "account.login_taken",
            "account.post_held",
            "account.post_not_held",
            "account.is_disabled",
            "account.is_enabled",
        ),
        409,
    ),
    **dict.fromkeys(("authorisation.already", "authorisation.withdrawn"), 409),
    "account.not_found": 404,
    "layer.unknown": 404,
    "planning.": 422,
    **dict.fromkeys(
        (
            "layer.first_day_past",
            "layer.ends_before",
            "layer.days_reversed",
            "layer.file_has_faults",
            "layer.name_needed",
            "layer.too_many",
        ),
        422,
    ),
    **dict.fromkeys(("problems.sign_in", "problems.session_over"), 401),
    **dict.fromkeys(("case.party_unknown", "case.project_unknown", "case.no_place", "case.holders"), 422),
    **dict.fromkeys(
        ("process.template_unknown", "case.holding_kinds", "case.shares_not_whole", "case.no_boundary", "case.no_term"),
        422,
    ),
    **dict.fromkeys(("case.not_found", "question.link_unknown", "paper.not_made_yet"), 404),
    **dict.fromkeys(_NOT_YOURS, 403),
    **dict.fromkeys(("problems.busy", "problems.database_away", "register.busy", "ground."), 503),
    "problems.method": 405,
    "problems.too_large": 413,
    "file.too_large": 413,
    **dict.fromkeys(
        ("receipt.amount", "receipt.number_missing", "receipt.in_the_future", "receipt.voucher_missing"), 422
    ),
    **dict.fromkeys(("material.not_there", "material.no_such_page"), 404),
    "material.too_large": 413,
    **dict.fromkeys(("material.kind_not_allowed", "material.no_preview"), 415),
    "material.viewer_busy": 503,
    "document.unknown": 404,
    "document.making": 409,
    "notice.": 409,
    "notice.not_found": 404,
    "notice.objection_unsigned": 422,
    "issuer.": 409,
    "issuer.none": 503,
    "problems.unsupported": 415,
    **dict.fromkeys(("problems.too_many", "problems.locked"), 429),
    "problems.broken": 500,
}
RETRY_SECONDS = 2
MOST_FIELDS_TOLD = 20
PROBLEM_JSON = "application/problem+json"


def status_for(code: str) -> int:
    """The status of a refusal; one that the table does not know is our fault.

    >>> status_for("boundary.snap_first"), status_for("boundary.invalid"), status_for("odd")
    (409, 422, 500)
    """
    fitting = [beginning for beginning in STATUSES if code.startswith(beginning)]
    return STATUSES[max(fitting, key=len)] if fitting else 500


def told(code: str, lang: str, facts: Mapping[str, Any]) -> str:
    """The text of a code; where a catalogue asks for more than was given the code and its facts, never a second failure."""
    try:
        return text(code, lang, **facts)
    except MessageFault:
        return f"{code} {dict(facts)!r}" if facts else code


def title_and_detail(code: str, lang: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """What happened, and how to go on: `….detail`, else `….mend`, else nothing."""
    further = next((each for each in (f"{code}.detail", f"{code}.mend") if has(each)), None)
    return {"title": told(code, lang, facts), "detail": told(further, lang, facts) if further else ""}


def finding_json(finding: Any, lang: str) -> dict[str, Any]:
    """One finding in words, with its place: in the ring and on the earth, or the field of the form."""
    if isinstance(finding, FieldFault):
        facts = {**finding.facts, **_key_in_words(finding.facts, lang)}
        return {"code": finding.code, "text": told(finding.code, lang, facts), "field": finding.field}
    at = finding.at
    mend = finding.remedy if finding.remedy and has(finding.remedy) else f"{finding.code}.mend"
    # A finding of a check has a grade, and texts that need its facts as words.
    facts = finding.facts if finding.grade is None else words(finding.facts, lang)
    return {
        "code": finding.code,
        "grade": None if finding.grade is None else finding.grade.word,
        "severity": finding.severity and finding.severity.value,
        "text": told(finding.code, lang, facts),
        "mend": told(mend, lang, facts) if has(mend) else None,
        "at": at and {"ring": at.ring, "vertex": at.index, "unit": at.unit, "lon_ms": at.lon, "lat_ms": at.lat},
        "facts": {name: plain(value) for name, value in finding.facts.items()},
        # A fault of the asker's own boundary is told with the repair that is offered; what a check found bears its geometry there.
        "geometry": in_degrees(finding.geometry) if finding.grade is None and finding.remedy else None,
    }


def _key_in_words(facts: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The key of a rule by the name that forms give it."""
    code = f"portal.rules.key.{facts.get('key')}"
    return {"key": text(code, lang)} if has(code) else {}


def plain(value: Any) -> Any:
    """A fact as JSON holds it: decimals and dates as text, so that nothing is rounded on the way."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    return str(value)


def problem(
    request: Request,
    code: str,
    facts: Mapping[str, Any],
    findings: Iterable[dict[str, Any]] = (),
    *,
    headers: Mapping[str, str] | None = None,
    in_words: Mapping[str, Mapping[str, Any]] | None = None,
) -> Response:
    """The answer for one code: JSON, or the same as a page for a reader who asked for pages.

    `in_words` are facts that are themselves words, by language.
    """
    lang, status = language_of(request), status_for(code)
    texts = {each: title_and_detail(code, each, {**facts, **(in_words or {}).get(each, {})}) for each in LANGUAGES}
    body = {
        "type": f"/api/v1/problems/{code}",
        **texts[lang],
        "status": status,
        "code": code,
        "findings": list(findings),
        "instance": f"{request.url.path}#{request.state.request_id}",
        "texts": texts,
    }
    for name in ("choices", "missing", "remedy", "snapped"):
        if facts.get(name) is not None:
            body[name] = _block(facts[name])
    retry = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    if _wants_a_page(request):
        return _page(request, body, status, {**retry, **(headers or {})})
    return JSONResponse(body, status, {**retry, **(headers or {})}, media_type=PROBLEM_JSON)


def _block(value: Any) -> Any:
    """A fact that is a thing of its own in the answer; a boundary as it can be sent back."""
    return geometry_block(value, ()) if isinstance(value, Boundary) else plain(value)


def _wants_a_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _page(request: Request, body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    return request.app.state.house.pages.answer(request, "problem.html", {"problem": body}, status, headers)


def _to_sign_in(request: Request) -> Response:
    """A reader whose page needs to know who asks is led to sign-in and from there back; a fragment takes the whole page along."""
    back = request.headers.get("hx-current-url") or str(request.url)
    parts = urlsplit(back)
    address = f"/sign-in?{urlencode({'next': parts.path + (f'?{parts.query}' if parts.query else '')})}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def of_refusal(request: Request, refusal: Refusal) -> Response:
    """A refusal of any room."""
    lang = language_of(request)
    if status_for(refusal.code) >= 500:
        log.error("refusal without a status", code=refusal.code)
    status = status_for(refusal.code)
    if status == 401 and request.method == "GET" and _wants_a_page(request):
        return _to_sign_in(request)
    # RFC 9110: a 401 names the way to sign in. This one makes no browser open a box of its own.
    headers = {"WWW-Authenticate": 'Bearer realm="haiyu"'} if status == 401 else {}
    if status == 429:
        headers["Retry-After"] = str(refusal.facts["seconds"])
    # What is not there and what the asker may not see are told in the same words: the address, and nothing else.
    facts = {"path": request.url.path, **refusal.facts} if refusal.code == "problems.not_found" else refusal.facts
    found = [finding_json(finding, lang) for finding in refusal.findings]
    return problem(request, refusal.code, facts, found, headers=headers)


def of_form(request: Request, fault: RequestValidationError) -> Response:
    """What the form lacks, field by field."""
    lang, faults = language_of(request), fault.errors()
    fields = [".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0]) for each in faults]
    found = [
        {
            "code": "problems.form.field",
            "text": text("problems.form.field", lang, field=field, reason=reason_of(each, lang)),
            "field": field,
            "reason": reason_of(each, lang),
        }
        for field, each in zip(fields[:MOST_FIELDS_TOLD], faults, strict=False)
    ]
    in_words: dict[str, dict[str, str]] = {each: {"reason": reason_of(faults[0], each)} for each in LANGUAGES}
    return problem(request, "problems.form", {"count": len(fields), "field": fields[0]}, found, in_words=in_words)


def reason_of(error: Mapping[str, Any], lang: str) -> str:
    """Why a field was refused, in the reader's language where the catalogue knows the kind; else as the validator says it."""
    code = f"problems.reason.{error['type']}"
    return told(code, lang, error.get("ctx") or {}) if has(code) else str(error["msg"])


def of_http(request: Request, fault: HTTPException) -> Response:
    """What the router itself says: no such address, another method, a body that cannot be read."""
    if isinstance(fault.__cause__, Refusal):
        # The framework reads bodies inside its own try and would turn our refusal into a bare 400.
        return of_refusal(request, fault.__cause__)
    if fault.status_code == 405:
        facts = {"method": request.method, "allowed": (fault.headers or {}).get("Allow", "GET")}
        return problem(request, "problems.method", facts, headers=fault.headers)
    if fault.status_code == 404:
        return problem(request, "problems.not_found", {"path": request.url.path})
    if fault.status_code in (400, 422):
        return problem(request, "problems.form", {"count": 1, "field": "body", "reason": str(fault.detail)})
    return problem(request, "problems.broken", {"request": request.state.request_id})


def of_disconnect(request: Request, gone: ClientDisconnect) -> Response:
    """The sender went away in the middle of a body: nobody reads this answer, and it is no fault of ours."""
    return problem(request, "upload.broken_off", {})


def of_database(request: Request, fault: DBAPIError | PoolTimeout) -> Response:
    """A lock that others hold is a wait; a database that is away is said; anything else is our fault."""
    state = getattr(getattr(fault, "orig", None), "sqlstate", None)
    log.warning("database", sqlstate=state, said=str(getattr(fault, "orig", fault)).splitlines()[:1])
    # 55P03 lock_not_available, 40P01 deadlock_detected, 57014 query_canceled: register.md §6, come back shortly.
    if state in {"55P03", "40P01", "57014"} or isinstance(fault, PoolTimeout):
        return problem(request, "problems.busy", {"seconds": RETRY_SECONDS})
    if isinstance(fault, OperationalError):
        return problem(request, "problems.database_away", {})
    return of_fault(request, fault)


def of_fault(request: Request, fault: Exception) -> Response:
    """Anything unforeseen: an id that the log knows, and no inner detail."""
    log.error("fault", exc_info=fault)
    return problem(request, "problems.broken", {"request": request.state.request_id})


def install(app: FastAPI) -> None:
    """Registers the handlers."""
    handlers: dict[type[Exception], Any] = {
        Refusal: of_refusal,
        RequestValidationError: of_form,
        HTTPException: of_http,
        ClientDisconnect: of_disconnect,
        DBAPIError: of_database,
        PoolTimeout: of_database,
        Exception: of_fault,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
