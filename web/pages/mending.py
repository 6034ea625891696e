"""What an operator does about a case that cannot go on: retry, set retries, change variables, go around."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.commands import ChangeVariables, ResolveIncident, RouteAround, UpdateJob
from engine.model.errors import Conflict, Detail, Invalid, Refused
from engine.model.ids import CommandId, IncidentKey, JobKey
from engine.service import jobs, mending
from web import json_text
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import unit_of_work
from web.pages.operations import given_reason, refused

blueprint = Blueprint("mending", __name__, url_prefix="/operations/cases/<key:key>")

MAX_RETRIES = 100


@blueprint.post("/incidents/<key:incident>/retry")
@requires(Permission.INCIDENT_RESOLVE)
def retry(key: int, incident: int) -> Response:
    """Try again what could not be carried out; a job gets its retries first."""
    try:
        command = ResolveIncident(command_id=command_id(), key=IncidentKey(incident), reason=given_reason())
        with unit_of_work() as uow:
            actor = current_actor()
            if "job" in request.form:
                jobs.update(uow, _retries(request.form.get("job", 0, type=int)), actor, client())
            mending.resolve(uow, command, actor, client())
    except (Invalid, Refused, Conflict) as error:
        return refused(key, error)
    return _done(key, gettext("It is tried again."))


@blueprint.post("/jobs/<key:job>/retries")
@requires(Permission.INCIDENT_RESOLVE)
def retries(key: int, job: int) -> Response:
    """How often a job may still be tried."""
    try:
        with unit_of_work() as uow:
            command = replace(_retries(job), command_id=command_id())
            jobs.update(uow, command, current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        return refused(key, error)
    return _done(key, gettext("The retries are set."))


@blueprint.post("/incidents/<key:incident>/detour")
@requires(Permission.CASE_MEND)
def detour(key: int, incident: int) -> Response:
    """Complete the element in its place."""
    try:
        command = RouteAround(command_id=command_id(), key=IncidentKey(incident), reason=given_reason())
        with unit_of_work() as uow:
            mending.route_around(uow, command, current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        return refused(key, error)
    return _done(key, gettext("The case goes on after this element."))


@blueprint.post("/variables")
@requires(Permission.CASE_MEND)
def variable(key: int) -> Response:
    """Set a variable of the case."""
    try:
        name = request.form.get("name", "").strip()
        found = {name: _value(request.form.get("kind", ""), request.form.get("value", ""))}
        command = ChangeVariables(command_id=command_id(), key=key, variables=found, reason=given_reason())
        with unit_of_work() as uow:
            mending.change_variables(uow, command, current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        return refused(key, error)
    return _done(key, gettext("The variable %(name)s is changed.", name=name))


def _retries(job: int) -> UpdateJob:
    wanted = request.form.get("retries", 0, type=int)
    if not 1 <= wanted <= MAX_RETRIES:
        message = f"a number from 1 to {MAX_RETRIES}"
        detail = Detail(place="retries", code="retries", message=message, params={"max": str(MAX_RETRIES)})
        raise _wrong(detail)
    return UpdateJob(command_id=CommandId(f"{command_id()}:retries"), key=JobKey(job), retries=wanted)


def _value(kind: str, text: str) -> object:
    """A text as it is; anything else as JSON, which a number is too. Raises Invalid when it is none."""
    if kind == "text":
        return text
    try:
        return json_text.loads(text)
    except json_text.JsonTextError as error:
        raise _wrong(Detail(place="value", code="json", message=str(error))) from error


def _wrong(detail: Detail) -> Invalid:
    return Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])


def _done(key: int, text: str) -> Response:
    flash(text, "success")
    return redirect(url_for("operations.show", key=key), code=303)
