"""Idempotency keys: the same request sent again gets the same answer and does nothing (docs/http.md).

    def open_case(asked: CaseIn, session: Writing, once: Once, …) -> Any:
        …
        return once.keep(case_json(case), 201)

The key's row is the first that the request writes, in the act's own transaction: a twin that comes meanwhile waits at it, and
then reads the answer, or acts itself if the first one was refused. Keys hold for whoever is signed in; others' are not looked at.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, object_session
from starlette.datastructures import UploadFile

from api.deps import Asker, Now, Writing
from api.models import KeptAnswer
from data.answers import Refusal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[A-Za-z0-9._~:-]{8,128}")
_PIECE = 1 << 20


class Answered(Exception):
    """The request was answered before; carries that answer. No refusal: it ends the request without an act."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


@dataclass(slots=True)
class KeptOnce:
    """The answer of this request, to be kept under its key if it has one."""

    row: KeptAnswer | None
    is_kept: bool = False

    def keep(self, body: Any, status: int = 200) -> Response:
        """The answer to send; kept in the act's transaction, so that it is there if and only if the act is."""
        told = body.model_dump(mode="json") if isinstance(body, BaseModel) else jsonable_encoder(body)
        if self.row is not None:
            self.row.status, self.row.body = status, told
        self.is_kept = True
        return _answer(status, told)

    def give_up(self) -> None:
        """Leave no key behind, although something of the request is about to be committed: it will be refused."""
        if self.row is not None:
            held = object_session(self.row)
            assert held is not None
            held.delete(self.row)


def _answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(None, status, headers) if status == 204 else JSONResponse(body, status, headers)


async def request_digest(request: Request) -> str | None:
    """What the request asks, by digest, if it bears a key. Boundaries between the parts of a form are chance and do not count."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Refusal("problems.key_malformed")
    digest = hashlib.sha256()
    async for piece in _pieces(request):
        digest.update(len(piece).to_bytes(8) + piece)
    return f"sha256:{digest.hexdigest()}"


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    for told in (request.method, request.url.path, request.url.query):
        yield told.encode()
    if not request.headers.get("content-type", "").startswith(
        ("multipart/form-data", "application/x-www-form-urlencoded")
    ):
        yield await request.body()
        return
    form = await request.form()
    for name, value in sorted(form.multi_items(), key=lambda item: item[0]):
        yield name.encode()
        if isinstance(value, UploadFile):
            yield (value.filename or "").encode()
            while piece := await value.read(_PIECE):
                yield piece
            await value.seek(0)
        else:
            yield value.encode()


def kept_once(
    request: Request, by: Asker, instant: Now, session: Writing, digest: Annotated[str | None, Depends(request_digest)]
) -> Iterator[KeptOnce]:
    """Takes the key, or answers what was answered under it before; refuses a key that belongs to another request."""
    row = None
    if digest is not None and by.person is not None:
        row = _taken(session, by.person, request.headers[HEADER], digest, instant)
    once = KeptOnce(row)
    yield once
    if row is not None and not once.is_kept:
        raise RuntimeError(f"{request.url.path} took an idempotency key and kept no answer")


def _taken(session: Session, account: int, key: str, digest: str, instant: Any) -> KeptAnswer:
    fresh = insert(KeptAnswer).values(account_id=account, key=key, request_digest=digest, recorded_at=instant)
    # Waits while another transaction holds this very key, and takes it where that one was rolled back.
    is_new = session.execute(fresh.on_conflict_do_nothing().returning(KeptAnswer.key)).first() is not None
    row = session.get_one(KeptAnswer, (account, key))
    if is_new:
        return row
    if row.request_digest != digest or row.status is None:
        raise Refusal("problems.key_reused")
    raise Answered(row.status, row.body)


Once = Annotated[KeptOnce, Depends(kept_once, scope="function")]


def install(app: FastAPI) -> None:
    """Registers the answer that is told again."""

    async def again(request: Request, answered: Exception) -> Response:
        assert isinstance(answered, Answered)
        return _answer(answered.status, answered.body, {REPLAYED: "true"})

    app.add_exception_handler(Answered, again)
