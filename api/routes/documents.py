"""Papers: verified by anyone, by code or by their bytes; fetched by those who may see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from api.casework import Working
from api.deps import Counted, Reading, TheHouse
from api.gates import act
from api.permissions import demand
from api.schemas.documents import EXAMPLE, FORM, verification_json
from api.schemas.problems import refuses
from api.subjects import of_case
from api.verification import verify_code, verify_file
from approvals.models import Case, Document
from approvals.papers.reserving import normal_code
from approvals.queries import papers as queries
from data.answers import Refusal

router = APIRouter(tags=["papers"])
Editions = Annotated[Literal["zh", "en"], Query(alias="lang", description="Edition; the Chinese one decides")]
SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": EXAMPLE}}}}


async def chosen(request: Request) -> bytes:
    """The file of a form; no bytes where none was chosen or it is empty."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Refusal("problems.unsupported", given=kind or "–", wanted="multipart/form-data")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        return await file.read() if isinstance(file, UploadFile) else b""


async def uploaded(content: Annotated[bytes, Depends(chosen)]) -> bytes:
    """The file of a form; refused where there is none."""
    if not content:
        raise Refusal("upload.no_file", field="file")
    return content


Uploaded = Annotated[bytes, Depends(uploaded)]


@router.get(
    "/documents/{code}",
    summary="Is this paper genuine, and does it still hold",
    responses={**refuses(404, 409, 429), **SHOWN},
    dependencies=[Counted],
)
@act("document.verify")
def verify(code: str, session: Reading, home: TheHouse) -> Any:
    """Bytes digested anew, signature judged by the issuer's certificate, boundary hash computed again; no personal data."""
    return JSONResponse(verification_json(verify_code(session, code, keys=home.keys)))


@router.post(
    "/documents/verification",
    summary="Is this PDF one of ours, and does it still hold",
    responses={**refuses(413, 415, 429), **SHOWN},
    openapi_extra=FORM,
    dependencies=[Counted],
)
@act("document.verify")
def verify_upload(content: Uploaded, session: Reading, home: TheHouse) -> Any:
    """`altered` where the file bears the code of a paper of ours and is not one of its editions. Nothing is kept."""
    return JSONResponse(verification_json(verify_file(session, content, keys=home.keys)))


@router.get(
    "/documents/{code}/file",
    summary="The paper itself, as PDF",
    responses={**refuses(401, 403, 404, 409), 200: {"content": {"application/pdf": {}}}},
    response_class=Response,
)
@act("case.paper.file")
def file(code: str, session: Reading, works: Working, lang: Editions = "zh") -> Response:
    """The signed bytes, for those who may see the papers of its case."""
    document = _document(session, code)
    case = session.get(Case, document.case_id) if document.case_id is not None else None
    if case is None:
        raise Refusal("document.unknown")
    demand(works.actor, "case.paper.file", of_case(session, case))
    found = next((each for each in queries.renditions_of(session, document.id) if each.lang == lang), None)
    content = queries.file_bytes(session, found.digest) if found else None
    if content is None:
        raise Refusal("document.making")
    name = f"{document.kind}-{document.code}.{lang}.pdf"
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _document(session: Session, code: str) -> Document:
    normal = normal_code(code)
    found = queries.document_by_code(session, normal) if normal else None
    if found is None:
        raise Refusal("document.unknown")
    return found
