"""Parties: an identity without a number of its own meaning; names and identifiers are dated rows (register.md §7).

Identifiers (统一社会信用代码, 身份证号 …) are stored encrypted (AES-256-GCM), with a keyed hash beside them for equality, from the
first row on. The keys come in as a value; the embedded installation keeps them in a file that only its user can read.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName, record
from marine.identifiers import id_ok, uscc_ok
from parcels.models import Party, PartyIdentifier, PartyName
from parcels.registering.rows import new_ids, until, write
from parcels.registering.writing import instant_of_act

KEY_BYTES, NONCE_BYTES = 32, 12
SCHEMES = ("uscc", "id18", "id15", "passport", "hmt_permit", "organisation_code", "none")


@dataclass(frozen=True, slots=True, repr=False)
class PartyKeys:
    """The two keys of identifiers: one encrypts, one hashes for equality. Never shown."""

    encryption: bytes
    equality: bytes

    @classmethod
    def from_secret(cls, secret: bytes) -> PartyKeys:
        """Both keys from one secret of at least 32 bytes; each is bound to its purpose."""
        if len(secret) < KEY_BYTES:
            raise ValueError(f"the secret of identifiers has {len(secret)} bytes and needs {KEY_BYTES}")
        return cls(
            hmac.digest(secret, b"haiyu/party-identifier/encryption/1", "sha256"),
            hmac.digest(secret, b"haiyu/party-identifier/equality/1", "sha256"),
        )

    @classmethod
    def from_file(cls, path: Path) -> PartyKeys:
        """The keys of an embedded installation: read from a file, made there once (mode 600) where there is none."""
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Written whole beside its place and then linked: of several processes that start at once one wins, and none reads half.
            beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(beside, path)
            beside.unlink()
        return cls.from_secret(bytes.fromhex(path.read_text(encoding="ascii").strip()))

    def seal(self, scheme: str, number: str) -> bytes:
        """The encrypted number: nonce, then ciphertext bound to its scheme."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.encryption).encrypt(nonce, normal(number).encode(), scheme.encode())

    def open(self, scheme: str, sealed: bytes) -> str:
        """The number of an identifier that these keys sealed."""
        return AESGCM(self.encryption).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], scheme.encode()).decode()

    def seal_text(self, purpose: str, text: str) -> bytes:
        """Any personal text, encrypted as it is: nonce, then ciphertext bound to its purpose (which row and field it belongs to)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.encryption).encrypt(nonce, text.encode(), _purpose(purpose))

    def open_text(self, purpose: str, sealed: bytes) -> str:
        """The text that these keys sealed for this purpose; another purpose or changed bytes raise `InvalidTag`."""
        return AESGCM(self.encryption).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _purpose(purpose)).decode()

    def hash_text(self, purpose: str, text: str) -> bytes:
        """The keyed hash of a text, for equality within one purpose."""
        return hmac.digest(self.equality, _purpose(purpose) + b"\0" + text.encode(), hashlib.sha256)

    def hashed(self, scheme: str, number: str) -> bytes:
        """The keyed hash by which equal numbers of a scheme are found."""
        return hmac.digest(self.equality, f"{scheme}\0{normal(number)}".encode(), hashlib.sha256)


def _purpose(purpose: str) -> bytes:
    """Purposes of texts stand apart from the schemes of identifiers."""
    return f"text/{purpose}".encode()


def normal(number: str) -> str:
    """A number as it is compared: full-width forms folded, spaces and hyphens dropped, capitals.

    >>> normal(" 91371000 ma-3c")
    '91371000MA3C'
    """
    folded = unicodedata.normalize("NFKC", number)
    return "".join(sign for sign in folded if not sign.isspace() and sign != "-").upper()


def check_digit_ok(scheme: str, number: str) -> bool | None:
    """Whether the check digit fits; None for schemes without one that we can compute.

    >>> check_digit_ok("passport", "E12345678") is None
    True
    """
    if scheme == "uscc":
        return uscc_ok(normal(number))
    if scheme in ("id18", "id15"):
        return id_ok(normal(number))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """A party to be entered: kind, name, and its identifier if it has one."""

    name: str
    kind: str = "company"
    scheme: str = "none"
    number: str | None = None
    mark: str | None = None


def write_parties(
    session: Session, parties: Sequence[NewParty], *, keys: PartyKeys | None, since: date | None = None
) -> list[int]:
    """Write new parties with name and identifier; one call for one or for thousands. Gives their ids in order."""
    ids = new_ids(session, "party", len(parties))
    valid = until(since, None)
    write(session, "party", ("id", "kind", "mark"), zip(ids, *_columns(parties), strict=True))
    names = ((number, party.name, valid) for number, party in zip(ids, parties, strict=True))
    write(session, "party_name", ("party_id", "name", "valid"), names)
    write(
        session,
        "party_identifier",
        ("party_id", "scheme", "ciphertext", "keyed_hash", "check_digit_ok", "valid"),
        (
            (
                number,
                party.scheme,
                _keys(keys).seal(party.scheme, party.number),
                _keys(keys).hashed(party.scheme, party.number),
                check_digit_ok(party.scheme, party.number),
                valid,
            )
            for number, party in zip(ids, parties, strict=True)
            if party.number
        ),
    )
    return ids


def _columns(parties: Sequence[NewParty]) -> tuple[list[str], list[str | None]]:
    return [party.kind for party in parties], [party.mark for party in parties]


def _keys(keys: PartyKeys | None) -> PartyKeys:
    if keys is None:
        raise ValueError("identifiers are stored encrypted: the keys must be given")
    return keys


def enter_party(
    session: Session, party: NewParty, *, actor: Actor, keys: PartyKeys | None, since: date | None = None
) -> int:
    """Enter a party of our own day: a failed check digit refuses it, an identifier known already gives the party that has it."""
    if party.number:
        if check_digit_ok(party.scheme, party.number) is False:
            raise Refusal("party.check_digit", scheme=party.scheme)
        known = find_party(session, party.scheme, party.number, keys=_keys(keys))
        if known is not None:
            return known
    party_id = write_parties(session, [party], keys=keys, since=since)[0]
    stream = StreamName("party", party_id)
    at = instant_of_act(session, [stream])
    body = {"party": party_id, "kind": party.kind, "scheme": party.scheme}
    record(session, stream, "party.entered", body, actor=actor, at=at, texts={"name": party.name})
    return party_id


def find_party(session: Session, scheme: str, number: str, *, keys: PartyKeys) -> int | None:
    """The party that has this identifier, the one it was merged into where it was."""
    found = find_parties(session, [(scheme, number)], keys=keys)
    return found.get(keys.hashed(scheme, number))


def find_parties(session: Session, numbers: Sequence[tuple[str, str]], *, keys: PartyKeys) -> dict[bytes, int]:
    """The parties that have these (scheme, number), by keyed hash; of several the earliest entered."""
    hashes = [keys.hashed(scheme, number) for scheme, number in numbers]
    query = (
        select(PartyIdentifier.keyed_hash, Party.id, Party.merged_into_id)
        .join(Party, Party.id == PartyIdentifier.party_id)
        .where(PartyIdentifier.keyed_hash.in_(hashes))
        .order_by(Party.id.desc())
    )
    return {bytes(hashed): merged or party for hashed, party, merged in session.execute(query) if hashed is not None}


def name_of(session: Session, party_id: int, day: date) -> str | None:
    """The name that a party had on a day."""
    query = select(PartyName.name).where(PartyName.party_id == party_id, PartyName.valid.contains(day))
    return session.scalars(query.order_by(PartyName.id.desc()).limit(1)).first()
