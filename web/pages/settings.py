"""A person's own settings: language, how they are told of things, phrases for opinions. And the page of shortcuts."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Actor
from engine.model.errors import Invalid, Refused
from engine.model.personal import Preferences
from engine.service import personal
from engine.service.equipment import Work
from web import problems
from web.auth import current_actor, signed_in
from web.db import reading, unit_of_work
from web.languages import DEFAULT, SUPPORTED

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
@signed_in
def show() -> str:
    """All settings of the reader."""
    actor = current_actor()
    with reading() as uow:
        chosen, rule = personal.preferences(uow, actor), personal.rule(uow, actor)
        phrases = personal.phrases(uow, actor)
    return render_template("pages/settings.html", chosen=chosen, rule=rule, phrases=phrases)


@blueprint.post("")
@signed_in
def save() -> Response:
    """Keep language and ways of being told."""
    locale = request.form.get("locale", "")
    wanted = Preferences(
        locale=locale if locale in SUPPORTED else DEFAULT,
        email=request.form.get("email", ""),
        by_email="by_email" in request.form,
        by_webhook="by_webhook" in request.form,
    )
    try:
        with unit_of_work() as uow:
            personal.choose(uow, current_actor(), wanted)
    except (Invalid, Refused) as error:
        flash(problems.of_error(error).detail, "danger")
        return redirect(url_for("settings.show"), code=303)
    session["locale"] = wanted.locale
    flash(gettext("Saved."), "success")
    return redirect(url_for("settings.show"), code=303)


@blueprint.post("/phrases")
@signed_in
def add_phrase() -> Response:
    """Keep one phrase more."""
    return _phrases(lambda uow, actor: personal.add_phrase(uow, actor, request.form.get("text", "")))


@blueprint.post("/phrases/<key:key>")
@signed_in
def change_phrase(key: int) -> Response:
    """Write a phrase anew, or forget it."""
    if "remove" in request.form:
        return _phrases(lambda uow, actor: personal.remove_phrase(uow, actor, key))
    return _phrases(lambda uow, actor: personal.change_phrase(uow, actor, key, request.form.get("text", "")))


@blueprint.get("/shortcuts")
@signed_in
def shortcuts() -> str:
    """Which keys do what."""
    return render_template("pages/shortcuts.html")


def _phrases(change: Callable[[Work, Actor], None]) -> Response:
    try:
        with unit_of_work() as uow:
            change(uow, current_actor())
    except Invalid as error:
        flash(problems.of_error(error).detail, "danger")
    return redirect(url_for("settings.show", _anchor="phrases"), code=303)
