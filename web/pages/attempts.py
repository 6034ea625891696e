"""What a reader has typed into a user task, and what was wrong with it: kept on the page whatever the answer was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import get_locale, gettext

from engine.forms import wording
from engine.model.errors import Detail, Invalid, MingjingError
from engine.model.views import UserTaskView
from web import json_text, problems
from web.pages import showing

_REASON = "reason."
_STOPPED = "reasons."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong place: its path, its name for people, and what is wrong.

    check: of the check that stopped the step and lets it pass with a reason; reason: what was typed for it.
    """

    place: str
    name: str
    text: str
    check: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The state of the page's forms. `problem` is the sentence above them; empty on a first look."""

    data: Mapping[str, object]
    outcome: str
    opinion: str
    problem: str = ""
    details: tuple[Fault, ...] = ()
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of_draft(cls, view: UserTaskView) -> "Attempt":
        """A first look: the case's data with the reader's draft over it."""
        return cls(data=view.data, outcome=view.draft.outcome, opinion=view.draft.opinion)

    @classmethod
    def refused(cls, view: UserTaskView, error: MingjingError) -> "Attempt":
        """After an attempt that failed: everything as it was typed, and why it failed."""
        problem = problems.of_error(error)
        texts = (found["message"] for found in problem.errors)
        faults = tuple(_fault(view, detail, text) for detail, text in zip(error.details, texts, strict=False))
        errors: dict[str, list[str]] = {}
        for fault in faults:
            errors.setdefault(fault.place, []).append(fault.text)
        return cls(
            # What was typed into a task that somebody completed meanwhile must not look like a part of the record.
            data={**view.data, **typed_data_or_nothing()} if view.workable else view.data,
            outcome=request.form.get("action", ""),
            opinion=request.form.get("opinion", ""),
            problem=problem.detail,
            details=faults,
            errors=errors,
        )


def _fault(view: UserTaskView, detail: Detail, text: str) -> Fault:
    place = detail.place
    if place.startswith(_STOPPED):
        check = place.removeprefix(_STOPPED)
        return Fault(place=place, name="", text=text, check=check, reason=typed_reasons().get(check, ""))
    if place.startswith("files."):
        place = place.removeprefix("files.")
        name = next((material.name for material in view.materials if material.code == place), place)
    else:
        fixed = {"action": gettext("Outcome"), "opinion": gettext("Opinion")}
        form = wording.worded(view.form or {}, str(get_locale() or "")[:2])
        name = fixed.get(place) or _with_row(showing.field_name(form, place), place)
    return Fault(place=place, name=name, text=text)


def _with_row(name: str, place: str) -> str:
    rows = re.findall(r"\[(\d+)\]", place)
    return gettext("%(name)s, row %(row)s", name=name, row=int(rows[-1]) + 1) if rows else name


def typed_data() -> dict[str, object]:
    """The form's data as the island wrote it into the hidden field. Raises Invalid when it is no JSON object."""
    try:
        data = json_text.loads(request.form.get("data") or "{}")
    except json_text.JsonTextError as error:
        detail = Detail(place="data", code="json", message=str(error))
        raise Invalid("form.malformed", "the data of the form cannot be read", details=[detail]) from error
    if not isinstance(data, dict):
        raise Invalid("form.malformed", "the data of the form cannot be read")
    return data


def typed_reasons() -> dict[str, str]:
    """By check id: why the reader goes on, from the fields ``reason.<check id>``."""
    named = {
        name.removeprefix(_REASON): text.strip() for name, text in request.form.items() if name.startswith(_REASON)
    }
    return {check: text for check, text in named.items() if text}


def typed_data_or_nothing() -> dict[str, object]:
    """The same for showing it again: what cannot be read is left out."""
    try:
        return typed_data()
    except Invalid:
        return {}
