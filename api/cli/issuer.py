"""`haiyu issuer`: who issues and signs the papers of a place; an administrator installs one from its certificate and key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from sqlalchemy.orm import Session

from api.cli.law import Day, today
from api.cli.output import Exit, both, both_inline, emit, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.papers.sample_issuer import write_once
from api.papers.signing import KeyFolder, certificate_from, common_name, demand_pair
from api.settings import Settings
from approvals import queries
from approvals.models import Issuer
from approvals.papers.issuers import NewIssuer, certificate_digest, enter_issuer
from approvals.queries.papers import every_issuer
from data import messages
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.store import engine_for, sessions
from parcels.models import Place

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=both("cli.issuer.help"))
def command() -> None:
    """The group itself does nothing."""


@contextmanager
def _session(lang: str) -> Iterator[tuple[Session, KeyFolder]]:
    settings = Settings()
    databases = open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    with sessions(engine_for(databases.app, pooled=False))() as session:
        yield session, KeyFolder(settings.home / "keys")


@command.command("add", help=both("cli.issuer.add.help"))
@click.option("--place", metavar="CODE", help=both_inline("cli.issuer.option.place"))
@click.option("--name-zh", required=True, help=both_inline("cli.issuer.option.name_zh"))
@click.option("--name-en", required=True, help=both_inline("cli.issuer.option.name_en"))
@click.option("--certificate", type=_file, required=True, help=both_inline("cli.issuer.option.certificate"))
@click.option("--key", type=_file, required=True, help=both_inline("cli.issuer.option.key"))
@click.option("--from", "since", type=Day(), help=both_inline("cli.issuer.option.from"))
@click.option("--until", type=Day(), help=both_inline("cli.issuer.option.until"))
@shared_options
def add(
    place: str | None,
    name_zh: str,
    name_en: str,
    certificate: Path,
    key: Path,
    since: date | None,
    until: date | None,
    json_wanted: bool,
    lang: str,
) -> int:
    """Install an issuer; its key is copied into the folder of keys, readable by this user alone."""
    first, shown, secret = since or today(), certificate_from(certificate.read_bytes()), key.read_bytes()
    demand_pair(shown, secret, issuer=name_zh, key_name=key.name)
    _demand_valid(shown, first)
    key_name = f"issuer-{hashlib.sha256(shown).hexdigest()[:16]}"
    with _session(lang) as (session, keys):
        new = NewIssuer(
            place_id=None if place is None else _place(session, place, first),
            name_zh=name_zh,
            name_en=name_en,
            signer=common_name(shown),
            certificate=shown,
            key_name=key_name,
            since=first,
            until=until,
        )
        issuer = enter_issuer(session, new, actor=Actor.administrator(), at=recorded_at(session))
        # The key before the commit: an issuer that the database knows can sign.
        keys.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(keys.path(key_name), secret)
        session.commit()
        told = _told(session, issuer, keys, first)
    line = messages.text(
        "cli.issuer.added", lang, number=told["issuer"], name=told["name"][lang], signer=told["signer"]
    )
    emit({"added": told}, line, json_wanted)
    return Exit.DONE


@command.command("list", help=both("cli.issuer.list.help"))
@shared_options
def list_(json_wanted: bool, lang: str) -> int:
    """Every issuer with its place, days and certificate, and whether its key is on this machine."""
    with _session(lang) as (session, keys):
        rows = [_told(session, issuer, keys, today()) for issuer in every_issuer(session)]
    lines = [
        messages.text(
            "cli.issuer.line",
            lang,
            number=row["issuer"],
            place=row["place"][lang] if row["place"] else messages.text("cli.issuer.everywhere", lang),
            name=row["name"][lang],
            signer=row["signer"],
            first=row["from"],
            last=row["until"] or "",
            key=messages.text(f"cli.issuer.key_{'here' if row['key_here'] else 'away'}", lang),
        )
        for row in rows
    ]
    emit({"issuers": rows}, "\n".join(lines or [messages.text("cli.issuer.nobody", lang)]), json_wanted)
    return Exit.DONE


def _place(session: Session, code: str, day: date) -> int:
    found = queries.place_by_code(session, code, day)
    if found is None:
        raise Refusal("issuer.place_unknown", place=code)
    return found.id


def _demand_valid(certificate: bytes, day: date) -> None:
    """Refuse a certificate that is not valid on the first day of the issuer."""
    told = x509.load_der_x509_certificate(certificate)
    first, last = legal_day(told.not_valid_before_utc), legal_day(told.not_valid_after_utc)
    if not first <= day <= last:
        days = {"day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
        raise Refusal("issuer.certificate_ended", **days)


def _told(session: Session, issuer: Issuer, keys: KeyFolder, day: date) -> dict[str, Any]:
    place = session.get(Place, issuer.place_id) if issuer.place_id is not None else None
    end = issuer.valid.upper
    return {
        "issuer": issuer.id,
        "place": None
        if place is None
        else {"code": queries.administrative_code(session, place.id, day), "zh": place.name_zh, "en": place.name_en},
        "name": {"zh": issuer.name_zh, "en": issuer.name_en},
        "signer": issuer.signer,
        "from": issuer.valid.lower,
        "until": date.fromordinal(end.toordinal() - 1) if end else None,
        "is_builtin": issuer.is_builtin,
        "certificate": certificate_digest(issuer.certificate),
        "key": issuer.key_name,
        "key_here": keys.path(issuer.key_name).is_file(),
    }
