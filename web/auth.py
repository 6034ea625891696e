"""Who is asking, and may they ask this at all.

Every view declares who may call it, with exactly one of::

    @public                            nobody needs to sign in
    @signed_in                         anybody who signed in
    @requires(Permission.CASE_START)   whoever holds the permission anywhere (of several, any one)
    @hidden(Permission.DISCIPLINE_READ)  the same, and to everybody else there is nothing at this address

(closest to the function, below the route decorators). `check_declarations` refuses to start an application in which
a view declares nothing. The declaration is the first door only: the service asks again, for the object itself.

A request proves its person by one of two ways, never by both: a token (then the cookie is not looked at, and no CSRF
token is needed), or the signed session cookie (then every unsafe method needs the CSRF token). A token comes as Bearer
(RFC 6750), or, for clients that know nothing else, as the password of Basic (RFC 7617) beside its person's sign-in
name; a person's own password is never taken there, it would be sent and checked with every request. The cookie
holds the person's key and session epoch; changing a password or disabling an account raises the epoch and so ends
all sessions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NothingThere
from werkzeug.wrappers import Response

from engine.identity import access
from engine.model.actors import Actor, Permission
from engine.model.errors import Detail, Invalid, NotAllowed, NotFound
from engine.service import people
from web import db
from web.commands import is_api
from web.problems import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])

SIGN_IN_ENDPOINT = "sign_in.show"
SMALL_BODY_BYTES = 64 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTRIBUTE = "mingjing_access"

csrf = CSRFProtect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may call a view: whoever holds one of the permissions; without any, anybody (signed in or `anonymous`)."""

    anonymous: bool = False
    permissions: tuple[Permission, ...] = ()
    loopback: bool = False
    csrf: bool = True
    hidden: bool = False


def public(view: View) -> View:
    """Nobody needs to sign in. Unsafe methods still need the CSRF token."""
    return _declare(view, Access(anonymous=True))


def public_without_cookie(view: View) -> View:
    """Nobody needs to sign in, and the view ignores cookies, so that no CSRF token is needed."""
    return _declare(view, Access(anonymous=True, csrf=False))


def signed_in(view: View) -> View:
    """Anybody who signed in; the service decides about the object."""
    return _declare(view, Access())


def requires(*permissions: Permission, or_loopback: bool = False) -> Callable[[View], View]:
    """Whoever holds the permission in some unit; of several any one, and the service says which for what.

    or_loopback: also anybody on this machine, for a scraper (not through a proxy, which would be on this machine too).
    """

    def decorate(view: View) -> View:
        return _declare(view, Access(permissions=permissions, loopback=or_loopback))

    return decorate


def hidden(permission: Permission) -> Callable[[View], View]:
    """Whoever holds the permission; anybody else is answered exactly as at an address that does not exist."""

    def decorate(view: View) -> View:
        return _declare(view, Access(permissions=(permission,), hidden=True))

    return decorate


def _declare(view: View, declared: Access) -> View:
    setattr(view, _ATTRIBUTE, declared)
    return view


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """What a view declared; None when it declared nothing. Static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access(anonymous=True)
    found = getattr(app.view_functions[endpoint], _ATTRIBUTE, None)
    return found if isinstance(found, Access) else None


def check_declarations(app: Flask) -> None:
    """Refuse an application in which any view says nothing about who may call it."""
    silent = sorted(rule.endpoint for rule in app.url_map.iter_rules() if declared_access(app, rule.endpoint) is None)
    if silent:
        raise RuntimeError(f"these views declare no access (web.auth): {', '.join(silent)}")


def guard() -> Response | None:
    """Before every request: find the person, then hold the request against the view's declaration."""
    if request.endpoint is None:
        _hide_wrong_methods()
        return None
    declared = declared_access(current_app, request.endpoint)
    if declared is None:
        raise RuntimeError(f"the view {request.endpoint} declares no access")
    if declared.hidden and not _holds_one(declared):
        raise NothingThere
    _refuse_nul(request.args.items(multi=True))
    if declared.anonymous:
        _protect(declared)
        return None
    if declared.loopback and _from_this_machine():
        return None
    actor = current_actor_or_none()
    if actor is None:
        return _ask_to_sign_in()
    _protect(declared)
    if declared.permissions and not any(holds(actor, permission) for permission in declared.permissions):
        wanted = declared.permissions[0].value
        raise NotAllowed(
            "access.not_allowed",
            f"this needs the permission {wanted}, which you do not hold",
            params={"permission": wanted},
        )
    return None


def _holds_one(declared: Access) -> bool:
    actor = current_actor_or_none()
    return actor is not None and any(holds(actor, permission) for permission in declared.permissions)


def _hide_wrong_methods() -> None:
    """405 and its Allow would tell that there is something at a hidden address."""
    if not isinstance(request.routing_exception, MethodNotAllowed):
        return
    adapter = current_app.create_url_adapter(request)
    for method in request.routing_exception.valid_methods or ():
        endpoint = adapter.match(method=method)[0] if adapter is not None else ""
        declared = declared_access(current_app, endpoint) if endpoint else None
        if declared is not None and declared.hidden and not _holds_one(declared):
            raise NothingThere


def _protect(declared: Access) -> None:
    if declared.csrf and request.method not in _SAFE and bearer_token() is None:
        csrf.protect()
    if request.mimetype == "application/x-www-form-urlencoded":
        _refuse_nul(request.form.items(multi=True))


def _refuse_nul(items: Iterable[tuple[str, str]]) -> None:
    """PostgreSQL has no character NUL, so nobody means it."""
    for name, value in items:
        if "\0" in value or "\0" in name:
            place = name.replace("\0", "?")
            detail = Detail(place=place, code="character", message="the character NUL is not accepted")
            raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])


def holds(actor: Actor, permission: Permission) -> bool:
    """Whether any of the actor's roles gives the permission, wherever it was granted (for menus and the first door)."""
    return access.may(actor, permission, unit_path=None, owner=None).allowed


def current_actor() -> Actor:
    """The person asking. Raises Unauthenticated on a public view that nobody signed in for."""
    actor = current_actor_or_none()
    if actor is None:
        raise Unauthenticated
    return actor


def current_actor_or_none() -> Actor | None:
    """The person asking, None when nobody signed in. Reads the database once per request.

    Then it lets the connection go, because a slow upload must not hold one; a small request to the API has arrived
    whole by then and keeps it.
    """
    if "actor" not in g:
        g.actor = _find_actor()
    found: Actor | None = g.actor
    return found


def bearer_token() -> str | None:
    """The token of the request, Bearer or Basic, also when it is worthless."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = request.authorization
        return (given.password or "") if given is not None else ""
    return token.strip() if scheme.lower() == "bearer" else None


def _is_named(actor: Actor) -> bool:
    """Whether the token is its person's: Basic says a name as well."""
    given = request.authorization
    if given is None or given.type != "basic":
        return True
    return (given.username or "").casefold() == actor.username.casefold()


def _find_actor() -> Actor | None:
    token = bearer_token()
    person_key = session.get("person")
    if token is None and not isinstance(person_key, int):
        return None
    with db.looking() if is_api() and _has_arrived() else db.reading() as uow:
        try:
            if token is not None:
                actor = people.actor_of_token(uow, token)
                return actor if _is_named(actor) else None
            return people.actor(uow, int(person_key or 0), int(session.get("epoch", 0)))
        except NotFound:
            if token is None:
                session.clear()
            return None


def _has_arrived() -> bool:
    """Read a small body now; False when it is large, or nobody says how large."""
    if "Transfer-Encoding" in request.headers or (request.content_length or 0) > SMALL_BODY_BYTES:
        return False
    request.get_data()
    return True


def sign_in(actor: Actor, epoch: int) -> None:
    """Begin a session for a person whose password was just checked.

    Nothing of the old session survives (fixation) but the language that was chosen on the sign-in page.
    """
    _forget_all_but_the_language()
    session.permanent = True
    session["person"] = int(actor.person_key)
    session["epoch"] = epoch
    g.pop("csrf_token", None)
    g.actor = actor


def _forget_all_but_the_language() -> None:
    locale = session.get("locale")
    session.clear()
    if locale is not None:
        session["locale"] = locale


def sign_out() -> None:
    """Forget who was signed in, not the language of this browser."""
    _forget_all_but_the_language()
    g.pop("csrf_token", None)
    g.actor = None


def _ask_to_sign_in() -> Response:
    if is_api() or SIGN_IN_ENDPOINT not in current_app.view_functions:
        raise Unauthenticated
    wanted = request.full_path.rstrip("?") if request.method in _SAFE else "/"
    if request.headers.get("HX-Request") == "true":
        answer = Response(status=200)
        answer.headers["HX-Redirect"] = url_for(SIGN_IN_ENDPOINT)
        return answer
    return redirect(url_for(SIGN_IN_ENDPOINT, next=local_path(wanted)), code=303)


def local_path(target: str | None) -> str:
    """`target` when it is a path on this site, else ``/``.

    Refuses other hosts in all spellings that browsers accept: ``//host``, ``/\\host``, control characters.
    """
    if not target or not target.startswith("/") or any(ord(c) < 33 or c == "\\" for c in target):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and not target.startswith("//") else "/"


def _from_this_machine() -> bool:
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.remote_addr in ("127.0.0.1", "::1") and not forwarded


def init_app(app: Flask) -> None:
    """Put the guard before every request. CSRF is checked by the guard, which knows about bearer tokens."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=True)
    csrf.init_app(app)
    app.before_request(guard)
