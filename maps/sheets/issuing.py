"""What an issued sheet carries beside its drawing: number, issuer, signer, day, and the address of verification as text and QR."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno

from data.messages import text
from maps.sheets.values import Issued

# So many digits of the rule book's hash stand on the sheet; the page of verification tells it whole.
SHORT_HASH = 12


def issued_block(issued: Issued | None, lang: str) -> dict[str, Any] | None:
    """Lines (label, value), the code, the address and its QR code as SVG; None for a sheet that is no document."""
    if issued is None:
        return None
    values = {
        "number": issued.number,
        "issuer": issued.issuer,
        "signer": text("sheets.issued.signed", lang, signer=issued.signer, day=issued.issued_on.isoformat()),
        "rules": issued.rules_hash[:SHORT_HASH],
        "code": issued.code,
    }
    return {
        "lines": [[text(f"sheets.issued.{name}", lang), value] for name, value in values.items()],
        "code": issued.code,
        "address": issued.address,
        "qr": qr_svg(issued.address),
    }


def qr_svg(address: str) -> str:
    """The QR code of an address as SVG without a border, one unit to a module; 15 % of it may be lost (level M or better)."""
    written = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(written, kind="svg", border=0, xmldecl=False, omitsize=True, nl=False)
    return written.getvalue().decode()
