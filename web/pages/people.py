"""Everybody, for whoever manages people. Changing is done with `mingjing users`."""

from flask import Blueprint, render_template

from engine.model.actors import Permission
from engine.service import people
from web.auth import current_actor, requires
from web.db import reading

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@requires(Permission.PEOPLE_MANAGE)
def index() -> str:
    """All people with unit, positions and roles."""
    with reading() as uow:
        found = people.list_people(uow, current_actor())
    return render_template("pages/people.html", people=found)
