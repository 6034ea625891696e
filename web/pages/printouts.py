"""Printing a case, and the page where anybody checks a print-out by its code."""

import hashlib
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for

from engine.model.actors import Permission
from engine.model.errors import NotFound
from engine.service import printouts
from web.auth import current_actor, public, requires
from web.commands import client
from web.db import reading, unit_of_work
from web.printing import case_pdf

blueprint = Blueprint("printouts", __name__)


@blueprint.post("/cases/<key:key>/print")
@requires(Permission.CASE_READ)
def make(key: int) -> Response:
    """The case as PDF, as far as the reader may see it. The look is traced, the print-out kept by its code."""
    with unit_of_work() as uow:
        printing = printouts.begin(uow, current_actor(), client(), key)
        data = case_pdf.make(printing, url_for("printouts.check", _external=True))
        printouts.finish(uow, current_actor(), printing, hashlib.sha256(data).hexdigest())
    response = Response(data, mimetype="application/pdf")
    name = quote(f"{printing.view.case.number}.pdf", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/verify")
@public
def check() -> str | tuple[str, int]:
    """Whether a print-out still says what the trace says; with `code`, the answer."""
    code = request.args.get("code", "").strip()[:40]
    if not code:
        return render_template("pages/printout.html", code="", answer=None)
    try:
        with reading() as uow:
            found = printouts.answer(uow, code)
    except NotFound:
        return render_template("pages/printout.html", code=code, answer=None), 404
    return render_template("pages/printout.html", code=code, answer=found)
