"""Cases for those who look: the list, one case with its trace, its diagram, its verification."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from engine.model.actors import Permission
from engine.model.errors import Invalid
from engine.model.views import CaseRow, Page
from engine.service import case_search, deployment, diagrams, instances, looking, telling, verification
from engine.service import evidence as packages
from web import problems
from web.auth import current_actor, local_path, requires, signed_in
from web.commands import client
from web.db import reading, unit_of_work
from web.pages import case_queries

blueprint = Blueprint("cases", __name__)

NONE_FOUND: Page[CaseRow] = Page(rows=())


@blueprint.get("/cases")
@requires(Permission.TRACE_READ)
def index() -> str | tuple[str, int]:
    """Cases in the reader's reach, with a search. Looking for somebody is traced, and asks for a reason."""
    query = case_queries.asked()
    try:
        with unit_of_work() as uow:
            page = case_search.search(uow, current_actor(), case_queries.client(), query, request.args.get("cursor"))
    except Invalid as error:
        return case_queries.page(NONE_FOUND, query, error), problems.status_of(error)
    return case_queries.page(page, query)


@blueprint.post("/cases/export")
@requires(Permission.TRACE_READ)
def export() -> Response | tuple[str, int]:
    """What was found, as a file. Always traced, with the reason."""
    query, form = case_queries.asked(), request.form.get("format", "xlsx")
    try:
        with unit_of_work() as uow:
            titles = case_queries.titles()
            data = case_search.export(uow, current_actor(), case_queries.client(), query, form, titles)
    except Invalid as error:
        return case_queries.page(NONE_FOUND, query, error), problems.status_of(error)
    return case_queries.download(data, form)


@blueprint.get("/cases/<key:key>")
@signed_in
def show(key: int) -> str:
    """One case, or with `process` a called process of it. An inspector's look is traced, hence the unit of work."""
    with unit_of_work() as uow:
        view = instances.case_view(uow, current_actor(), client(), key)
        telling.mark_read(uow, key, current_actor())
    shown = diagrams.around(view.diagram, request.args.get("process", 0, type=int))
    return render_template("pages/case.html", view=view, shown=shown)


@blueprint.post("/cases/<key:key>/reason")
@requires(Permission.TRACE_READ)
def state_reason(key: int) -> WerkzeugResponse:
    """Say why one looks at a case, then go on to what was asked for."""
    chosen, typed = request.form.get("choice", ""), request.form.get("reason", "")
    with unit_of_work() as uow:
        looking.state_reason(uow, current_actor(), key, " ".join(part for part in (chosen, typed) if part))
    return redirect(local_path(request.form.get("next")), code=303)


@blueprint.post("/cases/<key:key>/verification")
@requires(Permission.TRACE_VERIFY)
def verify(key: int) -> str:
    """Was anything altered? The answer alone for htmx, else the page with the answer on it."""
    with unit_of_work() as uow:
        found = verification.verify(uow, current_actor(), client(), key)
        if request.headers.get("HX-Request") == "true":
            return render_template("fragments/verification.html", verification=found)
        view = instances.case_view(uow, current_actor(), client(), key)
    return render_template("pages/case.html", view=view, verification=found)


@blueprint.post("/cases/<key:key>/evidence")
@requires(Permission.TRACE_READ)
def evidence(key: int) -> Response:
    """The evidence package of a case, a ZIP that anybody can check. Traced."""
    with unit_of_work() as uow:
        made = packages.export(uow, current_actor(), client(), key)
    response = Response(made.body, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/diagrams/<key:key>.bpmn")
@signed_in
def diagram(key: int) -> Response:
    """The BPMN file of a process definition, for the diagram island. A definition never changes."""
    with reading() as uow:
        xml = deployment.definition_xml(uow, current_actor(), key)
    response = Response(xml, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response
