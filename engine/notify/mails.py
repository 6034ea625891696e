"""Sending a mail over SMTP."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

LIMIT_S = 20


class MailRefused(Exception):
    """It cannot be sent as it is; trying again changes nothing."""


class MailFailed(Exception):
    """The server could not be reached, or would not take it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where mail is given to. url: ``smtp://[user@]host[:port]``, ``smtps://…`` or ``smtp+starttls://…``."""

    url: str
    sender: str
    password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail in plain text. message_id: without brackets, the same each time it is tried."""

    to: Sequence[str]
    subject: str
    body: str
    message_id: str
    cc: Sequence[str] = ()


def send(mail: Mail, post: Post) -> None:
    """Raises MailRefused, MailFailed."""
    message = _message(mail, post.sender)
    parts = urlsplit(post.url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise MailRefused("MINGJING_SMTP must be smtp://host, smtps://host or smtp+starttls://host")
    try:
        with _open(parts.scheme, parts.hostname, parts.port) as server:
            if parts.username:
                server.login(unquote(parts.username), post.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise MailRefused("the mail server takes no mail for these addresses") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(f"the mail server did not take the mail: {type(error).__name__}") from error


def _open(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=LIMIT_S, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or (587 if scheme == "smtp+starttls" else 25), timeout=LIMIT_S)
    if scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"] = Address(addr_spec=sender)
        message["To"] = tuple(Address(addr_spec=one) for one in mail.to)
        if mail.cc:
            message["Cc"] = tuple(Address(addr_spec=one) for one in mail.cc)
        message["Subject"] = mail.subject
        message["Message-ID"] = f"<{mail.message_id}>"
    except (ValueError, IndexError) as error:
        raise MailRefused("an address or the subject of the mail is malformed") from error
    message.set_content(mail.body)
    return message
