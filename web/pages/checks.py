"""The check library: the catalogue, one check with the places where it stands, and a trial on a case."""

from flask import Blueprint, render_template, request

from engine.model.actors import Permission
from engine.model.errors import MingjingError, NotFound, Refused
from engine.service import check_library, exemptions, rights
from engine.service.check_library import Trial
from engine.supervision.checks import CHECKS
from engine.supervision.sentences import render
from web import problems
from web.auth import current_actor, requires
from web.commands import client
from web.db import reading, unit_of_work
from web.observability import note_problem
from web.pages import rendering

blueprint = Blueprint("checks", __name__, url_prefix="/checks")


@blueprint.get("")
@requires(Permission.CHECK_READ)
def index() -> str:
    """All checks of the catalogue, and at how many places each stands."""
    with reading() as uow:
        rows = check_library.catalogue(uow, current_actor())
    return render_template("pages/checks.html", rows=rows)


@blueprint.get("/<key>")
@requires(Permission.CHECK_READ)
def show(key: str) -> str:
    """One check: its rule, parameters, source, where it stands, what became of its alerts."""
    return _page(key)


@blueprint.post("/<key>/trial")
@requires(Permission.CHECK_READ)
def attempt(key: str) -> str | tuple[str, int]:
    """What the check says of a case as it stands. The look is traced, the case stays as it is."""
    place, number = request.form.get("place", ""), request.form.get("number", "")
    try:
        with unit_of_work() as uow:
            trial = check_library.attempt(uow, current_actor(), client(), place, number)
    except (NotFound, Refused) as error:
        note_problem(error.code)
        return _page(key, error=error), problems.status_of(error)
    return _page(key, trial)


def _page(key: str, trial: Trial | None = None, *, error: MingjingError | None = None) -> str:
    with reading() as uow:
        view = check_library.view(uow, current_actor(), key)
        sees = any(rights.has(current_actor(), one) for one in (Permission.ALERT_READ, Permission.DISCIPLINE_READ))
        exempted = exemptions.counts(uow, current_actor())[view.check.code] if sees else None
    problem = problems.of_error(error) if error is not None else None
    return render_template(
        "pages/check.html",
        view=view,
        exempted=exempted,
        trial=trial,
        reason=_reason(trial) if trial is not None else "",
        problem=problem,
        chosen=request.form,
        place_of=check_library.place_of,
    )


def _reason(trial: Trial) -> str:
    """The answer in the reader's language."""
    result = trial.result
    sentences = CHECKS[result.code].sentences
    language = "en" if rendering.html_lang() == "en" else "zh"
    return render(sentences, result.reason_code, result.reason_params, language)
