"""Cases of the storm, played through a real server while its parts are killed, and what is left of them compared."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from engine.model.actors import Scope
from engine.model.trace_entries import SealedEntry
from engine.service import people
from engine.service.children import Child
from engine.service.people import NewPerson
from engine.store import entries
from engine.store.embedded import embedded
from tests.conftest import ROOT
from tests.e2e.caller import Caller, RefusedError
from tests.e2e.desk import PASSWORD
from tests.e2e.serving import Server, is_free, wait_until
from tests.e2e.storm_model import BEGUN, ITEMS, URGES, files
from tests.integration.folding import folded, payloads
from tests.integration.office import TESTER, Office

VICTIMS = ("worker", "second", "one", "two", "web", "database", "parent")
"""The server's worker and a second one, two programs outside, the web server, PostgreSQL, and the parent of all."""

PATIENCE_S = 240.0


@dataclass
class OtherSystem:
    """Counts the calls of the cases by their idempotency keys; the receipt is the same for the same key."""

    calls: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @classmethod
    @contextlib.contextmanager
    def listening(cls) -> Iterator["OtherSystem"]:
        """On a port of its own, until left."""
        known = cls()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                known.calls[self.headers["Idempotency-Key"]] += 1
                body = json.dumps({"receipt": f"for {asked['key']}"}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
                """Quiet."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            known.port = server.server_port
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield known
            finally:
                server.shutdown()
                thread.join()

    @property
    def environment(self) -> dict[str, str]:
        """Settings of a server that may call it."""
        return {"MINGJING_HTTP_HOSTS": "example.gov.invalid", "MINGJING_HTTP_PRIVATE_HOSTS": f"localhost:{self.port}"}


@dataclass
class Storm:
    """A server with a second worker and two programs outside, all of which come back when they are killed."""

    own: Server
    other: OtherSystem
    serial: int = 0
    kills: list[tuple[str, datetime]] = field(default_factory=list)
    kept: dict[str, Child] = field(default_factory=dict)

    @property
    def effects(self) -> Path:
        """To which the programs outside write."""
        return self.own.folder / "effects"

    def prepare(self) -> None:
        """Deploy, make the programs' account, start what runs beside the server."""
        Caller(self.own.url, "du").deploy(files(self.other.port))
        with self.office() as office, office.work() as uow:
            roles = (("service", Scope.ALL),)
            people.create(
                uow,
                NewPerson(username="program", name="程序", unit_code="JH", password=PASSWORD, roles=roles),
                None,
                TESTER,
            )
        log = self.own.folder / "beside.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        environment |= {**self.own.environment, "MINGJING_LOG": str(log), "PYTHONPATH": str(ROOT)}
        program = [sys.executable, "-m", "tests.e2e.job_program", self.own.url]
        commands = {
            "second": [sys.executable, "-m", "engine.cli", "worker", "--var", str(self.own.folder / "var")],
            "one": [*program, "one", str(self.effects)],
            "two": [*program, "two", str(self.effects)],
        }
        for name, command in commands.items():
            logged = ["/bin/sh", "-c", 'exec "$@" 2>> "$MINGJING_LOG"', name, *command]
            self.kept[name] = Child(name=name, command=logged, environment=environment, say=lambda _: None)
            self.kept[name].tend()

    def close(self) -> None:
        """End what runs beside the server."""
        for child in self.kept.values():
            child.ask_to_stop()
        for child in self.kept.values():
            child.end(within_seconds=20)

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        """The database of the server, as a test reads it."""
        with embedded(self.own.folder / "var", environ={}) as dsns:
            found = Office.open(dsns, self.own.folder / "var")
            yield found
            found.close()

    def kill(self, victim: str) -> None:
        """kill -9, and bring back what nobody else brings back."""
        self.kills.append((victim, datetime.now(UTC)))
        if victim == "worker" or victim in self.kept:
            second = self.kept["second"].pid
            workers = [pid for pid in self.own.pids("worker") if pid != second]
            for pid in workers if victim == "worker" else filter(None, [self.kept[victim].pid]):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return
        self.own.kill(victim)
        if victim == "parent":  # its web server answers what is under way, long polls too, before it gives the port up
            wait_until(lambda: is_free(self.own.port), "the orphaned web server to end")
            self.own.start()

    def begin(self, count: int) -> dict[str, str]:
        """Start so many cases; their correlation keys by the keys of the cases."""
        program = Caller(self.own.url, "program")
        begun = {}
        for _ in range(count):
            self.serial += 1
            name = f"K{self.serial}"
            body = {"processDefinitionId": "storm", "variables": {"key": name}}
            begun[str(program.call("POST", "/v2/process-instances", body)["processInstanceKey"])] = name
        return begun

    def play(self, cases: Sequence[str], strikes: Iterable[tuple[float, str]] = ()) -> int:
        """Work the user tasks of cases until all are over; how many of the strikes (seconds since, victim) came."""
        over, before = threading.Event(), len(self.kills)
        with ThreadPoolExecutor(1) as threads:
            weather = threads.submit(self._strike, strikes, over)
            try:
                self._work(cases)
            finally:
                over.set()
            weather.result()
        return len(self.kills) - before

    def _work(self, cases: Sequence[str]) -> None:
        lin, gao = Caller(self.own.url, "lin"), Caller(self.own.url, "gao")
        deadline, left = time.monotonic() + PATIENCE_S, list(cases)
        while left:
            assert time.monotonic() < deadline, f"cases {left} do not end"
            for case in left:
                _work(lin, gao, case)
            left = [case for case in left if gao.call("GET", f"/v2/process-instances/{case}")["state"] != "COMPLETED"]
            time.sleep(0.1)

    def _strike(self, strikes: Iterable[tuple[float, str]], over: threading.Event) -> None:
        """Kill by the plan and tend who was killed, until it is over."""
        began, plan = time.monotonic(), iter(strikes)
        following = next(plan, None)
        while not over.wait(0.02):
            for child in self.kept.values():
                child.tend()
            if following is not None and time.monotonic() - began >= following[0]:
                self.kill(following[1])
                following = next(plan, None)

    def told(self, cases: dict[str, str]) -> list[dict[str, Any]]:
        """What is left of each case, in a form that does not depend on the order of its branches."""
        with self.office() as office:
            return [_normal(office, int(case), name) for case, name in cases.items()]

    def struck(self, cases: Mapping[str, str]) -> set[tuple[str, str, str]]:
        """At which points of these cases the kills so far came: the victim, and the last entry of the trace before."""
        found = set()
        with self.office() as office:
            for case in cases:
                kinds = list(zip(_entries(office, int(case)), payloads(office, int(case)), strict=True))
                for victim, at in self.kills:
                    before = [(entry.kind, _where(told)) for entry, told in kinds if entry.at <= at]
                    if before and len(before) < len(kinds):
                        found.add((victim, *before[-1]))
        return found


def _work(lin: Caller, gao: Caller, case: str) -> None:
    """Complete what waits for lin; the task that people are urged to do only when that has happened."""
    wanted = {"filter": {"processInstanceKey": case, "state": "CREATED"}}
    for task in lin.call("POST", "/v2/user-tasks/search", wanted)["items"]:
        element = task["elementId"]
        if element == "slow" or (element == "ask" and not _urged(gao, case)):
            continue
        try:
            lin.call("POST", f"/v2/user-tasks/{task['userTaskKey']}/completion", {"variables": {"note": "x"}})
        except RefusedError as refused:
            if refused.status != 409:
                raise


def _urged(gao: Caller, case: str) -> bool:
    entries = gao.call("GET", f"/api/process-instances/{case}/trace")["entries"]
    seen = Counter(entry["element_id"] for entry in entries if entry["kind"] in EVENTS)
    return seen["urge"] == URGES and seen["moves_on"] == 1


EVENTS = ("timer.fired.v1", "message.correlated.v1")


def _normal(office: Office, case: int, name: str) -> dict[str, Any]:
    """Entries and transitions as multisets, the variables as the trace gives them. name: what differs by case."""
    told = payloads(office, case)
    kinds = [entry.kind for entry in _entries(office, case)]
    return {
        "entries": Counter((kind, _where(one)) for kind, one in zip(kinds, told, strict=True)),
        "transitions": Counter(_what(t) for one in told for t in one.get("transitions", ())),
        "variables": json.dumps(folded(office, case), default=str, sort_keys=True).replace(f'"{name}"', '"K"')
        .replace(f"for {name}", "for K"),
    }  # fmt: skip


def _what(transition: dict[str, str]) -> tuple[str, str, str, str]:
    """Which of its instances a loop leaves over its flow depends on which is the last: no crash changes that."""
    instance = "" if transition["kind"] == "flow_taken" else transition["instance"]
    return transition["kind"], transition["element"], instance, transition.get("process", "")


def _entries(office: Office, case: int) -> list[SealedEntry]:
    with office.work() as uow:
        return list(entries.stream_entries(uow, case))


def _where(payload: dict[str, Any]) -> str:
    element = payload.get("element", {})
    return str(payload.get("wait") or element.get("instance") or element.get("id") or "")


def expect_once(storm: Storm, cases: dict[str, str]) -> None:
    """Everything outside happened at least once for each job, everything inside once; every trace verifies."""
    with storm.office() as office:
        done = [one["job"] for case in cases for one in payloads(office, int(case)) if "worker" in one]
        assert len(done) == len(set(done)) == len(cases) * (3 + ITEMS + 2)
        outside = set(storm.effects.read_text().split())
        called = {key.removeprefix("mingjing-job-") for key in storm.other.calls}
        jobs = {job for job in done if job in outside or job in called}
        assert len(jobs) == len(cases) * (3 + ITEMS + 1), set(done) - jobs
    gao = Caller(storm.own.url, "gao")
    assert all(gao.call("POST", f"/api/process-instances/{case}/verification")["ok"] for case in cases)


def expect_begun(storm: Storm, count: int) -> None:
    """So many cases of each process were begun by an event. What a case throws last reaches others after its end: by
    the clock, and after a kill by another one when the lease is over.
    """
    wait_until(lambda: min(_begun(storm).values()) >= count, f"{count} cases to be begun by events")
    assert _begun(storm) == dict.fromkeys(BEGUN, count)


def _begun(storm: Storm) -> Counter[str]:
    """How many cases of each process an event has begun."""
    gao = Caller(storm.own.url, "gao")
    found: Counter[str] = Counter()
    for name in BEGUN:
        body = {"filter": {"processDefinitionId": name}, "page": {"limit": 1000}}
        found[name] = len(gao.call("POST", "/v2/process-instances/search", body)["items"])
    return found
