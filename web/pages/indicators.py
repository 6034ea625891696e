"""The indicator library: the list, one indicator with its versions as a time line, a new version, a decision."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.commands import DecideIndicator, ProposeIndicator
from engine.model.errors import Conflict, Invalid, MingjingError, NotAllowed, Refused
from engine.model.indicators import IndicatorKind, IndicatorView, ValueType
from engine.service import deployment, indicators
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work
from web.observability import note_problem
from web.pages import indicator_forms

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")

_FAILURES = (Invalid, Refused, Conflict, NotAllowed)


@blueprint.get("")
@requires(Permission.INDICATOR_READ)
def index() -> str:
    """All indicators with the values of today, by kind."""
    wanted = request.args.get("kind", "")
    kind = IndicatorKind(wanted) if wanted in list(IndicatorKind) else None
    with reading() as uow:
        rows = indicators.search(uow, current_actor(), kind)
    return render_template("pages/indicators.html", rows=rows, kind=kind, kinds=tuple(IndicatorKind))


@blueprint.get("/<key>")
@requires(Permission.INDICATOR_READ)
def show(key: str) -> str:
    """One indicator: what holds today, every version, and the checks that name it."""
    return _page(key)


@blueprint.get("/new")
@requires(Permission.INDICATOR_KEEP)
def draft() -> str:
    """A new version of an indicator (`code`), or a new indicator."""
    code = request.args.get("code", "")
    with reading() as uow:
        view = indicators.view(uow, current_actor(), code) if code else None
    return _form(_before(view) if view else {})


@blueprint.post("/new")
@requires(Permission.INDICATOR_KEEP)
def propose() -> Response | tuple[str, int]:
    """Propose what was typed; it stays on the page when that fails."""
    try:
        with unit_of_work() as uow:
            wanted = ProposeIndicator(
                command_id=command_id(), indicator=indicator_forms.typed(), reason=request.form.get("reason", "")
            )
            made = indicators.propose(uow, wanted, current_actor(), client())
    except _FAILURES as error:
        note_problem(error.code)
        return _form(request.form, error), problems.status_of(error)
    flash(gettext("Proposed. It holds once somebody else has published it."), "success")
    return redirect(url_for("indicators.show", key=made.indicator.code), code=303)


@blueprint.post("/<key>/decision")
@requires(Permission.INDICATOR_KEEP)
def decide(key: str) -> Response | tuple[str, int]:
    """Publish a proposed version, or turn it down."""
    version, publish = request.form.get("version", default=0, type=int), request.form.get("publish") == "yes"
    wanted = DecideIndicator(
        command_id=command_id(), key=version, publish=publish, reason=request.form.get("reason", "")
    )
    try:
        with unit_of_work() as uow:
            indicators.decide(uow, wanted, current_actor(), client())
    except _FAILURES as error:
        note_problem(error.code)
        return _page(key, error), problems.status_of(error)
    flash(gettext("Published.") if publish else gettext("Turned down."), "success")
    return redirect(url_for("indicators.show", key=key), code=303)


def _page(key: str, error: MingjingError | None = None) -> str:
    with reading() as uow:
        view = indicators.view(uow, current_actor(), key)
    problem = problems.of_error(error) if error is not None else None
    return render_template("pages/indicator.html", view=view, problem=problem)


def _form(typed: Any, error: MingjingError | None = None) -> str:
    with reading() as uow:
        actor = current_actor()
        districts, city = indicators.districts(uow, actor), indicators.keeps_city(uow, actor)
        businesses = {row.id: row.name for row in deployment.search(uow, limit=100)}
    problem = problems.of_error(error) if error is not None else None
    return render_template(
        "pages/indicator_new.html",
        typed=typed,
        problem=problem,
        districts=districts,
        city=city,
        businesses=businesses,
        kinds=tuple(IndicatorKind),
        value_types=tuple(ValueType),
    )


def _before(view: IndicatorView) -> dict[str, str]:
    """The newest version as a form is filled with it; the days and the reason are for the keeper."""
    newest = view.row.today or view.versions[0].indicator
    return {
        "code": newest.code,
        "name": newest.name,
        "kind": newest.kind.value,
        "value_type": newest.value_type.value,
        "value": indicator_forms.written(newest.value),
        "unit": newest.unit,
        "law": newest.law,
        "business_type": newest.business_type,
        "district_limits": indicator_forms.written(newest.district_limits),
    }
