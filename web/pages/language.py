"""How a reader wants to read: language and size of type. Kept in the session and a cookie, not in the account."""

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from web.auth import local_path, public
from web.languages import SUPPORTED
from web.pages.rendering import TEXT_COOKIE

blueprint = Blueprint("language", __name__)

_YEAR_S = 365 * 24 * 3600


@blueprint.post("/language")
@public
def choose() -> Response:
    """Change the language and come back to the page."""
    if request.form.get("locale") in SUPPORTED:
        session["locale"] = request.form["locale"]
    return redirect(local_path(request.form.get("next")), code=303)


@blueprint.post("/text-size")
@public
def text_size() -> Response:
    """Large type on or off, and back to the page."""
    response = redirect(local_path(request.form.get("next")), code=303)
    size = "large" if request.form.get("size") == "large" else "normal"
    response.set_cookie(TEXT_COOKIE, size, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure, httponly=True)
    return response
