"""The files on a case's file: kept by digest, typed by content, withdrawn and never deleted; each change an event of the case.

The functions that write run inside the caller's transaction, which holds the case's row: the caller asks whether the template
knows a material of that name, and voids a signature that bound another list. `queries.materials_on_file` lists what is there.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, Protocol

import rfc8785
from sqlalchemy.orm import Session

from approvals import queries
from approvals.material_kinds import packaged_kinds
from approvals.models import Case, CaseMaterial
from approvals.sniffing import MediaKind, sniff
from data import events
from data.actors import Actor
from data.answers import Refusal
from parcels.papers import keep_file

__all__ = [
    "MediaKind",
    "add_material",
    "clean_name",
    "materials_digest",
    "sniff",
    "withdraw_material",
]

ProvidedBy = Literal["applicant", "system", "office"]
FORMAT = "haiyu-materials/1"
# The event keeps the name as it came, but not a novel that came as a name.
_LONGEST_ORIGINAL = 1_000
# Control signs part words, signs of format are left out: one that turns the writing shows "scan\u202efdp.exe" as "scanexe.pdf".
_NOT_SHOWN = {"Cc": " ", "Cs": " ", "Cf": ""}


class Listed(Protocol):
    """What the digest of a list of materials is made from."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...


def clean_name(name: str) -> str:
    """A file's name as it is shown and sent: NFC, no path, no control signs, at most as long as the house allows.

    >>> clean_name("C:\\\\scan\\\\论证\\n 报告.pdf"), clean_name("../../etc/passwd"), len(clean_name("长" * 300 + ".pdf"))
    ('论证 报告.pdf', 'passwd', 200)
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(_NOT_SHOWN.get(unicodedata.category(sign), sign) for sign in last)
    # Signs that met only now, because one between them is gone, are composed too; a dot may lie before a space.
    shown = " ".join(unicodedata.normalize("NFC", seen).split()).lstrip(". ")
    if not shown:
        raise Refusal("material.name")
    longest = packaged_kinds().longest_name
    stem, dot, suffix = shown.rpartition(".")
    if len(shown) <= longest:
        return shown
    # The ending is what people go by, so it is the stem that is cut.
    if dot and len(suffix) <= 10:
        return f"{stem[: longest - len(suffix) - 1].rstrip()}.{suffix}"
    return shown[:longest].rstrip()


def materials_digest(materials: Iterable[Listed]) -> str:
    """What the applicant's signature binds: SHA-256 (hex) of the sorted names and digests as RFC 8785 JSON.

    >>> materials_digest([])[:16]
    'af7d5da5ac554879'
    """
    listed = sorted((each.name, each.digest) for each in materials)
    told: dict[str, Any] = {
        "format": FORMAT,
        "materials": [{"name": name, "digest": digest} for name, digest in listed],
    }
    return hashlib.sha256(rfc8785.dumps(told)).hexdigest()


def add_material(
    session: Session,
    case: Case,
    name: str,
    filename: str,
    content: bytes,
    *,
    provided_by: ProvidedBy,
    actor: Actor,
    at: datetime,
    kind: MediaKind | None = None,
) -> CaseMaterial:
    """Put a file on the case's file under a material's name; the same bytes under that name are there already.

    `at` is read after the caller's last lock. `kind` is what `sniff` said where the caller asked it before its locks, so that
    nobody waits while a file is opened.
    """
    title = clean_name(filename)
    kind = kind or sniff(content, title)
    digest = keep_file(session, title, content)
    on_file = queries.materials_on_file(session, case.id)
    there = next((each for each in on_file if (each.name, each.digest) == (name, digest)), None)
    if there is not None:
        return there
    row = CaseMaterial(
        case_id=case.id,
        name=name,
        title=title,
        digest=digest,
        media_type=kind.media_type,
        size_bytes=len(content),
        pages=kind.pages,
        provided_by=provided_by,
        added_by=actor.person,
        recorded_at=at,
    )
    session.add(row)
    session.flush()  # the event names the material's number
    body = {
        "material": row.id,
        "name": name,
        "digest": digest,
        "media_type": kind.media_type,
        "size_bytes": len(content),
        "pages": kind.pages,
        "provided_by": provided_by,
    }
    original = {"filename": _storable(filename)}
    events.record(session, _stream(case), "case.material_added", body, actor=actor, at=at, texts=original)
    return row


def withdraw_material(session: Session, case: Case, material_id: int, *, actor: Actor, at: datetime) -> CaseMaterial:
    """Take a material off the case's file; its bytes and its row stay. Refuses what is not on this file (material.not_there)."""
    row = session.get(CaseMaterial, material_id, populate_existing=True)
    if row is None or row.case_id != case.id or row.withdrawn_at is not None:
        raise Refusal("material.not_there", material=material_id)
    row.withdrawn_at = at
    body = {"material": row.id, "name": row.name, "digest": row.digest}
    events.record(session, _stream(case), "case.material_withdrawn", body, actor=actor, at=at)
    return row


def _stream(case: Case) -> events.StreamName:
    return events.StreamName("case", case.number)


def _storable(name: str) -> str:
    """The name as it came, without what PostgreSQL cannot hold in a text."""
    kept = name.replace("\0", "\ufffd").encode("utf-8", errors="replace").decode("utf-8")
    return kept[:_LONGEST_ORIGINAL]
