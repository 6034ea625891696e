"""The alert centre of the unit: the list, one alert with its evidence, and each step of its life."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.alerts import AlertStep, Verdict
from engine.model.commands import HandleAlert
from engine.model.errors import Conflict, Detail, Invalid, MingjingError, NotAllowed
from engine.model.ids import AlertKey
from engine.service import alerts
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work
from web.observability import note_problem
from web.pages import alert_filters, labels

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")

FILTERS = ("open", "overdue", "raised", "signed", "verified", "rectified", "fed_back", "reviewed", "cleared", "all")


@blueprint.get("")
@requires(Permission.ALERT_READ)
def index() -> str:
    """Alerts in the reader's reach as filtered, and their number; beside them the confirmed rate of each check."""
    chosen = alert_filters.of_request(request.args)
    wanted, cursor, actor = alert_filters.meant(chosen), request.args.get("cursor"), current_actor()
    with reading() as uow:
        page, count = alerts.search(uow, actor, cursor, wanted=wanted), alerts.count(uow, actor, wanted)
        counts, rates = alerts.counts(uow, actor), alerts.rates(uow, actor)
    return render_template(
        "pages/alerts.html", page=page, count=count, counts=counts, rates=rates, chosen=chosen, filters=FILTERS
    )


@blueprint.get("/<key:key>")
@requires(Permission.ALERT_READ)
def show(key: int) -> str:
    """One alert: what was found and why, what was done about it, and what the reader may do."""
    return _page(key)


@blueprint.post("/<key:key>")
@requires(Permission.ALERT_HANDLE)
def handle(key: int) -> Response | tuple[str, int]:
    """Take the alert one step on; what was typed stays on the page when that fails."""
    try:
        with unit_of_work() as uow:
            row = alerts.handle(uow, _command(key), current_actor(), client())
    except (Invalid, Conflict, NotAllowed) as error:
        note_problem(error.code)
        return _page(key, error), problems.status_of(error)
    flash(gettext("The alert is now: %(state)s", state=labels.alert_state_label(row.state)), "success")
    return redirect(url_for("alerts.show", key=key), code=303)


def _page(key: int, error: MingjingError | None = None) -> str:
    with reading() as uow:
        view = alerts.view(uow, current_actor(), key)
    problem = problems.of_error(error) if error is not None else None
    return render_template("pages/alert.html", view=view, problem=problem, typed=request.form)


def _command(key: int) -> HandleAlert:
    try:
        step = AlertStep(request.form.get("step", ""))
        verdict = Verdict(request.form["verdict"]) if request.form.get("verdict") else None
    except ValueError as error:
        detail = Detail(place="step", code="option", message="choose one of the steps offered")
        raise Invalid("alert.incomplete", "something is missing for this step", details=[detail]) from error
    return HandleAlert(
        command_id=command_id(),
        key=AlertKey(key),
        step=step,
        verdict=verdict,
        text=request.form.get("opinion", ""),
        version=request.form.get("version", type=int),
    )
