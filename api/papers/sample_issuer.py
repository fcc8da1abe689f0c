"""The built-in issuer: a key made on this machine, whose papers are samples and say so on every page (register.md §8)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy.orm import Session, sessionmaker

from api.papers.signing import KeyFolder
from approvals.models import Issuer
from approvals.papers.issuers import STREAM, NewIssuer, builtin_issuer, enter_issuer
from data.actors import Actor
from data.events import lock_streams

KEY_NAME = "haiyu-sample-issuer"
SIGNER = "haiyu sample issuer"
NAMES = {"zh": "内置示例机关", "en": "Built-in sample issuer"}
# The certificate says nothing about time: what it signs is never valid. Fixed days need no clock.
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2069, 12, 31, tzinfo=UTC)


class BuiltinIssuer:
    """The built-in issuer of one server: entered when the server starts, or as soon as the database answers."""

    def __init__(self, maker: sessionmaker[Session], folder: Path, clock: Callable[[], datetime]) -> None:
        self._maker, self._keys, self._clock = maker, KeyFolder(folder), clock
        self._is_entered = False

    def ensure(self) -> None:
        """Enter it unless this server has seen it entered; raises what the database raises."""
        if not self._is_entered:
            with self._maker.begin() as session:
                ensure_sample_issuer(session, self._keys, at=self._clock())
            self._is_entered = True


def ensure_sample_issuer(session: Session, keys: KeyFolder, *, at: datetime) -> Issuer:
    """The built-in issuer of this installation: its key made once, its row entered once for each key."""
    certificate = sample_certificate(keys)
    if (known := _known(session, certificate)) is not None:
        return known
    # Server and worker start at once: one enters it, and whoever comes second finds it under the lock.
    lock_streams(session, [STREAM])
    if (known := _known(session, certificate)) is not None:
        return known
    new = NewIssuer(
        place_id=None,
        name_zh=NAMES["zh"],
        name_en=NAMES["en"],
        signer=SIGNER,
        certificate=certificate,
        key_name=KEY_NAME,
        is_builtin=True,
        since=SINCE.date(),
    )
    return enter_issuer(session, new, actor=Actor.machine(), at=at)


def _known(session: Session, certificate: bytes) -> Issuer | None:
    known = builtin_issuer(session)
    return known if known is not None and known.certificate == certificate else None


def sample_certificate(keys: KeyFolder) -> bytes:
    """The certificate (DER) of the built-in issuer; key and certificate are made where there are none, mode 600."""
    keys.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_path, certificate_path = keys.path(KEY_NAME), keys.folder / f"{KEY_NAME}.cert.der"
    if not key_path.exists():
        made = generate_private_key(SECP256R1())
        write_once(key_path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    if not certificate_path.exists():
        key = load_pem_private_key(key_path.read_bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        write_once(certificate_path, _certificate(key))
    return certificate_path.read_bytes()


def write_once(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, whole or not at all; of several processes that start at once one wins."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def _certificate(key: EllipticCurvePrivateKey) -> bytes:
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, SIGNER),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "haiyu 样本 SAMPLE"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(UNTIL)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)
