"""Jobs that our own worker does, against a real web server and a real mail server on this machine."""

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engine.model.errors import Conflict
from engine.model.incidents import IncidentKind, IncidentRow
from engine.model.views import InstanceState
from engine.service import built_in_jobs, incidents, jobs
from engine.store import incidents as stored
from engine.store import jobs as stored_jobs
from tests.integration.folding import payloads, variables
from tests.integration.models import ask, form, job, line
from tests.integration.office import Office
from tests.integration.service.test_background import work_once
from tests.unit.runtime.builder import boundary, bpmn, chain, end, mapped, of, script, start


@dataclass
class Web:
    """What the web server was asked, and what it answers next: status and JSON."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], object]] = field(default_factory=list)
    answers: list[tuple[int, object]] = field(default_factory=list)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server on the loopback address, which the operator allows by name."""
    known = Web()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            known.asked.append((self.command, self.path, dict(self.headers.items()), body))
            status, answer = known.answers.pop(0) if known.answers else (200, {})
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            if status == 302:
                self.send_header("Location", f"http://localhost:{known.port}/elsewhere")
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _answer  # noqa: N815 -- the library's names

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- the library's name
            """Quiet."""

    built_in_jobs.register()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.port = server.server_port
        monkeypatch.setenv("MINGJING_HTTP_HOSTS", "example.gov.invalid")
        monkeypatch.setenv("MINGJING_HTTP_PRIVATE_HOSTS", f"localhost:{known.port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def active(office: Office, key: int) -> list[IncidentRow]:
    with office.work() as uow:
        return [incidents.incident_row(uow, row) for row in stored.of_case(uow, key)]


def http(web: Web, retries: int = 3, more: str = "", **headers: str) -> bytes:
    """A line of a script that sets ``name`` and a call."""
    given = {"url": f"http://localhost:{web.port}/residents", **headers}
    return line(
        "p", script("who", '"王"', "name"), job("call", "mingjing:http", headers=given, retries=retries, more=more),
        ids=("who", "call"),
    )  # fmt: skip


def test_a_call_sends_and_takes(office: Office, web: Web) -> None:
    """Method, body, header with a secret, idempotency key; the answer becomes variables; the secret stays outside."""
    secrets = office.equipment.blobs.root.parent / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "registry").write_text("s3cret\n")
    web.answers = [(200, {"found": True, "income": 12.5})]
    model = http(
        web, method="POST", body="={who: name}", result="answer", resultExpression="={income: response.body.income}",
        **{"header.Authorization": "Bearer {secret:registry}"},  # type: ignore[arg-type]  # a header, whatever its name
    )  # fmt: skip
    office.deploy(p_bpmn=model)
    case = office.start("lin", "p")
    key = office.job_key(case)
    work_once(office)
    (method, path, headers, body) = web.asked[0]
    assert (method, path, body) == ("POST", "/residents", {"who": "王"})
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer s3cret", f"mingjing-job-{key}")
    found = variables(office, case.key)
    assert str(found["income"]) == "12.5"
    assert found["answer"]["status"] == 200  # type: ignore[index]  # a context
    assert office.view("lin", case).case.state is InstanceState.COMPLETED
    assert "s3cret" not in str(payloads(office, case.key))
    told = office.view("gao", case).timeline[-1]
    assert (told.kind, told.person_name, told.job_type) == ("job.completed.v2", "系统", "mingjing:http")


def test_what_fails_is_tried_again_and_then_an_incident(office: Office, web: Web) -> None:
    """A redirect is not followed; the next attempt waits for its back-off and carries the same key."""
    web.answers = [(302, {})]
    office.deploy(p_bpmn=http(web, retries=2))
    case = office.start("lin", "p")
    work_once(office)
    assert [path for _, path, *_ in web.asked] == ["/residents"]
    with office.work() as uow:
        from engine.store import jobs as stored_jobs

        (row,) = stored_jobs.of_case(uow, case.key)
        assert (row.retries, row.state) == (1, "FAILED")
        assert row.locked_until > uow.now()
        stored_jobs.change(uow, row.key, retries=None, locked_until=uow.now())
    web.answers = [(503, {})]
    built_in_jobs_run(office, row.key)
    assert web.asked[0][2]["Idempotency-Key"] == web.asked[1][2]["Idempotency-Key"]
    assert [(found.kind, found.reason) for found in active(office, case.key)] == [
        (IncidentKind.JOB_FAILED, "the other system answered 503")
    ]


def built_in_jobs_run(office: Office, key: int) -> None:
    """What the worker does when the delay is over."""
    from engine.service.background_jobs import Bench

    Bench.dsn, Bench.equipment = office.dsns.app, office.equipment
    try:
        built_in_jobs.run(key)
    finally:
        Bench.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "not allowed"),
        ("http://other.invalid/", "not allowed"),
        ("ftp://localhost/", "http://"),
        ("http://user:word@localhost/", "password"),
        ('="http://" + name + "/"', "not allowed"),
    ],
)
def test_what_is_not_allowed_is_not_called(office: Office, web: Web, url: str, reason: str) -> None:
    """At once an incident that says why: trying again would change nothing."""
    office.deploy(p_bpmn=http(web, url=url))
    case = office.start("lin", "p")
    work_once(office)
    assert web.asked == []
    (found,) = active(office, case.key)
    assert reason in found.reason


def test_a_refusal_of_the_other_system_may_be_an_error(office: Office, web: Web) -> None:
    """4xx with the header `error` is caught by the boundary event."""
    web.answers = [(404, {})]
    headers = {"url": f"http://localhost:{web.port}/x", "error": "E1"}
    model = bpmn(
        start(), job("call", "mingjing:http", headers=headers),
        boundary("b", "call", of("error", "E1"), extension=mapped("< errorMessage -> why")), ask("look"), end(),
        chain("s", "call", "e"), chain("b", "look", "e"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    work_once(office)
    assert office.view("lin", case).case.current == ("look",)
    assert variables(office, case.key) == {"why": "the other system answered 404"}


def test_an_expression_in_the_background(office: Office, web: Web) -> None:
    """Its value becomes a variable; an expression that fails is an incident."""
    model = line(
        "p", script("who", '"王"', "name"),
        job("calc", "mingjing:feel", headers={"expression": "string length(name) + 1", "result": "n"}),
        ids=("who", "calc"),
    )  # fmt: skip
    office.deploy(p_bpmn=model)
    case = office.start("lin", "p")
    work_once(office)
    assert variables(office, case.key)["n"] == 2
    wrong = line("q", job("calc", "mingjing:feel", headers={"expression": "1 + 1"}), ids=("calc",))
    office.deploy(q_bpmn=wrong)
    other = office.start("lin", "q")
    work_once(office)
    assert ["gives no context" in found.reason for found in active(office, other.key)] == [True]


class Letters(socketserver.StreamRequestHandler):
    """As much of SMTP as a mail needs."""

    received: list[str] = []  # noqa: RUF012 -- one server, one test

    def handle(self) -> None:
        self._say("220 here")
        while line_ := self.rfile.readline().decode().strip():
            verb = line_.upper()
            if verb.startswith("RCPT") and "NOBODY" in verb:
                self._say("550 no such person")
            elif verb == "DATA":
                self._say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(text)
                self.received.append("".join(lines))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def test_a_mail_is_sent(office: Office, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """To whom a variable says, in plain text; one that the server refuses is an incident."""
    Letters.received = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letters) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("MINGJING_SMTP", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("MINGJING_MAIL_FROM", "office@example.gov.invalid")
        headers = {"to": '=name + "@example.invalid"', "subject": "Hello", "body": '="Dear " + name'}
        model = line(
            "p", script("who", '"wang"', "name"), job("mail", "mingjing:email", headers=headers), ids=("who", "mail")
        )
        office.deploy(p_bpmn=model)
        case = office.start("lin", "p")
        key = office.job_key(case)
        work_once(office)
        refused = line(
            "q", job("mail", "mingjing:email", headers={**headers, "to": "nobody@example.invalid", "body": "x"}),
            ids=("mail",),
        )  # fmt: skip
        office.deploy(q_bpmn=refused)
        other = office.start("lin", "q")
        work_once(office)
        server.shutdown()
        thread.join()
    (letter,) = Letters.received
    assert "To: wang@example.invalid" in letter
    assert f"<mingjing-job-{key}@example.gov.invalid>" in letter
    assert "Dear wang" in letter
    assert office.view("lin", case).case.state is InstanceState.COMPLETED
    assert ["takes no mail" in found.reason for found in active(office, other.key)] == [True]


def test_nobody_outside_takes_a_job_of_ours(office: Office) -> None:
    """A program that asks for one is told whose it is, instead of waiting for ever or doing it a second time."""
    program = office.program()
    with office.work() as uow, pytest.raises(Conflict, match="done by Mingjing") as caught:
        jobs.activate(uow, program, "mingjing:http", worker="w", lock_ms=1000, limit=1)
    assert (caught.value.code, caught.value.params) == ("job.built_in", {"type": "mingjing:http"})


def test_what_a_dead_worker_of_ours_had_lent_is_done_without_waiting(office: Office) -> None:
    """Killed in the middle: the clock takes the loan back with the background job; another's loan is let alone."""
    model = line("p", job("calc", "mingjing:feel", headers={"expression": "=6 * 7", "result": "sum"}), ids=("calc",))
    office.deploy(p_bpmn=model)
    case = office.start("lin", "p")
    key, later = office.job_key(case), timedelta(seconds=90)
    with office.work() as uow:
        assert stored_jobs.lend(uow, key, worker=built_in_jobs.WORKER, now=uow.now(), until=uow.now() + later)
        stored_jobs.take_back(uow, key, "somebody")
        assert stored_jobs.is_lent(uow, key, uow.now())
        stored_jobs.take_back(uow, key, built_in_jobs.WORKER)
        assert not stored_jobs.is_lent(uow, key, uow.now())
    built_in_jobs.register()
    work_once(office)
    assert office.view("lin", case).case.state is InstanceState.COMPLETED
    assert variables(office, case.key)["sum"] == 42
