"""Cases for those who look: the list, one case with its trace, its diagram, its verification."""

from flask import Blueprint, Response, render_template, request

from engine.model.actors import Permission
from engine.service import deployment, diagrams, instances, verification, worklist
from engine.service import evidence as packages
from web.auth import current_actor, requires, signed_in
from web.commands import client
from web.db import reading, unit_of_work

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
@requires(Permission.TRACE_READ)
def index() -> str:
    """Cases in the reader's reach, with a search."""
    text = request.args.get("text", "").strip()
    with reading() as uow:
        page = worklist.cases(uow, current_actor(), request.args.get("cursor"), text=text)
    return render_template("pages/cases.html", page=page, search=text)


@blueprint.get("/cases/<key:key>")
@signed_in
def show(key: int) -> str:
    """One case, or with `process` a called process of it. An inspector's look is traced, hence the unit of work."""
    with unit_of_work() as uow:
        view = instances.case_view(uow, current_actor(), client(), key)
    shown = diagrams.around(view.diagram, request.args.get("process", 0, type=int))
    return render_template("pages/case.html", view=view, shown=shown)


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
