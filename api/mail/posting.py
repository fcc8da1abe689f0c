"""The way to a mail server, and its twin where none is set."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol

from structlog import get_logger

from api.settings import Settings

log = get_logger("haiyu.mail")
TIMEOUT_SECONDS = 20.0
FOR_GOOD = 500


class NotTaken(Exception):
    """The server did not take a mail; `code` is a message code, `status` the server's (0: it did not come to one).

    Its words are left out: servers like to repeat the address. `for_good` tells that trying again is of no use.
    """

    def __init__(self, code: str, status: int = 0, *, for_good: bool = False) -> None:
        super().__init__(f"{code} {status}")
        self.code, self.status, self.for_good = code, status, for_good


class Post(Protocol):
    """Takes mail. `is_set` is False where there is no server: then no copies are asked for."""

    @property
    def is_set(self) -> bool:
        """Whether there is a server."""

    @property
    def sender(self) -> str:
        """The address that mails come from."""

    def send(self, letter: EmailMessage) -> None:
        """Hand a mail to the server; returns when it has taken it, raises `NotTaken` when it has not."""


class NullPost:
    """No mail server is set: messages are read in the portal alone."""

    is_set = False
    sender = ""

    def send(self, letter: EmailMessage) -> None:
        """Refuse: a copy that was asked for while a server was set waits until there is one again."""
        raise NotTaken("mail.no_server")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPost:
    """A mail server by SMTP; each mail goes on a connection of its own."""

    host: str
    port: int
    security: str
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    is_set: bool = True

    def send(self, letter: EmailMessage) -> None:
        """Hand a mail to the server."""
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            status = max(code for code, _ in refused.recipients.values())
            raise NotTaken("mail.refused", status, for_good=status >= FOR_GOOD) from None
        except smtplib.SMTPAuthenticationError as refused:
            # An administrator mends it; the mail is as good as before.
            raise NotTaken("mail.not_let_in", refused.smtp_code) from None
        except smtplib.SMTPDataError as refused:
            raise NotTaken("mail.refused", refused.smtp_code, for_good=refused.smtp_code >= FOR_GOOD) from None
        except smtplib.SMTPResponseException as refused:
            raise NotTaken("mail.unreachable", refused.smtp_code) from None
        except (smtplib.SMTPException, OSError) as lost:
            raise NotTaken("mail.unreachable") from lost

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server


def warn_of_none(settings: Settings) -> None:
    """Say in the log of a real installation that nobody gets mail; one that is tried out on its own database needs none."""
    if settings.smtp_host is None and not settings.is_embedded:
        log.warning("mail.no_server", said="HAIYU_SMTP_HOST is not set: messages are read in the portal alone")


def post_of(settings: Settings) -> Post:
    """The post that the settings name; without a server its twin."""
    if settings.smtp_host is None:
        return NullPost()
    return SmtpPost(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_sender,
    )
