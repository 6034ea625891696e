"""What the operator lets out of the house: hosts that may be called, the mail server, secrets."""

import os
from pathlib import Path

from engine.notify import mails, web_calls
from engine.service.equipment import Equipment


def allowed() -> web_calls.Allowed:
    """Hosts that may be called: ``MINGJING_HTTP_HOSTS``, ``MINGJING_HTTP_PRIVATE_HOSTS``."""
    return web_calls.Allowed(hosts=_listed("MINGJING_HTTP_HOSTS"), private=_listed("MINGJING_HTTP_PRIVATE_HOSTS"))


def post(secrets: Path) -> mails.Post | None:
    """The mail server: ``MINGJING_SMTP``, ``MINGJING_MAIL_FROM``; None when they are not set."""
    url, sender = os.environ.get("MINGJING_SMTP", ""), os.environ.get("MINGJING_MAIL_FROM", "")
    return mails.Post(url=url, sender=sender, password=secret(secrets, "smtp")) if url and sender else None


def secrets_of(equipment: Equipment) -> Path:
    """The folder of secrets, ``VAR/secrets``."""
    return equipment.blobs.root.parent / "secrets"


def secret(folder: Path, name: str) -> str:
    """The content of a secret; empty when there is none."""
    path = folder / name
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _listed(variable: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in os.environ.get(variable, "").split(",") if part.strip())
