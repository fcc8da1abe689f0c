"""A mail server in a thread: it speaks enough SMTP for smtplib, keeps what it was given, and refuses what a test tells it to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Mailbox:
    """Where the server listens, the mails that it took, and how it answers: by addressee, and to all data."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    connections: int = 0


class _Line(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        box.connections += 1
        self._say("220 mailbox")
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word.upper().partition(" ")[0]
            if verb in ("EHLO", "HELO", "MAIL", "RSET"):
                self._say("250 mailbox")
            elif verb == "RCPT":
                self._say(box.refusals.get(word[word.index("<") + 1 : word.index(">")], "250 known"))
            elif verb == "DATA":
                self._say("354 go on")
                self._take(box)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not known here")

    def _take(self, box: Mailbox) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if box.data_answer.startswith("2"):
            letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            box.letters.append(letter)
        self._say(box.data_answer)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A server on a free port of this machine for as long as the block lasts."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line) as server:
        server.daemon_threads = True
        box = Mailbox(port=server.server_address[1])
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
