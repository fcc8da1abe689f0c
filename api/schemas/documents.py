"""What verification tells as JSON: the answer, the paper without any person in it, and what was compared, in words too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.verification import Compared, Told, Verification
from approvals.papers.words import day, minute
from data.events import instant
from data.messages import LANGUAGES, Language, text

FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary", "description": "The PDF"}},
                }
            }
        },
    }
}
EXAMPLE: Mapping[str, Any] = {
    "answer": "sample",
    "words": {"zh": "样本", "en": "Sample"},
    "says": {"zh": "这份文书由内置示例机关出具，只作样本，没有法律效力。", "en": "Made by the built-in issuer as a sample; it has no legal effect."},
    "paper": {
        "kind": "decision",
        "title": {"zh": "海域使用权批复", "en": "Decision"},
        "number": "荣海批〔2026〕12号",
        "code": "7K4M-9QXT-R2VD-HW6P-2345",
        "issued_on": "2026-11-26",
        "issuer": {"zh": "内置示例机关", "en": "Built-in sample issuer"},
        "signer": "haiyu sample issuer",
        "standing": "valid",
        "is_sample": True,
        "ended_on": None,
        "superseded_by": None,
        "boundary_hash": "9f3c" * 16,
        "rules_hash": "adf3" * 16,
        "files": [{"lang": "zh", "digest": "sha256:" + "1b48" * 16}],
    },
    "compared": [{"what": "boundary", "lang": None, "holds": True, "value": "9f3c" * 16, "signer": None, "at": None}],
}  # fmt: skip


def verification_json(found: Verification) -> dict[str, Any]:
    """The answer as every caller gets it."""
    return {
        "answer": found.answer,
        "words": {lang: text(f"documents.answer.{found.answer}", lang) for lang in LANGUAGES},
        "says": {lang: says(found, lang) for lang in LANGUAGES},
        "paper": None if found.paper is None else paper_json(found.paper),
        "compared": [
            {
                "what": each.what,
                "lang": each.lang,
                "holds": each.holds,
                "value": each.value,
                "signer": each.signer,
                "at": instant(each.at) if each.at else None,
            }
            for each in found.compared
        ],
    }


def paper_json(told: Told) -> dict[str, Any]:
    """The paper: kind, number, days, issuer, standing and hashes; nothing that names a person."""
    return {
        "kind": told.kind,
        "title": dict(told.title),
        "number": told.number,
        "code": told.code,
        "issued_on": told.issued_on.isoformat(),
        "issuer": dict(told.issuer),
        "signer": told.signer,
        "standing": told.standing,
        "is_sample": told.is_sample,
        "ended_on": told.ended_on.isoformat() if told.ended_on else None,
        "superseded_by": told.superseded_by,
        "boundary_hash": told.boundary_hash,
        "rules_hash": told.rules_hash,
        "files": [{"lang": lang, "digest": digest} for lang, digest in told.files],
    }


def says(found: Verification, lang: Language) -> str:
    """The answer in a sentence; of a sample also what else became of it."""
    told = found.paper
    if told is None:
        return text("documents.says.not_ours", lang)
    if found.answer == "altered":
        if found.is_damaged:
            return text("documents.says.damaged", lang)
        return text("documents.says.altered", lang, number=told.number)
    facts = {
        "issuer": told.issuer[lang],
        "day": day(told.issued_on)[lang],
        "ended": day(told.ended_on)[lang] if told.ended_on else "—",
        "successor": told.superseded_by or "—",
    }
    if found.answer != "sample":
        wanted = {"valid": ("issuer", "day"), "superseded": ("ended", "successor"), "revoked": ("ended",)}[found.answer]
        return text(f"documents.says.{found.answer}", lang, **{name: facts[name] for name in wanted})
    parts = [text("documents.says.sample", lang)]
    if told.standing == "superseded":
        parts.append(text("documents.also.superseded", lang, successor=facts["successor"], ended=facts["ended"]))
    if told.standing == "revoked":
        parts.append(text("documents.also.revoked", lang, ended=facts["ended"]))
    return ("" if lang == "zh" else " ").join(parts)


def compared_words(each: Compared, lang: Language) -> dict[str, Any]:
    """One comparison for people: its name, what came of it, and whether it holds."""
    held = "holds" if each.holds else "fails"
    facts: dict[str, Any] = {}
    if each.what == "bytes" or (each.what == "upload" and each.holds) or each.what == "signature":
        facts["lang"] = text(f"documents.lang.{each.lang}", lang)
    if each.what == "signature" and each.holds:
        facts |= {"signer": each.signer, "at": minute(each.at)[lang] if each.at else "—"}
    return {
        "title": text(f"documents.check.{each.what}", lang),
        "words": text(f"documents.check.{each.what}.{held}", lang, **facts),
        "holds": each.holds,
    }
