"""What all templates may use: words, icons, the reader, the addresses of built assets."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from engine.forms import wording
from engine.model.actors import Actor, Permission
from engine.model.errors import MingjingError
from engine.model.incidents import IncidentRow
from engine.model.views import DiagramView, UserTaskView
from web import auth, problems
from web.commands import new_command_id
from web.languages import DEFAULT
from web.pages import (
    alert_filters,
    assets,
    board_charts,
    indicator_forms,
    labels,
    library_words,
    model_words,
    notice_words,
    operation_words,
    showing,
    verb_words,
)
from web.pages.attempts import Attempt

TEXT_COOKIE = "mingjing_text"

_PLACEHOLDER = re.compile(r"[“（(]?%\(\w+\)s[”）)]?")

_SECTIONS = {
    "alerts.show": "alerts.index",
    "checks.show": "checks.index",
    "checks.attempt": "checks.index",
    "indicators.show": "indicators.index",
    "indicators.draft": "indicators.index",
    "indicators.propose": "indicators.index",
    "indicators.decide": "indicators.index",
    "exemptions.grant": "exemptions.index",
    "exemptions.end": "exemptions.index",
    "sweeps.ask": "sweeps.index",
    "calendar.edit": "calendar.show",
    "discipline.show": "discipline.index",
    "user_tasks.show": "todo",
    "user_tasks.complete": "todo",
    "cases.show": "cases.index",
    "operations.cases": "operations.index",
    "operations.show": "operations.index",
    "operations.values": "operations.index",
}
"""Pages that stand below another entry of the navigation."""


def may(permission: str) -> bool:
    """Whether the reader holds a permission anywhere: for menus and buttons only."""
    actor = auth.current_actor_or_none()
    return actor is not None and auth.holds(actor, Permission(permission))


def html_lang() -> str:
    """The page's language for browsers and islands."""
    return "en" if str(get_locale() or DEFAULT) == "en" else "zh-CN"


def text_size() -> str:
    """``large`` for readers who asked for large type."""
    return "large" if request.cookies.get(TEXT_COOKIE) == "large" else "normal"


def here() -> str:
    """The address to come back to after changing the language; the start page after an unsafe request."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def problem_text(code: str, element: str = "") -> str:
    """An error code of a trace entry in words. Of the parameters the entry keeps the element only."""
    known = {"element": element} if element else {}
    return _PLACEHOLDER.sub("", problems.translated(f"problem.{code}", code, known)).strip()


def form_props(view: UserTaskView, attempt: Attempt) -> dict[str, Any]:
    """Props of the form island."""
    saved_at = view.draft.saved_at
    return {
        "schema": wording.worded(view.form or {}, html_lang()),
        "data": attempt.data,
        "errors": attempt.errors,
        "writable": view.workable,
        "task": str(view.task.key),
        "draftUrl": f"/api/user-tasks/{view.task.key}/draft",
        "savedAt": saved_at.isoformat() if saved_at else None,
    }


def diagram_props(diagram: DiagramView, incidents: Iterable[IncidentRow] = ()) -> dict[str, Any]:
    """Props of the diagram island; `incidents` of the case, of which those in this process are marked."""
    here = (found.element_id for found in incidents if found.definition_key == diagram.definition_key)
    return {
        "incidents": Counter(here),
        "xmlUrl": url_for("cases.diagram", key=diagram.definition_key),
        "completed": diagram.completed,
        "current": diagram.current,
        "flows": diagram.flows,
        "levels": diagram.levels,
        "visits": diagram.visits,
    }


def api_files_url(key: int) -> str:
    """Where the files island uploads to."""
    return f"/api/user-tasks/{key}/draft/files"


def _reader() -> Actor | None:
    """The person asking, also at an address that does not exist; None on the page that tells of a lost database."""
    try:
        return auth.current_actor_or_none()
    except (MingjingError, DBAPIError):
        return None


def _context() -> dict[str, Any]:
    tab = request.args.get("tab") if request.endpoint == "workbench.show" else None
    section = "todo" if tab in ("warned", "unclaimed") else tab
    return {
        "actor": _reader(),
        "demonstration": bool(current_app.config.get("MINGJING_DEMO")),
        "section": section or _SECTIONS.get(request.endpoint or "", request.endpoint),
        "errors": {},
    }


def _cache_built_assets(response: Response) -> Response:
    """Built files carry their content's hash in their name, so browsers may keep them."""
    name = (request.view_args or {}).get("filename", "")
    if request.endpoint == "static" and name.startswith("dist/assets/") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _icon_of(name: str) -> Markup:
    """`assets.icon` under a name that macros with a parameter called `icon` can still reach."""
    return assets.icon(name)


def init_app(app: Flask) -> None:
    """Teach Jinja our words. Trailing blocks leave no blank lines."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for name in (
        showing.beijing,
        showing.last_day,
        showing.client,
        showing.size,
        showing.shown,
        showing.lines,
        labels.role_label,
    ):
        app.jinja_env.filters[name.__name__] = name
    for function in (
        may, html_lang, text_size, here, problem_text, form_props, diagram_props, api_files_url, new_command_id,
        assets.page_assets, assets.island_assets, assets.icon, showing.material_rows, showing.files_of,
        operation_words.figure_label, operation_words.wait_label, operation_words.element_type_label,
        operation_words.incident_cure, operation_words.incident_text, operation_words.start_problem,
        labels.risk_label, labels.state_label, labels.kind_label, labels.incident_label, labels.parameter_label,
        labels.role_label, labels.tab_label, labels.not_workable_text, labels.family_advice, labels.fault_text,
        labels.about_label, labels.about_value, labels.operator_label, labels.alert_state_label,
        labels.alert_step_label, labels.verdict_label, model_words.model_kind, labels.alarm_label,
        notice_words.notice_label, labels.light_label, showing.remaining, verb_words.verb_label,
        verb_words.vote_label, alert_filters.filter_words, *board_charts.WORDS,
    ):  # fmt: skip
        app.jinja_env.globals[function.__name__] = function
    app.jinja_env.filters["indicator_text"] = indicator_forms.written
    app.jinja_env.filters["with_words"] = library_words.with_words
    for function in (
        library_words.indicator_kind_label, library_words.value_type_label, library_words.phase_label,
        library_words.action_label, library_words.look_label,
    ):  # fmt: skip
        app.jinja_env.globals[function.__name__] = function
    app.jinja_env.globals["icon_of"] = _icon_of
    app.context_processor(_context)
    app.after_request(_cache_built_assets)
