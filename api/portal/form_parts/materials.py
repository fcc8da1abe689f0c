"""The materials of the application: who provides each, whether it is there, and which one waits for the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from approvals.cases.oneform import Layout
from approvals.cases.signing import SCAN
from approvals.cases.store import Opened
from approvals.material_kinds import packaged_kinds
from data.messages import text

MEGABYTE = 1_000_000
# Papers of the system that are not made here but stand in the verified profile.
FETCHED = frozenset({"identity"})
Told = dict[str, Any]


def rows(
    case: Opened, layout: Layout, files: Sequence[Mapping[str, Any]], asked: Sequence[str], lang: str
) -> list[Told]:
    """One row for each material of the steps that the applicant signs; files of other names have no row here.

    A row `waits` where the applicant must still bring it: it is required and not there, or a correction asked for it.
    """
    return [*_rows(case, layout, files, asked, lang)]


def _rows(
    case: Opened, layout: Layout, files: Sequence[Mapping[str, Any]], asked: Sequence[str], lang: str
) -> Iterator[Told]:
    signed = [
        step
        for step in case.template.steps.values()
        if any("form_digest" in outcome.records for outcome in step.outcomes.values())
    ]
    for step in signed:
        for name, told in step.materials_in.items():
            mine = [_file(each) for each in files if each["name"] == name]
            by = told.by if told.by != "system" else "fetched" if name in FETCHED else "made"
            yield {
                "name": name,
                "title": getattr(told.title, lang),
                "by": by,
                "required": told.required,
                "files": mine,
                "asked": name in asked,
                "waits": by == "applicant" and not mine and (told.required or name in asked),
                "there": bool(mine) or by == "made" or (by == "fetched" and _is_verified(layout)),
                "basis": step.source and case.template.sources[told.source].cite,
            }


def scans(files: Sequence[Mapping[str, Any]]) -> list[Told]:
    """The stamped scans of the declaration that lie on the case's file."""
    return [_file(each) for each in files if each["name"] == SCAN]


def _file(material: Mapping[str, Any]) -> Told:
    kind = packaged_kinds().of(str(material["media_type"]))
    return {**material, "size": size_in_words(int(material["size_bytes"])), "preview": kind.preview if kind else "none"}


def _is_verified(layout: Layout) -> bool:
    """Whether the applicant's identity was verified before, so that no copy is asked."""
    answer = layout.answers.get("id_number")
    return answer is not None and answer.verified_on is not None


def size_in_words(size: int) -> str:
    """The size of a file.

    >>> size_in_words(3_210_000), size_in_words(900)
    ('3.2 MB', '1 kB')
    """
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1000))} kB"


def taken(lang: str) -> str:
    """What kinds of files are taken, with the greatest size, in words."""
    kinds = packaged_kinds()
    return text("portal.form.upload.taken", lang, kinds=kinds.suffixes, size=size_in_words(kinds.greatest_bytes))
