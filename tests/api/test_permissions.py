"""Every route × every role × anonymous. A new route without its line here fails."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from engine.identity import access
from web import auth

PUBLIC = frozenset({"*"})
SIGNED_IN = frozenset({"signed in"})
CASES = frozenset({"clerk", "reviewer", "approver", "inspector", "operator", "service", "supervisor"})
WORK = frozenset({"clerk", "reviewer", "approver", "service"})
DEFINITIONS = CASES | {"designer", "system_admin"}
PROGRAMS = frozenset({"service"})
OPERATORS = frozenset({"operator", "system_admin", "service"})
MENDERS = frozenset({"operator"})
INSPECTORS = frozenset({"inspector"})
SUPERVISORS = frozenset({"supervisor"})

API: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): frozenset({"system_admin", "service"}),
    ("GET", "/static/<path:filename>"): PUBLIC,
    ("GET", "/v2/topology"): SIGNED_IN,
    ("GET", "/v2/authentication/me"): SIGNED_IN,
    ("POST", "/v2/decision-definitions/search"): DEFINITIONS,
    ("GET", "/v2/decision-definitions/<key:key>"): DEFINITIONS,
    ("GET", "/v2/decision-definitions/<key:key>/xml"): DEFINITIONS,
    ("POST", "/v2/decision-definitions/evaluation"): DEFINITIONS,
    ("POST", "/v2/expression/evaluation"): DEFINITIONS,
    ("POST", "/v2/deployments"): frozenset({"designer"}),
    ("POST", "/v2/process-definitions/search"): DEFINITIONS,
    ("GET", "/v2/process-definitions/<key:key>"): DEFINITIONS,
    ("GET", "/v2/process-definitions/<key:key>/xml"): DEFINITIONS,
    ("POST", "/v2/process-instances"): frozenset({"clerk", "service"}),
    ("GET", "/v2/process-instances/<key:key>"): CASES,
    ("POST", "/v2/process-instances/<key:key>/suspension"): MENDERS,
    ("POST", "/v2/process-instances/<key:key>/resumption"): MENDERS,
    ("POST", "/v2/process-instances/<key:key>/cancellation"): MENDERS,
    ("POST", "/v2/process-instances/search"): CASES,
    ("POST", "/v2/user-tasks/search"): CASES,
    ("GET", "/v2/user-tasks/<key:key>"): CASES,
    ("GET", "/v2/user-tasks/<key:key>/form"): CASES,
    ("POST", "/v2/user-tasks/<key:key>/assignment"): WORK,
    ("DELETE", "/v2/user-tasks/<key:key>/assignee"): WORK,
    ("POST", "/v2/user-tasks/<key:key>/completion"): WORK,
    ("POST", "/v2/jobs/activation"): PROGRAMS,
    ("POST", "/v2/jobs/<key:key>/completion"): PROGRAMS,
    ("POST", "/v2/jobs/<key:key>/failure"): PROGRAMS,
    ("POST", "/v2/messages/publication"): PROGRAMS,
    ("POST", "/v2/messages/correlation"): PROGRAMS,
    ("POST", "/v2/signals/broadcast"): PROGRAMS,
    ("POST", "/v2/message-subscriptions/search"): CASES,
    ("GET", "/api/process-instances/<key:key>/waits"): CASES,
    ("POST", "/v2/jobs/<key:key>/error"): PROGRAMS,
    ("PATCH", "/v2/jobs/<key:key>"): OPERATORS,
    ("POST", "/v2/jobs/search"): OPERATORS,
    ("GET", "/v2/incidents/<key:key>"): OPERATORS,
    ("POST", "/v2/incidents/search"): OPERATORS,
    ("POST", "/v2/incidents/<key:key>/resolution"): OPERATORS,
    ("PUT", "/v2/element-instances/<key:key>/variables"): MENDERS,
    ("POST", "/api/incidents/<key:key>/routing-around"): MENDERS,
    ("POST", "/api/tokens"): PUBLIC,
    ("GET", "/api/user-tasks/<key:key>/draft"): WORK,
    ("PUT", "/api/user-tasks/<key:key>/draft"): WORK,
    ("POST", "/api/user-tasks/<key:key>/draft/files"): WORK,
    ("DELETE", "/api/user-tasks/<key:key>/draft/files/<key:file_key>"): WORK,
    ("POST", "/api/user-tasks/<key:key>/complete"): WORK,
    ("POST", "/api/user-tasks/<key:key>/send-back"): WORK,
    ("POST", "/api/user-tasks/<key:key>/withdraw"): WORK,
    ("POST", "/api/user-tasks/<key:key>/transfer"): WORK,
    ("POST", "/api/user-tasks/<key:key>/delegate"): WORK,
    ("POST", "/api/user-tasks/<key:key>/add-sign"): WORK,
    ("POST", "/api/user-tasks/<key:key>/sign"): WORK,
    ("POST", "/api/user-tasks/<key:key>/remove-sign"): WORK,
    ("POST", "/api/user-tasks/<key:key>/cc"): WORK,
    ("POST", "/api/user-tasks/<key:key>/claim"): WORK,
    ("POST", "/api/user-tasks/<key:key>/release"): WORK,
    ("POST", "/api/user-tasks/<key:key>/urge"): CASES,
    ("GET", "/api/process-instances/<key:key>/copies"): CASES,
    ("POST", "/api/process-instances/<key:key>/copies/read"): CASES,
    ("GET", "/api/process-instances/<key:key>/trace"): INSPECTORS,
    ("GET", "/api/process-instances/<key:key>/verification"): INSPECTORS | {"audit_admin"},
    ("POST", "/api/process-instances/<key:key>/verification"): INSPECTORS | {"audit_admin"},
    ("GET", "/api/files/<key:key>"): CASES,
    ("GET", "/api/openapi.json"): PUBLIC,
    ("GET", "/api/docs"): PUBLIC,
}

PAGES: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/language"): PUBLIC,
    ("POST", "/text-size"): PUBLIC,
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/"): SIGNED_IN,
    ("GET", "/user-tasks/<key:key>"): SIGNED_IN,
    ("GET", "/cases/<key:key>"): SIGNED_IN,
    ("GET", "/diagrams/<key:key>.bpmn"): SIGNED_IN,
    ("GET", "/files/<key:key>"): SIGNED_IN,
    ("GET", "/files/<key:key>/picture"): SIGNED_IN,
    ("GET", "/start"): frozenset({"clerk", "service"}),
    ("POST", "/start"): frozenset({"clerk", "service"}),
    ("POST", "/user-tasks/<key:key>"): WORK,
    ("GET", "/user-tasks/<key:key>/verbs"): CASES,
    ("POST", "/user-tasks/<key:key>/verbs/<verb>"): CASES,
    ("GET", "/user-tasks/<key:key>/materials"): WORK,
    ("POST", "/user-tasks/<key:key>/files"): WORK,
    ("POST", "/user-tasks/<key:key>/files/<key:file_key>/removal"): WORK,
    ("GET", "/alerts"): SUPERVISORS | INSPECTORS,
    ("GET", "/alerts/<key:key>"): SUPERVISORS | INSPECTORS,
    ("POST", "/alerts/<key:key>"): SUPERVISORS,
    ("GET", "/discipline"): frozenset({"discipline"}),
    ("GET", "/discipline/<key>"): frozenset({"discipline"}),
    ("GET", "/cases"): INSPECTORS,
    ("POST", "/cases/<key:key>/verification"): INSPECTORS | {"audit_admin"},
    ("GET", "/system-trace"): frozenset({"audit_admin"}),
    ("GET", "/people"): frozenset({"security_admin"}),
    ("GET", "/operations"): MENDERS,
    ("GET", "/operations/cases"): MENDERS,
    ("GET", "/operations/cases/<key:key>"): MENDERS,
    ("POST", "/operations/cases/<key:key>/values"): MENDERS,
    ("POST", "/operations/cases/<key:key>/suspension"): MENDERS,
    ("POST", "/operations/cases/<key:key>/resumption"): MENDERS,
    ("POST", "/operations/cases/<key:key>/cancellation"): MENDERS,
    ("POST", "/operations/cases/<key:key>/incidents/<key:incident>/retry"): OPERATORS,
    ("POST", "/operations/cases/<key:key>/incidents/<key:incident>/detour"): MENDERS,
    ("POST", "/operations/cases/<key:key>/jobs/<key:job>/retries"): OPERATORS,
    ("POST", "/operations/cases/<key:key>/variables"): MENDERS,
    ("GET", "/definitions"): DEFINITIONS,
    ("GET", "/definitions/<key:key>"): DEFINITIONS,
}
"""Objects behind signed-in pages are checked by the service: another unit's is 404."""

AWAY = {"X-Forwarded-For": "203.0.113.9"}

ROLES = {
    "clerk": "lin",
    "reviewer": "zhou",
    "approver": "he",
    "designer": "du",
    "inspector": "gao",
    "operator": "luo",
    "system_admin": "sysadmin",
    "security_admin": "secadmin",
    "audit_admin": "auditor",
    "service": "program",
    "supervisor": "yan",
    "discipline": "ji",
}


def _routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/test-doors/")
    }


def test_every_route_has_a_line(app: Flask) -> None:
    """The table names exactly the routes that there are."""
    assert _routes(app) == set(API | PAGES)


def test_every_role_is_tried() -> None:
    """A new role must be added to the matrix."""
    assert set(ROLES) == set(access.ROLES)


@pytest.fixture(scope="module")
def accounts(app: Flask) -> None:
    """A person with the role of a program, and one who mends cases."""
    from engine.model.actors import Client, Scope
    from engine.service import people
    from engine.service.bootstrap import DEMONSTRATION_PASSWORD
    from web import db

    with app.app_context(), db.unit_of_work() as uow:
        for username, role in (("program", "service"), ("mender", "operator")):
            new = people.NewPerson(
                username=username,
                name="接口程序",
                unit_code="JH-QH-01",
                password=DEMONSTRATION_PASSWORD,
                roles=((role, Scope.UNIT),),
                demonstration=True,
            )
            people.create(uow, new, None, Client(channel="cli"))


def _filled(rule: str) -> str:
    return re.sub("<key:[a-z_]+>", "1", rule).replace("<key>", "none").replace("<path:filename>", "none.css")


def _body(method: str, rule: str) -> dict[str, Any]:
    takes_json = rule.startswith(("/v2/", "/api/")) and method != "GET" and "files" not in rule
    return {"json": {}} if takes_json else {}


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may(app, api, role) -> None:  # type: ignore[no-untyped-def]
    """A role's program gets 403 exactly where the table does not name the role; nothing fails on our side."""
    wrong = []
    program = api(ROLES[role])
    for (method, rule), allowed in (API | PAGES).items():
        answer = program(method, _filled(rule), headers=AWAY, **_body(method, rule))
        expected = allowed in (PUBLIC, SIGNED_IN) or role in allowed
        if (answer.status_code == 403) is expected or answer.status_code >= 500:
            wrong.append((method, rule, answer.status_code))
    assert wrong == []


def test_anonymous_reaches_only_what_is_public(app) -> None:  # type: ignore[no-untyped-def]
    """Without a session or token the API answers 401 and asks for a bearer token."""
    stranger = app.test_client()
    for (method, rule), allowed in API.items():
        answer = stranger.open(_filled(rule), method=method, headers=AWAY)
        if allowed is PUBLIC:
            assert answer.status_code not in (401, 403), rule
        else:
            assert answer.status_code == 401, rule
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.get_json()["code"] == "sign_in.needed"


def test_anonymous_pages_lead_to_the_sign_in_page(app) -> None:  # type: ignore[no-untyped-def]
    """A browser without a session is sent to sign in and comes back to the page it wanted."""
    stranger = app.test_client()
    for (method, rule), allowed in PAGES.items():
        answer = stranger.open(_filled(rule), method=method)
        if allowed is PUBLIC:
            assert answer.status_code in (200, 400), rule
            continue
        assert answer.status_code == 303, rule
        place = urlsplit(answer.headers["Location"])
        assert (place.netloc, place.path) == ("", "/sign-in")
        if method == "GET":
            assert parse_qs(place.query)["next"] == [_filled(rule)]


def test_metrics_are_open_to_this_machine_only(app) -> None:  # type: ignore[no-untyped-def]
    """A scraper on this machine needs no account; one behind a proxy or elsewhere does."""
    stranger = app.test_client()
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/metrics", headers=AWAY).status_code == 401
    assert stranger.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 401


def test_a_view_that_declares_nothing_is_refused(app: Flask) -> None:
    """An application with a silent view does not start."""
    silent = Flask("silent")
    silent.add_url_rule("/silent", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="declare no access"):
        auth.check_declarations(silent)
