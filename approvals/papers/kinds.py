"""The kinds of paper that a case can issue: what each consists of, which sheets go with it, whom it is addressed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from approvals.papers.acceptance import acceptance_notice
from approvals.papers.applications import registration_application, use_application
from approvals.papers.blocks import addressee, evidence_of
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Drawing, PaperContent, Words
from approvals.papers.decision import decision, refusal
from approvals.papers.drawn import no_blocks, sheet_values
from approvals.papers.fee_notice import fee_notice
from approvals.papers.registered import register_extract, statement_of_registration
from approvals.papers.returned import correction_notice, rejection_notice
from approvals.papers.words import both

POSITION, BOUNDARY = Drawing(kind="position"), Drawing(kind="boundary")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One kind: its blocks from the file, the sheets that follow them, and whether it is addressed to the applicants."""

    blocks: Callable[[CaseFile], tuple[Block, ...]]
    drawings: tuple[Drawing, ...] = ()
    is_addressed: bool = True


KINDS: Mapping[str, PaperKind] = {
    "use_application": PaperKind(blocks=use_application, drawings=(POSITION, BOUNDARY), is_addressed=False),
    "registration_application": PaperKind(blocks=registration_application, is_addressed=False),
    "acceptance_notice": PaperKind(blocks=acceptance_notice),
    "correction_notice": PaperKind(blocks=correction_notice),
    "rejection_notice": PaperKind(blocks=rejection_notice),
    "decision": PaperKind(blocks=decision, drawings=(BOUNDARY,)),
    "refusal": PaperKind(blocks=refusal),
    "fee_notice": PaperKind(blocks=fee_notice),
    "statement_of_registration": PaperKind(blocks=statement_of_registration, drawings=(BOUNDARY,), is_addressed=False),
    "register_extract": PaperKind(blocks=register_extract, drawings=(BOUNDARY,), is_addressed=False),
    "boundary_sheet": PaperKind(blocks=no_blocks, drawings=(BOUNDARY,), is_addressed=False),
    "position_sheet": PaperKind(blocks=no_blocks, drawings=(POSITION,), is_addressed=False),
}


def title_of(kind: str) -> Words:
    """The title of a kind of paper; ValueError for a kind that there is not."""
    if kind not in KINDS:
        raise ValueError(f"no kind of paper: {kind}")
    return both(f"paper.kind.{kind}")


def content_of(kind: str, file: CaseFile, *, number: str, code: str) -> PaperContent:
    """A paper as it follows from the case's file: the same file gives the same paper. `code` is what verification asks for."""
    title, told = title_of(kind), KINDS[kind]
    return PaperContent(
        kind=kind,
        title=title,
        number=number,
        code=code,
        issued_on=file.on,
        issuer={"zh": file.issuer.zh, "en": file.issuer.en},
        signer=file.issuer.signer,
        is_sample=file.issuer.is_builtin,
        addressee=addressee(file) if told.is_addressed else None,
        blocks=told.blocks(file),
        drawings=told.drawings if file.boundary is not None else (),
        evidence=evidence_of(file),
        sheet=sheet_values(file) if told.drawings else None,
    )
