"""Files of a case: put on it, listed, looked at, fetched, withdrawn; its papers and its bill."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.casework import Working, seen
from api.deps import Reading, RowId, TheHouse, Writing
from api.downloads import download_headers, shown_headers
from api.gates import act
from api.idempotency import Once
from api.previews import Shelf
from api.schemas.cases import Closed, Name, Version
from api.schemas.problems import refuses
from api.uploads import MaterialFile
from approvals import billing, queries
from approvals.cases import disclosed, filekeeping, views
from approvals.materials import sniff
from approvals.models import CaseMaterial
from data.answers import Refusal

router = APIRouter(tags=["files of a case"])
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "name"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "name": {"type": "string", "examples": ["argumentation"]},
                        "version": {"type": "integer"},
                    },
                }
            }
        },
    }
}


class MaterialForm(Closed):
    """The fields beside the file."""

    name: Name
    version: Version = None


@router.post(
    "/cases/{number}/materials",
    summary="Put a file on the case's file",
    status_code=201,
    responses=refuses(401, 403, 404, 409, 413, 415),
    openapi_extra=BODY,
)
@act("case.material.add")
def add_material(number: str, came: MaterialFile, session: Writing, works: Working, once: Once) -> Any:
    """`name` is a material of the template, or what an act's `…_digest` names. The type is told by the content."""
    seen(session, number, "case.material.add", works)
    form = came.form(MaterialForm)
    kind = sniff(came.content, came.filename)
    row = filekeeping.put_on_file(
        session, number, form.name, came.filename, came.content, kind, works, version=form.version
    )
    return once.keep(views.material_view(seen(session, number, "case.see", works), row), 201)


@router.get("/cases/{number}/materials", summary="Files on the case's file", responses=refuses(401, 403, 404))
@act("case.material.see")
def list_materials(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Those that were not withdrawn, by name; answers of offices that you may not know are left out."""
    case = seen(session, number, "case.material.see", works)
    found = disclosed.materials_known(session, case, works)
    return {"materials": [views.material_view(case, row) for row in found]}


@router.get("/cases/{number}/materials/{material}", summary="The original", responses=refuses(401, 403, 404))
@act("case.material.see")
def fetch_material(number: str, material: RowId, session: Reading, works: Working) -> Response:
    """The bytes as they came, as a download."""
    row = _material(session, number, material, works)
    content = queries.file_content(session, row.digest)
    return Response(content, media_type=row.media_type, headers=download_headers(row.title))


@router.get(
    "/cases/{number}/materials/{material}/preview", summary="A page as a picture", responses=refuses(401, 403, 404)
)
@act("case.material.see")
def preview_material(
    number: str,
    material: RowId,
    session: Reading,
    works: Working,
    home: TheHouse,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    width: Annotated[int, Query(ge=100, le=1600)] = 960,
) -> Response:
    """PNG of a page of a PDF or picture, or the text of a text."""
    row = _material(session, number, material, works)
    load = partial(queries.file_content, session, row.digest)
    made = Shelf.of(home.settings.home).preview(row.digest, load, row.media_type, page, width, name=row.title)
    return Response(made.content, media_type=made.media_type, headers=shown_headers(row.title))


@router.delete("/cases/{number}/materials/{material}", summary="Withdraw a file", responses=refuses(401, 403, 404, 409))
@act("case.material.withdraw")
def withdraw_material(
    number: str, material: RowId, session: Writing, works: Working, version: Annotated[Version, Query()] = None
) -> dict[str, Any]:
    """Only while the case is editable; a signature given before is void. Nothing is deleted."""
    case = seen(session, number, "case.material.withdraw", works)
    return views.material_view(case, filekeeping.take_off_file(session, number, material, works, version=version))


def _material(session: Any, number: str, material: int, works: Any) -> CaseMaterial:
    case = seen(session, number, "case.material.see", works)
    found = disclosed.materials_known(session, case, works)
    row = next((each for each in found if each.id == material), None)
    if row is None:
        raise Refusal("problems.not_found", path=f"/api/v1/cases/{number}/materials/{material}")
    return row


@router.get("/cases/{number}/papers", summary="Papers of the case", responses=refuses(401, 403, 404))
@act("case.papers.see")
def list_papers(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Each with its number, standing and the files that are there; `making` until a job has made it."""
    case = seen(session, number, "case.papers.see", works)
    found = queries.documents_of(session, case.row.id)
    files = queries.files_of_documents(session, found)
    return {"papers": [views.document_view(row, files[row.id]) for row in found]}


@router.get("/cases/{number}/papers/{paper}", summary="A paper's file", responses=refuses(401, 403, 404, 409))
@act("case.paper.file")
def fetch_paper(
    number: str,
    paper: RowId,
    session: Reading,
    works: Working,
    lang: Annotated[Literal["zh", "en"], Query(description="zh decides; en is its companion")] = "zh",
) -> Response:
    """The signed PDF."""
    case = seen(session, number, "case.paper.file", works)
    found = queries.rendition_of_case(session, case.row.id, paper, lang)
    if found is None:
        raise Refusal("paper.not_made_yet", paper=paper)
    document, rendition, content = found
    return Response(content, media_type=rendition.media_type, headers=download_headers(f"{document.number}.{lang}.pdf"))


@router.get("/cases/{number}/bill", summary="The bill and what was paid", responses=refuses(401, 403, 404))
@act("case.bill.see")
def see_bill(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Line by line with its basis; receipts, refunds and reversals; what remains or is to be refunded. Null before a bill."""
    case = seen(session, number, "case.bill.see", works)
    bill = queries.bill_of(session, case.row.id)
    if bill is None:
        return {"bill": None}
    return {"bill": views.bill_view(bill, queries.receipts_of(session, bill.id), billing.balance(session, bill))}
