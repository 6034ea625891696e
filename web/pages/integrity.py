"""Integrity of the record, for the audit administrator: alarms, rounds of verification, heads and who has them."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.service import integrity
from web.auth import current_actor, requires
from web.db import reading, unit_of_work

blueprint = Blueprint("integrity", __name__, url_prefix="/integrity")


@blueprint.get("")
@requires(Permission.SYSTEM_TRACE_READ)
def show() -> str:
    """Everything on one page; alarms that nobody has seen come first."""
    with reading() as uow:
        found = integrity.overview(uow, current_actor())
    return render_template("pages/integrity.html", found=found)


@blueprint.post("/alarms/<key:key>")
@requires(Permission.SYSTEM_TRACE_READ)
def see(key: int) -> Response:
    """The audit administrator has seen an alarm."""
    with unit_of_work() as uow:
        integrity.see(uow, current_actor(), key)
    return redirect(url_for("integrity.show"), code=303)
