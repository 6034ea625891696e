"""Pages of an operator of processes: which cases run, one of them, and suspend, resume and cancel."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import OperateInstance
from engine.model.errors import Conflict, Detail, Invalid, Refused
from engine.model.ids import InstanceKey
from engine.model.operations import Figure
from engine.service import channels, diagrams, lifecycle, operations
from engine.service.equipment import Work
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = Blueprint("operations", __name__, url_prefix="/operations")

Operating = Callable[[Work, OperateInstance, Actor, Client], None]


@blueprint.get("")
@requires(Permission.CASE_OPERATE)
def index() -> str:
    """Every process with its figures; each opens its list."""
    with reading() as uow:
        found = operations.overview(uow, current_actor())
        failed = operations.failed_starts(uow, current_actor())
        unsent = channels.failed(uow, current_actor())
    figures = tuple(Figure)
    return render_template("pages/operations.html", processes=found, figures=figures, failed=failed, unsent=unsent)


@blueprint.post("/deliveries/<key:key>/retry")
@requires(Permission.CASE_OPERATE)
def deliver_again(key: int) -> Response:
    """Have a notice that could not be sent tried again."""
    with unit_of_work() as uow:
        channels.again(uow, current_actor(), key)
    flash(gettext("The notice is sent again."))
    return redirect(url_for("operations.index"), code=303)


@blueprint.get("/cases")
@requires(Permission.CASE_OPERATE)
def cases() -> str:
    """The cases behind a figure, of one process or all."""
    figure = _figure(request.args.get("figure", ""))
    process_id, text = request.args.get("process", ""), request.args.get("text", "").strip()
    cursor = request.args.get("cursor")
    with reading() as uow:
        actor = current_actor()
        page = operations.list_cases(uow, actor, figure, cursor, process_id=process_id, text=text)
    return render_template(
        "pages/operated_cases.html", page=page, figure=figure, figures=tuple(Figure), process=process_id, search=text
    )


@blueprint.get("/cases/<key:key>")
@requires(Permission.CASE_OPERATE)
def show(key: int) -> str:
    """One case, or with `process` a called process of it. The look is traced, hence the unit of work."""
    with unit_of_work() as uow:
        view = operations.case_view(uow, current_actor(), client(), key)
    shown = diagrams.around(view.diagram, request.args.get("process", 0, type=int))
    return render_template("pages/operated_case.html", view=view, shown=shown)


@blueprint.post("/cases/<key:key>/values")
@requires(Permission.CASE_MEND)
def values(key: int) -> str | Response:
    """The same page with the values of the variables, for a reason that is traced."""
    try:
        with unit_of_work() as uow:
            view = operations.case_values(uow, current_actor(), client(), key, request.form.get("reason", ""))
    except Invalid as error:
        return refused(key, error)
    return render_template("pages/operated_case.html", view=view, shown=view.diagram)


@blueprint.post("/cases/<key:key>/suspension")
@requires(Permission.CASE_OPERATE)
def suspend(key: int) -> Response:
    """Stop a case for a while."""
    return _operate(key, lifecycle.suspend, gettext("The case is suspended."))


@blueprint.post("/cases/<key:key>/resumption")
@requires(Permission.CASE_OPERATE)
def resume(key: int) -> Response:
    """Let it go on."""
    return _operate(key, lifecycle.resume, gettext("The case goes on."))


@blueprint.post("/cases/<key:key>/cancellation")
@requires(Permission.CASE_OPERATE)
def cancel(key: int) -> Response:
    """End it where it stands."""
    return _operate(key, lifecycle.cancel, gettext("The case is cancelled."))


def _operate(key: int, act: Operating, done: str) -> Response:
    try:
        command = OperateInstance(command_id=command_id(), key=InstanceKey(key), reason=given_reason())
        with unit_of_work() as uow:
            act(uow, command, current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        return refused(key, error)
    flash(done, "success")
    return redirect(url_for("operations.show", key=key), code=303)


def given_reason() -> str:
    """The reason of the form. Raises Invalid without one: pages always ask for it."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        detail = Detail(place="reason", code="required", message="say why")
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    return reason


def refused(key: int, error: Invalid | Refused | Conflict) -> Response:
    """Back to the case, where it is said what was wrong."""
    problem = problems.of_error(error)
    places = "；".join(found["message"] for found in problem.errors)
    flash(f"{problem.detail} {places}".strip(), "danger")
    return redirect(url_for("operations.show", key=key), code=303)


def _figure(text: str) -> Figure:
    return Figure(text) if text in set(Figure) else Figure.RUNNING
