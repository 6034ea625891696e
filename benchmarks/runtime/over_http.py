"""(c) Ours over HTTP with everything: `mingjing serve` in processes of its own, bearer tokens, logs, metrics.

CPU is what the kernel charged to the processes of `mingjing serve` (in ticks of 10 ms, so over many requests);
PostgreSQL's is given beside it. Statements and commits are counted in a second application in this process.
"""

import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import structlog

from benchmarks.runtime.house import CLIENT, House, actor, deploy
from benchmarks.runtime.service_layer import COMMIT, Office, RecordingCursor, first, record
from benchmarks.runtime.shapes import Shape, crowd
from engine.model.actors import Scope
from engine.service import people
from engine.service.equipment import Work
from engine.store import entries

PATIENCE_S = 120.0
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of one completion over HTTP, on average; wall clock in ms as the client sees it."""

    requests: int
    cpu_ms: float
    postgres_cpu_ms: float
    wall_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Many people at once: how many failed, how many stand in the trace, and milliseconds."""

    people: int
    failures: int
    traced: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float


@contextmanager
def serving(house: House, database: str) -> Iterator[tuple[int, int]]:
    """`mingjing serve` over a database: its port and pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "DATABASE_URL": house.app(database), "DATABASE_OWNER_URL": house.owner(database), "MINGJING_DEMO": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "engine.cli", "serve", "--port", str(port), "--var", str(house.var)]
    with (house.var / "bench-serve.log").open("wb") as log:
        parent = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _await(port)
        yield port, parent.pid
    finally:
        parent.send_signal(signal.SIGTERM)
        parent.wait(timeout=60)


def completions(house: House, shape: Shape, count: int) -> Costs:
    """Complete `count` user tasks of one case, one after the other on one connection."""
    database = house.copy()
    deploy(house, database, shape)
    office = Office.open(house, database)
    case, token = office.start(shape), _token(office, "lin")
    with serving(house, database) as (port, pid), psycopg.connect(house.owner(database), autocommit=True) as watch:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        play = iter(first(shape.play(), count + 40))
        for _ in range(40):  # both web processes load what they need
            _complete_next(connection, token, office, case, play)
        cpu, postgres, wall = _cpu(pid), _cpu(_postmaster(watch)), 0.0
        for _ in range(count):
            wall += _complete_next(connection, token, office, case, play)
        cpu, postgres = _cpu(pid) - cpu, _cpu(_postmaster(watch)) - postgres
        connection.close()
    office.close()
    return Costs(
        requests=count,
        cpu_ms=cpu * 1000 / count,
        postgres_cpu_ms=postgres * 1000 / count,
        wall_ms=wall * 1000 / count,
    )


def statements(house: House, shape: Shape) -> tuple[int, int]:
    """SQL statements and commits of one completion request, counted on the psycopg cursor; who asks is included,
    the pool's empty ping is not. The process is warm."""
    from web.db import db  # noqa: PLC0415 - prometheus_client must not be imported before the server was started
    from web.factory import create_app  # noqa: PLC0415
    from web.settings import Settings  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    database = house.copy()
    deploy(house, database, shape)
    office = Office.open(house, database)
    case, token = office.start(shape), _token(office, "lin")
    app = create_app(Settings(var=house.var, database_url=house.app(database), secret_key="bench", testing=True))
    with app.app_context():
        record(db.engine)
    counts: list[tuple[int, int]] = []
    for element, values in first(shape.play(), 8):
        key = office.waiting(case)[element][0]
        log: list[Any] = []
        RecordingCursor.log = log
        answer = app.test_client().post(
            f"/v2/user-tasks/{key}/completion",
            json={"variables": values},
            headers={"Authorization": f"Bearer {token}"},
        )
        RecordingCursor.log = None
        if answer.status_code != http.HTTPStatus.NO_CONTENT:
            raise RuntimeError(answer.text)
        commits = sum(query == COMMIT for query, _ in log)
        counts.append((len(log) - commits, commits))
    with app.app_context():
        db.engine.dispose()
    office.close()
    return max(counts[4:])


def at_once(house: House, count: int) -> Crowd:
    """`count` people complete the `count` parallel tasks of one case at the same moment, each over a connection."""
    database, shape = house.copy(), crowd(count)
    deploy(house, database, shape)
    office = Office.open(house, database)
    office.work(lambda uow: _people(uow, count))
    case = office.start(shape)
    tokens = [_token(office, f"bench{number}") for number in range(1, count + 1)]
    keys = office.waiting(case)["each"]
    with serving(house, database) as (port, _):
        results = _clicks(port, tokens, keys)
    times = sorted(seconds * 1000 for _, seconds in results)
    traced = office.work(lambda uow: sum(e.kind.startswith("user_task.") for e in entries.stream_entries(uow, case)))
    office.close()
    return Crowd(
        people=count,
        failures=sum(status != http.HTTPStatus.NO_CONTENT for status, _ in results),
        traced=traced,
        p50_ms=times[len(times) // 2],
        p95_ms=times[int(len(times) * 0.95)],
        slowest_ms=times[-1],
    )


def _clicks(port: int, tokens: list[str], keys: list[int]) -> list[tuple[int, float]]:
    """Status and seconds of each, all started by one barrier."""
    warm = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(20):
        _post(warm, tokens[0], "/v2/user-tasks/1/completion", {})
    gate = threading.Barrier(len(keys))
    results: list[tuple[int, float]] = []

    def click(token: str, key: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        gate.wait()
        began = time.perf_counter()
        status = _post(connection, token, f"/v2/user-tasks/{key}/completion", {"variables": {"name": token[:8]}})
        results.append((status, time.perf_counter() - began))
        connection.close()

    threads = [threading.Thread(target=click, args=pair) for pair in zip(tokens, keys, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _complete_next(connection: http.client.HTTPConnection, token: str, office: Office, case: int, play: Any) -> float:
    element, values = next(play)
    key = office.waiting(case)[element][0]
    began = time.perf_counter()
    status = _post(connection, token, f"/v2/user-tasks/{key}/completion", {"variables": dict(values)})
    if status != http.HTTPStatus.NO_CONTENT:
        raise RuntimeError(f"a completion was answered with {status}")
    return time.perf_counter() - began


def _post(connection: http.client.HTTPConnection, token: str, path: str, body: object) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _token(office: Office, username: str) -> str:
    def issue(uow: Work) -> str:
        return people.issue_token(uow, actor(uow, username), CLIENT, "bench")[0]

    return str(office.work(issue))


def _people(uow: Work, count: int) -> None:
    for number in range(1, count + 1):
        new = people.NewPerson(
            username=f"bench{number}", name=f"会签 {number}", unit_code="JH-QH-01-01", password=None,
            roles=(("clerk", Scope.OWN),),
        )  # fmt: skip
        people.create(uow, new, None, CLIENT)


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the server does not become ready")


def _postmaster(watch: psycopg.Connection[Any]) -> int:
    row = watch.execute("select pg_backend_pid()").fetchone()
    return int(_stat(int(row[0]))[3]) if row else 0


def _cpu(pid: int) -> float:
    """Seconds that a process and all below it have used, those that ended included."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                below.setdefault(int(_stat(int(entry.name))[3]), []).append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    todo, ticks = [pid], 0
    while todo:
        one = todo.pop()
        todo += below.get(one, [])
        try:
            ticks += sum(int(value) for value in _stat(one)[13:17])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return ticks * TICK_S


def _stat(pid: int) -> list[str]:
    """The fields of /proc/pid/stat, counted from 0; the name in parentheses may hold blanks."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return ["", "", *text.rpartition(")")[2].split()]
