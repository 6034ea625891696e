"""GET /api/files/{key}: an attachment or site photo, as it was uploaded, never executed and never a page."""

from urllib.parse import quote

from flask import Response

from engine.model.actors import Permission
from engine.service import attachments
from web.api.parsing import ApiBlueprint
from web.auth import current_actor, requires
from web.commands import client
from web.db import unit_of_work

blueprint = ApiBlueprint("api_files", __name__, url_prefix="/api", description="Attachments and site photos")

_INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})
_SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@blueprint.on("GET", "/files/<key:key>")
@blueprint.says(responses={"200": {"description": "The file", "content": {"application/octet-stream": {}}}})
@requires(Permission.CASE_READ)
def show(key: int) -> Response:
    """The original bytes. Images and PDF may be looked at in the browser, inside a sandbox; the rest is saved."""
    with unit_of_work() as uow:
        view, data = attachments.read(uow, current_actor(), client(), key)
    shown = view.media_type in _INLINE
    response = Response(data, mimetype=view.media_type if shown else "application/octet-stream")
    disposition = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(view.name, safe='')}"
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
