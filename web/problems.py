"""The one table from error families to HTTP, and the one shape of every error answer (RFC 9457).

| family | status |
|---|---|
| NotFound | 404 |
| NotAllowed | 403 |
| Conflict | 409 |
| Refused | 422: understood, but a rule forbids it |
| Invalid | 422 (the body cannot even be read: 400) |
| Unavailable | 503 with Retry-After |
| Broken, and anything unforeseen | 500, and nothing of it leaks |

A few codes have a status that HTTP clients act upon (`STATUS_OF_CODE`). An API client gets problem+json, a browser
the page ``pages/problem.html``, htmx the fragment ``fragments/problem.html``. Texts are looked up as
``problem.<code>`` and ``detail.<code>``; without a translation the English message of the error is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, json, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from markupsafe import escape
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.model.errors import Broken, Conflict, Invalid, MingjingError, NotAllowed, NotFound, Refused, Unavailable
from engine.store.work import translate_database_error
from web import file_words, observability, right_words
from web.commands import is_api, known_command_id

RETRY_AFTER_S = 5

_FAMILIES: tuple[tuple[type[MingjingError], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (NotAllowed, 403, "not_allowed"),
    (Conflict, 409, "conflict"),
    (Refused, 422, "refused"),
    (Invalid, 422, "invalid"),
    (Unavailable, 503, "unavailable"),
    (Broken, 500, "broken"),
)

_FAMILY_OF_STATUS: Mapping[int, str] = {401: "not_allowed", 404: "not_found", 405: "not_found"}

STATUS_OF_CODE: Mapping[str, int] = {
    "sign_in.needed": 401,
    "sign_in.failed": 401,
    "sign_in.too_many": 429,
    "request.malformed_json": 400,
    "request.json_too_large": 413,
    "request.not_json": 415,
    "file.too_large": 413,
}

PAGES: Mapping[str, str] = {"case.reason_needed": "pages/reason.html"}
"""Problems whose page asks for what is missing."""

_RETRY_AFTER_S: Mapping[int, int] = {503: RETRY_AFTER_S, 429: 60}


class Unauthenticated(Refused):
    """Nobody is signed in, or the bearer token is worthless."""

    def __init__(self) -> None:
        super().__init__("sign_in.needed", "sign in first, or send a valid bearer token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error answer before it takes a shape. `headers` of its own, such as Allow.

    about: key of the case that it is about, where a page needs it.
    family: the error's family for the page's icon and advice: not_found, not_allowed, conflict, refused, invalid,
    unavailable, broken.
    """

    status: int
    family: str
    code: str
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    about: str = ""
    headers: Mapping[str, str] | None = None

    @property
    def title(self) -> str:
        """The kind of problem in two words, by status."""
        return titles().get(self.status) or gettext("The request cannot be answered")

    @property
    def reference(self) -> str:
        """The command id, under which operators find the request in the logs."""
        return known_command_id()


def titles() -> dict[int, str]:
    """Titles by status, in the reader's language."""
    return {
        400: gettext("The request cannot be read"),
        401: gettext("Sign in first"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("This method is not offered here"),
        409: gettext("It has changed meanwhile"),
        413: gettext("Too large"),
        415: gettext("This type of content is not accepted"),
        422: gettext("Please check what you sent"),
        429: gettext("Too many attempts"),
        500: gettext("Something is broken on our side"),
        503: gettext("Not available right now"),
    }


def status_of(error: MingjingError) -> int:
    """The HTTP status of an error."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return _family(error)[0]


def _family(error: MingjingError) -> tuple[int, str]:
    found = ((status, name) for family, status, name in _FAMILIES if isinstance(error, family))
    return next(found, (500, "broken"))


def of_error(error: MingjingError) -> Problem:
    """What may be told of an error; of our own faults nothing but that they happened."""
    status = status_of(error)
    if status >= 500 and not isinstance(error, Unavailable):
        return _broken()
    details = tuple(
        {
            "place": d.place,
            "code": d.code,
            "message": d.params.get("message") or translated(f"detail.{d.code}", d.message, d.params),
        }
        for d in error.details
    )
    params = dict(error.params)
    if error.code.startswith("file.") and "found" in params:
        params["found"] = file_words.words(params["found"])
    if error.code == "access.not_allowed":
        params["right"] = params["permission"] if is_api() else right_words.words(params["permission"])
    detail = translated(f"problem.{error.code}", error.message, params)
    about = params.get("key", "")
    return Problem(status=status, family=_family(error)[1], code=error.code, detail=detail, errors=details, about=about)


def of_http(error: HTTPException) -> Problem:
    """What may be told of an error that Flask, Werkzeug or Flask-WTF raised."""
    status = error.code or 500
    if status >= 500:
        return _broken()
    code = "csrf.failed" if isinstance(error, CSRFError) else f"http.{status}"
    allow = error.get_headers(request.environ)
    headers = {name: value for name, value in allow if name in ("Allow", "Retry-After", "WWW-Authenticate")}
    english = _HTTP_MESSAGES.get(code, error.name)
    family = _FAMILY_OF_STATUS.get(status, "invalid")
    text = translated(f"problem.{code}", english, {})
    return Problem(status=status, family=family, code=code, detail=text, headers=headers)


_HTTP_MESSAGES: Mapping[str, str] = {
    "csrf.failed": "this form was opened in another session or too long ago; open it again and repeat",
    "http.400": "the request cannot be read",
    "http.404": "there is nothing at this address",
    "http.405": "this address does not take this method",
    "http.413": "what you sent is too large",
    "http.415": "this type of content is not accepted here",
    "http.500": "something is broken on our side; it was noted under the command id",
}


def _broken() -> Problem:
    text = translated("problem.http.500", _HTTP_MESSAGES["http.500"], {})
    return Problem(status=500, family="broken", code="http.500", detail=text)


def translated(message_id: str, english: str, params: Mapping[str, str]) -> str:
    """The text of a message id with its parameters; `english` (already complete) when there is no translation."""
    found: str = gettext(message_id)
    if found == message_id:
        return english
    try:
        return found % dict(params) if params else found
    except (KeyError, TypeError, ValueError):
        return english


def answer(problem: Problem) -> Response:
    """The problem in the shape this client reads."""
    observability.note_problem(problem.code)
    response = _as_json(problem) if is_api() else _as_html(problem)
    for name, value in (problem.headers or {}).items():
        response.headers[name] = value
    if problem.status in _RETRY_AFTER_S:
        response.headers.setdefault("Retry-After", str(_RETRY_AFTER_S[problem.status]))
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="mingjing"'
    return response


def _body(problem: Problem) -> dict[str, object]:
    return {
        "type": f"urn:mingjing:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": request.path,
        "command_id": known_command_id(),
        "errors": list(problem.errors),
    }


def _as_json(problem: Problem) -> Response:
    body = json.dumps(_body(problem), ensure_ascii=False)
    return Response(body, status=problem.status, mimetype="application/problem+json")


def _as_html(problem: Problem) -> Response:
    fragment = request.headers.get("HX-Request") == "true"
    name = "fragments/problem.html" if fragment else PAGES.get(problem.code, "pages/problem.html")
    try:
        text = render_template(name, problem=problem)
    except TemplateNotFound:
        text = _bare(problem)
    except Exception as error:  # the page that tells of an error must not fail itself
        observability.log_failure(error)
        text = _bare(problem)
    return Response(text, status=problem.status, mimetype="text/html")


def _bare(problem: Problem) -> str:
    title, detail = escape(problem.title), escape(problem.detail)
    return (
        f'<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f"<p>{detail}</p><p><code>{escape(problem.code)} {escape(known_command_id())}</code></p>"
    )


def _on_error(error: MingjingError) -> Response:
    if isinstance(error, Broken):
        observability.log_failure(error)
    return answer(of_error(error))


def _on_http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        observability.log_failure(error.original_exception)
    if error.code is not None and error.code < 400 and error.response is None:
        return Response(status=error.code, headers=error.get_headers(request.environ))
    return answer(of_http(error))


def _on_database(error: DBAPIError) -> Response:
    """A database error outside a unit of work: a server that is down when a session is opened."""
    return _on_error(translate_database_error(error))


def _on_full_pool(_error: PoolTimeoutError) -> Response:
    """All connections of this process are busy."""
    return _on_error(Unavailable("database.busy", "too many requests at the same moment; try again"))


def _on_anything(error: Exception) -> Response:
    observability.log_failure(error)
    return answer(_broken())


def init_app(app: Flask) -> None:
    """Answer every error from here."""
    app.register_error_handler(MingjingError, _on_error)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(DBAPIError, _on_database)
    app.register_error_handler(PoolTimeoutError, _on_full_pool)
    app.register_error_handler(Exception, _on_anything)
