"""Signing papers: PAdES with the key of an issuer, which lies in a file beside the database and never in it (docs/papers.md).

`Signer` is the one interface: an outside signing service needs these three things and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from pyhanko.keys.pemder import load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from api.papers.apart import apart
from approvals.models import Issuer
from data.answers import Refusal

FIELD = "Issuer"
ALGORITHM = "sha256"


class Signer(Protocol):
    """Who signs: a name, the certificate (DER) by which the signature is verified, and the act of signing."""

    @property
    def name(self) -> str:
        """The signer's name, as papers print it."""

    @property
    def certificate(self) -> bytes:
        """The certificate, DER."""

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        """The PDF with one signature over all of it, told to have been given at an instant."""


class Signers(Protocol):
    """Where the signer of an issuer comes from."""

    def of(self, issuer: Issuer) -> Signer:
        """The signer of an issuer; refused where its key is not here or is another's."""


@dataclass(frozen=True, slots=True, repr=False)
class FileSigner:
    """A signer whose key is here (PKCS#8, DER or PEM). Never shown."""

    name: str
    certificate: bytes
    key: bytes

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        """PAdES-B: CAdES in the PDF, SHA-256, without an appearance: what is seen stands on the page already."""
        signer = SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.certificate),
            signing_key=load_private_key_from_pemder_data(self.key, None),
            cert_registry=SimpleCertificateStore(),
        )
        told = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=ALGORITHM, subfilter=SigSeedSubFilter.PADES, reason=reason, name=self.name
        )
        written = BytesIO()
        given = _SignerAt(told, signer=signer, new_field_spec=SigFieldSpec(FIELD), at=at)
        apart(lambda: given.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=written))
        return written.getvalue()


class _SignerAt(PdfSigner):
    """pyHanko's signer with the time handed down, as everywhere in the house; it would ask the machine's clock."""

    def __init__(self, *given: Any, at: datetime, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at = at

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        """A session that is held at the instant of the act."""
        session = super().init_signing_session(*given, **named)
        session.system_time = self._at
        return session


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The folder of key files, readable by the system's user alone; `key_name` of an issuer names its file."""

    folder: Path

    def path(self, key_name: str) -> Path:
        """The file of a key."""
        return self.folder / f"{key_name}.key.pem"

    def of(self, issuer: Issuer) -> FileSigner:
        """The signer of an issuer; refused where the key file is not here or belongs to another certificate."""
        path = self.path(issuer.key_name)
        if not path.is_file():
            raise Refusal("issuer.key_missing", issuer=issuer.name_zh, key=issuer.key_name)
        key = path.read_bytes()
        demand_pair(issuer.certificate, key, issuer=issuer.name_zh, key_name=issuer.key_name)
        return FileSigner(issuer.signer, issuer.certificate, key)


def belongs_to(certificate: bytes, key: bytes) -> bool:
    """Whether a private key (PEM, not encrypted) is that of a certificate (DER)."""
    its = x509.load_der_x509_certificate(certificate).public_key()
    return load_pem_private_key(key, None).public_key() == its


def demand_pair(certificate: bytes, key: bytes, *, issuer: str, key_name: str) -> None:
    """Refuse a key that cannot be read, or that is not the certificate's."""
    try:
        pair = belongs_to(certificate, key)
    except (ValueError, TypeError) as fault:
        raise Refusal("issuer.key_unreadable", key=key_name) from fault
    if not pair:
        raise Refusal("issuer.key_of_another", issuer=issuer, key=key_name)


def certificate_from(content: bytes) -> bytes:
    """A certificate as DER, given as PEM or DER; refused where it is neither."""
    try:
        if content.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        return x509.load_der_x509_certificate(content).public_bytes(Encoding.DER)
    except ValueError as fault:
        raise Refusal("issuer.certificate_unreadable") from fault


def common_name(certificate: bytes) -> str:
    """The name to which a certificate (DER) was given: its common name, else the whole subject."""
    subject = x509.load_der_x509_certificate(certificate).subject
    named = subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(named[0].value) if named else subject.rfc4514_string()
