"""Questions about files that are kept by digest."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from parcels.models import SourceFile


def is_kept(session: Session, digest: str) -> bool:
    """Whether a file with this digest (`sha256:…`) is kept."""
    return bool(session.scalar(select(exists().where(SourceFile.digest == digest))))
