"""Tells a story through the system's own HTTP interface: signs in by role, sends each act under a key of its own, waits for jobs.

Every request that changes something bears an idempotency key made of the story and the step, so that a story broken off in the
middle (a killed server, a lost line) goes on by telling the same step again: what was done is answered, what was not is done.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import httpx

from data.clock import legal_day

TIMEOUT_SECONDS = 60.0
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


class NotSo(Exception):
    """An answer that the story did not expect; carries it whole."""

    def __init__(self, said: str, answer: httpx.Response) -> None:
        super().__init__(f"{said}: {answer.status_code} {answer.text[:600]}")
        self.answer = answer


@dataclass
class Teller:
    """One teller of stories: the server's address, its clock, and what has been said so far."""

    address: str
    now: Callable[[], datetime]
    advance: Callable[[timedelta], object]
    settle: Callable[[], object]
    memory: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    heard: Callable[[str], object] = lambda step: None
    # Has the papers of a case made, by its number, where no worker makes them by itself.
    papers: Callable[[str], object] = lambda case: None

    @property
    def today(self) -> date:
        """The legal day of the story."""
        return legal_day(self.now())

    def later(self, days: int) -> None:
        """Let days pass; what is due by then is done."""
        self.advance(timedelta(days=days))
        self.settle()

    def call(
        self,
        login: str | None,
        method: str,
        path: str,
        *,
        key: str | None = None,
        expect: Iterable[int] = (200, 201, 202, 204),
        **given: Any,
    ) -> Any:
        """One request as somebody (None: the public); its answer as JSON, bytes for anything else."""
        answer = self._send(login, method, path, key, given)
        if answer.status_code == 401 and login is not None:
            # A session does not outlive the days that a story lets pass.
            self.tokens.pop(login, None)
            answer = self._send(login, method, path, key, given)
        if answer.status_code not in set(expect):
            raise NotSo(f"{method} {path} as {login}", answer)
        kind = answer.headers.get("content-type", "")
        return answer.json() if "json" in kind else answer.content

    def _send(
        self, login: str | None, method: str, path: str, key: str | None, given: Mapping[str, Any]
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(login)}"} if login is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        url = f"{self.address}/api/v1{path}"
        return httpx.request(
            method, url, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False, verify=_trusted(), **given
        )

    def token(self, login: str) -> str:
        """A token of a sample person, who signs in where there is none."""
        if login not in self.tokens:
            url = f"{self.address}/api/v1/sign-in"
            asked = {"sample": login, "way": "token"}
            answer = httpx.post(url, json=asked, timeout=TIMEOUT_SECONDS, trust_env=False, verify=_trusted())
            if answer.status_code != 200:
                raise NotSo(f"sign in as {login}", answer)
            self.tokens[login] = str(answer.json()["token"])
        return self.tokens[login]

    # What every story does, in its own words.

    def party_of(self, login: str) -> int:
        """The party that a sample person acts for."""
        told = self.call(login, "GET", "/me")
        return int(told["parties"][0]["party"])

    def act(
        self, story: str, login: str, name: str, *, expect: Iterable[int] = (200,), failing: str = "", **given: Any
    ) -> Any:
        """An act on the story's case; its checklist passes but for `failing`. A task's key makes the request's key its own."""
        body = {"act": name, **given}
        key = f"{story}:{name}:{given.get('key', '')}"
        if "checklist" not in body:
            # Asked once: told again after a break, the request must be the same, and what is done is offered no more.
            if f"{key}:checklist" not in self.memory:
                self.memory[f"{key}:checklist"] = self.checklist(story, login, name, given.get("key"), failing)
            body["checklist"] = self.memory[f"{key}:checklist"]
        return self.call(login, "POST", f"/cases/{self.memory[story]}/acts", key=_safe(key), expect=expect, json=body)

    def checklist(self, story: str, login: str, name: str, key: str | None = None, failing: str = "") -> dict[str, str]:
        """The checklist that an act asks for, passed but for one item."""
        acts = self.call(login, "GET", f"/cases/{self.memory[story]}/acts")["acts"]
        found: dict[str, Any] = next((each for each in acts if each["act"] == name and each["key"] == key), {})
        return {item: "fail" if item == failing else "pass" for item in found.get("checklist", {})}

    def put_on_file(self, story: str, login: str, name: str, words: str = "") -> str:
        """Put a file on the story's case; its digest (hex)."""
        content = PDF + f"% {story} {name} {words}\n".encode()
        told = self.call(
            login,
            "POST",
            f"/cases/{self.memory[story]}/materials",
            key=_safe(f"{story}:file:{name}:{words}"),
            data={"name": name},
            files={"file": (f"{name}.pdf", content, "application/pdf")},
        )
        return str(told["digest"]).removeprefix("sha256:")

    def sign(self, story: str, login: str) -> None:
        """Ask for the code, read it in the messages, confirm with it; nothing where what stands is signed already."""
        case = self.memory[story]
        if self.call(login, "GET", f"/cases/{case}/signing")["binds"]:
            return
        message = self.call(login, "POST", f"/cases/{case}/signing", json={})["message"]
        code = self.call(login, "POST", f"/messages/{message}/opened")["one_time_code"]
        self.call(login, "POST", f"/cases/{case}/signature", json={"code": code})

    def case(self, story: str, login: str) -> dict[str, Any]:
        """The story's case as somebody sees it."""
        told: dict[str, Any] = self.call(login, "GET", f"/cases/{self.memory[story]}")
        return told


@cache
def _trusted() -> ssl.SSLContext:
    """Made once: left to itself the library reads all certificates of the machine for each request."""
    return ssl.create_default_context()


def _safe(key: str) -> str:
    """A key of the signs that keys may have, at least eight of them."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._~:-") else "-" for sign in key).ljust(
        8, "-"
    )
