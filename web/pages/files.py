"""Attachments and site photos: downloaded, or shown as pictures inside a sandbox. Never executed, never a page."""

from urllib.parse import quote

from flask import Blueprint, Response

from engine.service import attachments
from web.auth import current_actor, signed_in
from web.commands import client
from web.db import unit_of_work

blueprint = Blueprint("files", __name__, url_prefix="/files")

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


@blueprint.get("/<key:key>")
@signed_in
def download(key: int) -> Response:
    """The original bytes, to be saved."""
    return _answer(key, inline=False)


@blueprint.get("/<key:key>/picture")
@signed_in
def show(key: int) -> Response:
    """A photo to look at; anything else is only downloaded."""
    return _answer(key, inline=True)


@blueprint.get("/<key:key>/small")
@signed_in
def thumbnail(key: int) -> Response:
    """A small picture of a photo for lists; what cannot be drawn is answered with the original."""
    with unit_of_work() as uow:
        data = attachments.small(uow, current_actor(), client(), key)
    if data is None:
        return _answer(key, inline=True)
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def _answer(key: int, *, inline: bool) -> Response:
    with unit_of_work() as uow:
        view, data = attachments.read(uow, current_actor(), client(), key)
    picture = inline and view.media_type in _PICTURES
    response = Response(data, mimetype=view.media_type if picture else "application/octet-stream")
    disposition = "inline" if picture else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(view.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
