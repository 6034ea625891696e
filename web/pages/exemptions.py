"""Exemptions and suppressions: the list of a reader's reach, and a form for supervisors."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.errors import Conflict, Detail, Invalid, MingjingError, NotFound, Refused
from engine.model.exemptions import EndExemption, ExemptionKind, ExemptionScope, GrantExemption
from engine.service import exemptions, rights
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work
from web.observability import note_problem

blueprint = Blueprint("exemptions", __name__, url_prefix="/exemptions")

_FAILURES = (Invalid, Refused, NotFound, Conflict)

_KINDS = {
    ExemptionKind.EXEMPTION: lazy_gettext("Exemption: the rule does not apply here"),
    ExemptionKind.SUPPRESSION: lazy_gettext("Suppression: its findings are known already"),
}
_SHORT = {
    ExemptionKind.EXEMPTION: lazy_gettext("Exemption"),
    ExemptionKind.SUPPRESSION: lazy_gettext("Suppression"),
}
_SCOPES = {
    ExemptionScope.CASE: lazy_gettext("One case"),
    ExemptionScope.UNIT: lazy_gettext("All cases of a unit"),
    ExemptionScope.BUSINESS: lazy_gettext("One business of a unit"),
}


@blueprint.get("")
@requires(Permission.ALERT_READ, Permission.DISCIPLINE_READ)
def index() -> str:
    """What holds first, then what has ended; `code` narrows it to one check."""
    return _page()


@blueprint.post("")
@requires(Permission.ALERT_HANDLE)
def grant() -> Response | tuple[str, int]:
    """Grant what was typed; it stays on the page when that fails."""
    try:
        with unit_of_work() as uow:
            exemptions.grant(uow, _typed(), current_actor(), client())
    except _FAILURES as error:
        note_problem(error.code)
        return _page(error), problems.status_of(error)
    flash(gettext("Granted, and written in the trace."), "success")
    return redirect(url_for("exemptions.index"), code=303)


@blueprint.post("/<key:key>/end")
@requires(Permission.ALERT_HANDLE)
def end(key: int) -> Response | tuple[str, int]:
    """End one before its day."""
    try:
        with unit_of_work() as uow:
            exemptions.end(uow, EndExemption(command_id=command_id(), key=key), current_actor(), client())
    except _FAILURES as error:
        note_problem(error.code)
        return _page(error), problems.status_of(error)
    flash(gettext("Ended. Its check has consequences again."), "success")
    return redirect(url_for("exemptions.index"), code=303)


def kind_label(kind: ExemptionKind) -> str:
    """Exemption or suppression in one word."""
    return str(_SHORT[kind])


def scope_label(scope: ExemptionScope) -> str:
    """What one holds for."""
    return str(_SCOPES[scope])


def _typed() -> GrantExemption:
    form = request.form
    code, _, check_id = form.get("check", "").partition("#")
    try:
        kind, scope = ExemptionKind(form.get("kind", "")), ExemptionScope(form.get("scope", ""))
        until = date.fromisoformat(form.get("until", ""))
    except ValueError as error:
        detail = Detail(place="until", code="exemption_until", message="choose kind and scope, and type the last day")
        raise Invalid("exemption.incomplete", "something is missing or wrong", details=[detail]) from error
    return GrantExemption(
        command_id=command_id(),
        kind=kind,
        code=code,
        check_id=check_id,
        scope=scope,
        number=form.get("number", ""),
        unit=form.get("unit", ""),
        process_id=form.get("process_id", ""),
        reason=form.get("reason", ""),
        until=until,
    )


def _page(error: MingjingError | None = None) -> str:
    actor, code = current_actor(), request.args.get("code", "")[:20]
    with reading() as uow:
        rows = exemptions.search(uow, actor, code=code)
        choices = exemptions.choices(uow, actor) if rights.has(actor, Permission.ALERT_HANDLE) else None
    return render_template(
        "pages/exemptions.html",
        rows=rows,
        choices=choices,
        code=code,
        typed=request.form,
        kinds=_KINDS,
        scopes=_SCOPES,
        kind_label=kind_label,
        scope_label=scope_label,
        problem=problems.of_error(error) if error is not None else None,
    )
