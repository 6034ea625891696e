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
DESIGNERS = frozenset({"designer"})
DEFINITIONS = CASES | {"designer", "system_admin", "policy"}
LIBRARY = frozenset({"supervisor", "policy", "discipline", "designer", "inspector"})
INDICATORS = LIBRARY | {"clerk", "reviewer", "approver", "service"}
KEEPERS = frozenset({"policy"})
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
    ("GET", "/api/model-drafts/<key:key>"): DESIGNERS,
    ("PUT", "/api/model-drafts/<key:key>"): DESIGNERS,
    ("POST", "/api/model-drafts/<key:key>/inspection"): DESIGNERS,
    ("POST", "/api/model-drafts/<key:key>/copies"): DESIGNERS,
    ("POST", "/api/model-drafts/<key:key>/versions"): DESIGNERS,
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
    ("POST", "/api/alerts/search"): SUPERVISORS | INSPECTORS,
    ("GET", "/api/alerts/<key:key>"): SUPERVISORS | INSPECTORS,
    ("POST", "/api/alerts/<key:key>/steps"): SUPERVISORS,
    ("GET", "/api/exemptions"): SUPERVISORS | INSPECTORS | {"discipline"},
    ("POST", "/api/exemptions"): SUPERVISORS,
    ("POST", "/api/exemptions/<key:key>/end"): SUPERVISORS,
    ("GET", "/api/files/<key:key>"): CASES,
    ("GET", "/api/indicators"): INDICATORS,
    ("GET", "/api/indicators/<key>"): INDICATORS,
    ("GET", "/api/indicators/<key>/versions"): INDICATORS,
    ("POST", "/api/indicators"): KEEPERS,
    ("POST", "/api/indicator-versions/<key:key>/decision"): KEEPERS,
    ("GET", "/api/openapi.json"): PUBLIC,
    ("GET", "/api/docs"): PUBLIC,
    ("GET", "/tree-heads.json"): PUBLIC,
    ("GET", "/tree-heads/consistency"): PUBLIC,
}

HIDDEN: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/api/discipline/reports"): frozenset({"discipline"}),
    ("GET", "/api/discipline/reports/<key>"): frozenset({"discipline"}),
}
"""To everybody else these addresses do not exist."""

PAGES: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/language"): PUBLIC,
    ("POST", "/text-size"): PUBLIC,
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/"): SIGNED_IN,
    ("POST", "/cases/<key:key>/print"): CASES,
    ("GET", "/verify"): PUBLIC,
    ("POST", "/filters"): WORK,
    ("POST", "/filters/<key:key>/removal"): WORK,
    ("GET", "/notices"): CASES,
    ("GET", "/notices/count"): CASES,
    ("POST", "/notices/<key:key>"): CASES,
    ("POST", "/notices/all"): CASES,
    ("GET", "/settings"): SIGNED_IN,
    ("POST", "/settings"): SIGNED_IN,
    ("POST", "/settings/phrases"): SIGNED_IN,
    ("POST", "/settings/phrases/<key:key>"): SIGNED_IN,
    ("GET", "/settings/shortcuts"): SIGNED_IN,
    ("GET", "/user-tasks/<key:key>/preview"): CASES,
    ("GET", "/user-tasks/<key:key>"): SIGNED_IN,
    ("GET", "/cases/<key:key>"): SIGNED_IN,
    ("GET", "/diagrams/<key:key>.bpmn"): SIGNED_IN,
    ("GET", "/files/<key:key>"): SIGNED_IN,
    ("GET", "/files/<key:key>/picture"): SIGNED_IN,
    ("GET", "/files/<key:key>/small"): SIGNED_IN,
    ("GET", "/start"): frozenset({"clerk", "service"}),
    ("POST", "/start"): frozenset({"clerk", "service"}),
    ("POST", "/user-tasks/<key:key>"): WORK,
    ("GET", "/user-tasks/<key:key>/verbs"): CASES,
    ("POST", "/user-tasks/<key:key>/verbs/<verb>"): CASES,
    ("GET", "/user-tasks/<key:key>/materials"): WORK,
    ("GET", "/user-tasks/<key:key>/warnings"): WORK,
    ("POST", "/user-tasks/<key:key>/files"): WORK,
    ("POST", "/user-tasks/<key:key>/files/<key:file_key>/removal"): WORK,
    ("GET", "/supervision"): SUPERVISORS | INSPECTORS,
    ("GET", "/alerts"): SUPERVISORS | INSPECTORS,
    ("GET", "/alerts/<key:key>"): SUPERVISORS | INSPECTORS,
    ("POST", "/alerts/<key:key>"): SUPERVISORS,
    ("GET", "/indicators"): INDICATORS,
    ("GET", "/indicators/new"): KEEPERS,
    ("POST", "/indicators/new"): KEEPERS,
    ("GET", "/indicators/<key>"): INDICATORS,
    ("POST", "/indicators/<key>/decision"): KEEPERS,
    ("GET", "/exemptions"): SUPERVISORS | INSPECTORS | {"discipline"},
    ("POST", "/exemptions"): SUPERVISORS,
    ("POST", "/exemptions/<key:key>/end"): SUPERVISORS,
    ("GET", "/sweeps"): SUPERVISORS,
    ("POST", "/sweeps"): SUPERVISORS,
    ("GET", "/calendar"): DEFINITIONS,
    ("POST", "/calendar/<key:year>"): frozenset({"operator", "system_admin"}),
    ("GET", "/checks"): LIBRARY,
    ("GET", "/checks/<key>"): LIBRARY,
    ("POST", "/checks/<key>/trial"): LIBRARY,
    ("GET", "/discipline"): frozenset({"discipline"}),
    ("GET", "/discipline/<key>"): frozenset({"discipline"}),
    ("GET", "/cases"): INSPECTORS,
    ("POST", "/cases/export"): INSPECTORS,
    ("POST", "/cases/<key:key>/reason"): INSPECTORS,
    ("GET", "/replay/<key:key>"): SIGNED_IN,
    ("GET", "/replay/<key:key>/data"): SIGNED_IN,
    ("GET", "/replay/<key:key>/entries/<key:seq>"): SIGNED_IN,
    ("GET", "/replay/<key:key>/values"): SIGNED_IN,
    ("POST", "/cases/<key:key>/verification"): INSPECTORS | {"audit_admin"},
    ("GET", "/system-trace"): frozenset({"audit_admin"}),
    ("POST", "/cases/<key:key>/evidence"): INSPECTORS,
    ("GET", "/erasures"): frozenset({"security_admin", "audit_admin"}),
    ("POST", "/erasures"): frozenset({"security_admin", "audit_admin"}),
    ("POST", "/erasures/<key:key>/approval"): frozenset({"security_admin", "audit_admin"}),
    ("POST", "/erasures/<key:key>/refusal"): frozenset({"security_admin", "audit_admin"}),
    ("GET", "/integrity"): frozenset({"audit_admin"}),
    ("POST", "/integrity/alarms/<key:key>"): frozenset({"audit_admin"}),
    ("GET", "/tree-heads"): PUBLIC,
    ("GET", "/people"): frozenset({"security_admin"}),
    ("GET", "/operations"): MENDERS,
    ("POST", "/operations/deliveries/<key:key>/retry"): MENDERS,
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
    ("GET", "/designer"): DESIGNERS,
    ("POST", "/designer"): DESIGNERS,
    ("GET", "/designer/<key:key>"): DESIGNERS,
    ("GET", "/designer/<key:key>/file"): DESIGNERS,
    ("POST", "/designer/<key:key>/discarding"): DESIGNERS,
    ("GET", "/definitions/<key:key>"): DEFINITIONS,
}
"""Objects behind signed-in pages are checked by the service: another unit's is 404."""

BAD_TOKEN = {"Authorization": "Bearer mj_worthless"}
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
    "policy": "lu",
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
    assert _routes(app) == set(API | PAGES | HIDDEN)


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


def _answered(answer: Any) -> tuple[int, object, dict[str, str]]:
    """All that a program is told, but for what differs with every request."""
    body = answer.get_json() if answer.data else None
    told = {name: value for name, value in body.items() if name not in ("instance", "command_id")} if body else body
    headers = {name: value for name, value in answer.headers.items() if name not in ("Date", "Content-Length")}
    return answer.status_code, told, {name: value for name, value in headers.items() if "Id" not in name}


@pytest.mark.usefixtures("accounts")
def test_a_hidden_address_answers_as_one_that_does_not_exist(app, api) -> None:  # type: ignore[no-untyped-def]
    """For every role of the unit, strangers and worthless tokens, by every method: same status, body, headers."""
    programs = [api(username) for role, username in ROLES.items() if role != "discipline"]
    strangers = [app.test_client().open, lambda path, **more: app.test_client().open(path, headers=BAD_TOKEN, **more)]
    asking = [*(lambda path, method, p=p: p(method, path) for p in programs), *strangers]
    for ask in asking:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            for _, rule in HIDDEN:
                here = ask(_filled(rule), method=method)
                nowhere = ask(_filled(rule).replace("discipline", "diligence"), method=method)
                assert _answered(here) == _answered(nowhere), (method, rule)
                assert here.status_code == 404
    desk = api(ROLES["discipline"])
    assert desk.get("/api/discipline/reports").status_code == 200
    assert desk.post("/api/discipline/reports").status_code == 405


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
