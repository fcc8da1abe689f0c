"""Whether a stored PDF bears the signature of its issuer over all of its bytes; nothing is fetched, nothing else is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from api.papers.apart import apart


@dataclass(frozen=True, slots=True)
class Seal:
    """What a PDF's signature shows: whether it holds in every respect, and when it says that it was given."""

    holds: bool
    signed_at: datetime | None = None


def seal_of(pdf: bytes, certificate: bytes) -> Seal:
    """Judge a PDF by the certificate (DER) of its issuer: one signature, over the whole file, unbroken, made by that key.

    The certificate is judged as of the time of signing: that it ends later takes nothing from a paper.
    """
    return apart(lambda: _judged(pdf, certificate))


def _judged(pdf: bytes, certificate: bytes) -> Seal:
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            return Seal(False)
        signed_at = signatures[0].self_reported_timestamp
        trusted = x509.Certificate.load(certificate)
        if signatures[0].signer_cert.dump() != trusted.dump() or signed_at is None:
            return Seal(False, signed_at)
        context = ValidationContext(trust_roots=[trusted], allow_fetching=False, moment=signed_at)
        status = validate_pdf_signature(signatures[0], context)
    except (PdfError, SigningError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        # Whatever the bytes were made into, they are no longer a PDF with our signature.
        return Seal(False)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Seal(bool(status.intact and status.valid and status.trusted and whole), signed_at)
