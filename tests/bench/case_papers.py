"""From the answer to an act until its paper stands: alone, and when eight acts ask for papers at once; beside bare setting and signing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from api.papers.setting import set_paper
from api.papers.signing import KeyFolder
from approvals.models import Issuer
from approvals.papers.reserving import content_in
from approvals.queries.papers import document_by_code
from data.messages import LANGUAGES
from parcels.parties import PartyKeys
from tests.bench.case_acts import Act, Client
from tests.bench.case_clients import together
from tests.bench.case_writes import connect

# Eight that look a hundred times a second would take what they measure from the machine.
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 300
BARE_ROUNDS = 5
STANDS = "SELECT standing = 'valid' FROM document WHERE code = %s"


def alone(address: str, url: str, act: Act, case: str) -> float:
    """Seconds from the answer to the act until its paper stands; nothing else may wait for the worker."""
    with Client(address, act) as client:
        return _until_it_stands(client, url, case)


def at_once(address: str, url: str, act: Act, cases: Sequence[str]) -> list[float]:
    """The same of eight acts that are asked for at the same moment, each from its own answer on."""

    def work(number: int, begin: Callable[[], object]) -> float:
        with Client(address, act) as client:
            begin()
            return _until_it_stands(client, url, cases[number])

    return together(work)[1]


def _until_it_stands(client: Client, url: str, case: str) -> float:
    with connect(url) as connection:
        (paper,) = client.do(case)["papers"]
        answered = time.perf_counter()
        while not connection.execute(STANDS, (paper["code"],)).fetchone()[0]:
            if time.perf_counter() - answered > PATIENCE_SECONDS:
                raise SystemExit(f"the paper {paper['number']} is not made")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - answered


def bare_seconds(session: Session, code: str, keys: Path, address: str) -> float:
    """Median seconds of setting and signing the paper of that code in both languages, in a loop, without queue and database."""
    document = document_by_code(session, code)
    if document is None or document.issuer_id is None:
        raise SystemExit(f"no paper has the code {code}")
    content = content_in(document, PartyKeys.from_file(keys / "parties.key"))
    signer = KeyFolder(keys).of(session.get_one(Issuer, document.issuer_id))
    spent = []
    for _ in range(BARE_ROUNDS + 1):
        begun = time.perf_counter()
        for lang in LANGUAGES:
            paper = set_paper(content, lang, base_url=address)
            signer.sign(paper.pdf, at=document.recorded_at, reason=content.number)
        spent.append(time.perf_counter() - begun)
    # The first one looks for the fonts, as a worker does once in its life.
    return float(np.median(spent[1:]))
