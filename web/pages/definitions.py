"""The deployed processes, for designers and whoever keeps the system: what runs, in which version, drawn."""

from flask import Blueprint, render_template

from engine.model.actors import Permission
from engine.model.views import DiagramView
from engine.service import approval_table, deployment
from web.auth import requires
from web.db import reading

blueprint = Blueprint("definitions", __name__)


@blueprint.get("/definitions")
@requires(Permission.DEFINITION_READ)
def index() -> str:
    """Every version of every process, the newest deployment first."""
    with reading() as uow:
        found = deployment.search(uow, limit=100)
    return render_template("pages/definitions.html", definitions=found)


@blueprint.get("/definitions/<key:key>")
@requires(Permission.DEFINITION_READ)
def show(key: int) -> str:
    """One version, drawn, with what its user tasks allow."""
    with reading() as uow:
        found = deployment.definition(uow, key)
        approvals = approval_table.of_definition(uow, key)
    diagram = DiagramView(definition_key=found.key, completed=(), current=(), flows=(), levels={}, visits={})
    return render_template("pages/definition.html", definition=found, diagram=diagram, approvals=approvals)
