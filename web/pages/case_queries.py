"""The search for cases between address and service: what is asked, why, and the page that shows it."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, render_template, request, session
from flask_babel import gettext

from engine.model.actors import Client
from engine.model.case_queries import CaseQuery
from engine.model.errors import Detail, Invalid
from engine.model.views import CaseRow, Page
from web import commands, problems
from web.observability import note_problem

TEXTS = ("number", "person", "subject", "opinion", "file", "unit", "process", "node", "outcome", "level", "state")
_LONGEST = 100
_MOST_DAYS = 36_500
_SITTING = "search_reason"

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def asked() -> CaseQuery:
    """The query in the address; ``text`` is the one box of the page. Raises Invalid for what is no day or number."""
    given: dict[str, Any] = {name: request.args.get(name, "").strip()[:_LONGEST] for name in TEXTS}
    given["number"] = given["number"] or request.args.get("text", "").strip()[:_LONGEST]
    for name in ("since", "until"):
        given[name] = _day(name)
    for name in ("longer", "shorter"):
        given[name] = _days(name)
    return CaseQuery(**given)


def client() -> Client:
    """The client of this request with the reason for searching: said now, or before in this sitting."""
    said = " ".join((request.form.get("reason") or request.args.get("reason") or "").split())[:200]
    if said:
        session[_SITTING] = said
    found = commands.client()
    return replace(found, reason=said or found.reason or session.get(_SITTING, ""))


def page(found: Page[CaseRow], query: CaseQuery, error: Invalid | None = None) -> str:
    """The page with what was found, or with what is wrong."""
    if error is not None:
        note_problem(error.code)
    given = query.given()
    return render_template(
        "pages/cases.html",
        page=found,
        query=query,
        search="；".join(given.values()),
        more=bool(given.keys() - {"number"}),
        arguments={**given, **({"text": query.number} if query.number else {})},
        reason=client().reason,
        problem=problems.of_error(error) if error is not None else None,
    )


def titles() -> tuple[str, ...]:
    """The heads of the columns of an export, in the reader's language."""
    return (
        gettext("Case number"), gettext("Subject"), gettext("Process"), gettext("Version"), gettext("Unit"),
        gettext("State"), gettext("Current node"), gettext("Risk"), gettext("Started by"), gettext("Started"),
        gettext("Ended"),
    )  # fmt: skip


def download(data: bytes, form: str) -> Response:
    """An export to be saved."""
    kind = form if form in _TYPES else "xlsx"
    response = Response(data, content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="cases.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _malformed(name) from error


def _days(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > _MOST_DAYS:
        raise _malformed(name)
    return int(text)


def _malformed(name: str) -> Invalid:
    detail = Detail(place=name, code="malformed_search", message="a day like 2026-01-05, or a number of days is needed")
    return Invalid("cases.malformed", "something in the search cannot be read", details=[detail])
