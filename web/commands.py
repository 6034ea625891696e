"""What every command carries besides its own data: an id under which it is done once, and the client it came from."""

import re
import secrets
from urllib.parse import unquote

from flask import g, request

from engine.model.actors import Client
from engine.model.errors import Detail, Invalid
from engine.model.ids import CommandId

HEADER = "Idempotency-Key"
FIELD = "command_id"
REASON_HEADER = "Mingjing-Reason"
"""Why an inspector's program looks at a case: UTF-8, percent-encoded, as HTTP headers hold no Chinese."""

_COMMAND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{7,127}")


def new_command_id() -> CommandId:
    """A fresh id, for a form to carry as the hidden field ``command_id``: a second click then repeats the command."""
    return CommandId(secrets.token_hex(16))


def command_id() -> CommandId:
    """The id of the command in this request: header ``Idempotency-Key``, else the form's hidden field, else a new one.

    The same answer for the whole request. Raises Invalid for an id that is too short, too long or has other
    characters than letters, digits and ``._:~-``.
    """
    if "command_id" not in g:
        g.command_id = _read()
    return CommandId(g.command_id)


def known_command_id() -> str:
    """The id for logs and problems: never raises, and never reads the body."""
    if "command_id" not in g:
        given = request.headers.get(HEADER, "")
        g.logged_command_id = given if _COMMAND_ID.fullmatch(given) else g.get("logged_command_id") or new_command_id()
        return str(g.logged_command_id)
    return str(g.command_id)


def _read() -> CommandId:
    given, place = request.headers.get(HEADER), HEADER
    if given is None and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        given, place = request.form.get(FIELD) or None, FIELD
    if given is None:
        return CommandId(g.get("logged_command_id") or new_command_id())
    if not _COMMAND_ID.fullmatch(given):
        message = "8 to 128 letters, digits or ._:~- are needed, beginning with a letter or digit"
        detail = Detail(place=place, code="pattern", message=message)
        raise Invalid("command.id", "the id of the command is malformed", details=[detail])
    return CommandId(given)


def client() -> Client:
    """The client of this request. The address is the network peer's, or the browser's behind trusted proxies."""
    channel = "api" if is_api() else "page"
    program = request.headers.get("User-Agent", "")[:200]
    reason = " ".join(unquote(request.headers.get(REASON_HEADER, "")).split())[:200]
    return Client(channel=channel, address=request.remote_addr or "", program=program, reason=reason)


def is_api() -> bool:
    """Whether this request speaks JSON problems rather than pages."""
    return request.path.startswith(("/v2/", "/api/", "/healthz", "/readyz", "/metrics")) and request.path != "/api/docs"
