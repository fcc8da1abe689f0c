"""A copy of a message as a mail: plain text in both languages, with the way to the portal.

What is sealed in a message (a code to sign with, a link to answer by) is never written into a mail: whoever reads it in passing
could act with it. The mail tells that something waits, and it is opened in the portal after signing in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from data.messages import LANGUAGES, text
from parcels.checks.words import words


def letter(
    *,
    code: str,
    facts: Mapping[str, Any],
    case: str | None,
    to: str,
    sender: str,
    base_url: str,
    mark: str,
    now: datetime,
) -> EmailMessage:
    """The mail; `mark` is the same whenever this copy is written, so that a server that got it twice shows it once."""
    told = EmailMessage()
    told["Subject"] = " ".join(text("mail.subject", lang, case=case or "") for lang in LANGUAGES)
    told["From"] = Address("海域 haiyu", addr_spec=sender)
    told["To"] = Address(addr_spec=to)
    told["Date"] = format_datetime(now)
    told["Message-ID"] = f"<{mark}@{sender.rpartition('@')[2]}>"
    told["Auto-Submitted"] = "auto-generated"
    parts = [
        "\n".join(
            [
                text(code, lang, **words(facts, lang)),
                text("mail.where", lang, link=f"{base_url}/messages"),
            ]
        )
        for lang in LANGUAGES
    ]
    foot = "\n".join(text("mail.foot", lang) for lang in LANGUAGES)
    told.set_content("\n\n".join([*parts, f"-- \n{foot}"]) + "\n")
    return told
