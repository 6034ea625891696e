"""Timers, messages and the clock, on a PostgreSQL with fsync on. For `make bench`.

* Timers: 10,000 cases wait for a timer that is due at once, and 100,000 further timers wait beside them (rows of the
  due table; nobody looks at their cases). One clock that has none of the cases in memory fires them; each firing goes
  on to a user task that is offered by position.
* Messages: cases wait for a message, each with its own key; one program publishes.
* Idle: a clock with nothing due beside all those cases and timers.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from benchmarks.runtime.house import CLIENT, House, actor, house
from engine.model.actors import Actor, Scope
from engine.model.commands import Deploy, PublishMessage, StartInstance
from engine.service import deployment, due_work, instances, messages, people
from engine.service.clock import PAUSE_S
from engine.service.equipment import Equipment, Work
from engine.service.handling import new_command_id
from engine.store.work import DatabaseSession, open_engine
from tests.integration.models import ask, form, line
from tests.unit.runtime.builder import bpmn, catch, chain, end, node, of, timer

DUE = 10_000
PENDING = 100_000
MESSAGES = 2_000
IDLE_S = 30
TIMER = line("limit", catch("t", timer("PT1H")), ask("after"), ids=("t", "after"))
MESSAGE = bpmn(
    node("startEvent", "s", inner=of("message", "moved")), catch("m", of("message", "paid")),
    ask("after", assignee="lin"), end(), chain("s", "m", "after", "e"), process_id="bill",
)  # fmt: skip
_PID = text("select pg_backend_pid()")


@dataclass(slots=True)
class Place:
    """A database and the time that its programs believe."""

    house: House
    database: str
    equipment: Equipment
    engine: Any

    @classmethod
    def open(cls, found: House, database: str, now: datetime) -> "Place":
        """With no case in memory."""
        equipment = Equipment.open(found.var)
        object.__setattr__(equipment, "clock", lambda: now)
        return cls(found, database, equipment, open_engine(found.app(database), pool_size=4, max_overflow=0))

    @contextmanager
    def working(self) -> Iterator[Work]:
        """A transaction of its own."""
        with DatabaseSession(self.engine) as session, Work(session, self.equipment) as uow:
            yield uow

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def rows() -> list[dict[str, Any]]:
    """Timers and messages per second, and the CPU of a clock that has nothing to do."""
    now = datetime.now(UTC)
    with house() as found:
        database = found.copy()
        place = Place.open(found, database, now)
        started = _start(place)
        place.close()
        with psycopg.connect(found.owner(database), autocommit=True) as connection:
            _pend(connection, now)
            connection.execute("vacuum analyze")
        result = [{"name": "cases started", "engine": "service", "value": started, "unit": "per second"}]
        result += _messages(found, database, now)
        result += _idle(found, database, now)
        result += _timers(found, database, now + timedelta(hours=1))
        return result


def ratios(_: list[dict[str, Any]]) -> dict[str, float]:
    """Nothing is compared."""
    return {}


def _start(place: Place) -> float:
    with place.working() as uow:
        command = Deploy(
            command_id=new_command_id(),
            resources=(("limit.bpmn", TIMER), ("bill.bpmn", MESSAGE), ("note.form", form("note"))),
        )
        deployment.deploy(uow, command, actor(uow, "du"), CLIENT)
        lin = actor(uow, "lin")
        new = people.NewPerson(
            username="program", name="接口程序", unit_code="JH", password=None, roles=(("service", Scope.ALL),)
        )
        people.create(uow, new, None, CLIENT)
        program = actor(uow, "program")
    began = time.perf_counter()
    for _ in range(DUE):
        _begin(place, lin, "limit")
    rate = DUE / (time.perf_counter() - began)
    for number in range(MESSAGES):
        _publish(place, program, "moved", "", key=f"K-{number}")
    return rate


def _begin(place: Place, who: Actor, process_id: str) -> None:
    with place.working() as uow:
        instances.start(uow, StartInstance(command_id=new_command_id(), process_id=process_id), who, CLIENT)


def _publish(place: Place, who: Actor, name: str, correlation_key: str, **variables: object) -> bool:
    with place.working() as uow:
        command = PublishMessage(
            command_id=new_command_id(), name=name, correlation_key=correlation_key, variables=variables
        )
        return messages.publish(uow, command, who, CLIENT).instance_key is not None


def _pend(connection: Any, now: datetime) -> None:
    """Timers that wait for another year, each of its own name."""
    connection.execute(
        "insert into due (kind, instance_key, element_id, element_instance, due_at, try_at)"
        " select 'timer', first, 'far', 'far@' || n, %(at)s + n * interval '1 minute', %(at)s + n * interval '1 minute'"
        " from (select min(key) as first from process_instance) of, generate_series(1, %(count)s) n",
        {"at": now + timedelta(days=30), "count": PENDING},
    )


def _timers(found: House, database: str, now: datetime) -> list[dict[str, Any]]:
    place = Place.open(found, database, now)
    began, cpu = time.perf_counter(), time.process_time()
    count = due_work.do_all(place.working)
    wall, own = time.perf_counter() - began, time.process_time() - cpu
    place.close()
    if count != DUE:
        raise RuntimeError(f"{count} timers fired, not {DUE}")
    name = f"timers fired, {DUE:,} due, {PENDING:,} pending"
    return [
        {"name": name, "engine": "one clock", "value": count / wall, "unit": "per second"},
        {"name": name, "engine": "one clock", "value": wall, "unit": "s"},
        {"name": "CPU of a firing", "engine": "one clock", "value": own / count * 1000, "unit": "ms"},
    ]


def _messages(found: House, database: str, now: datetime) -> list[dict[str, Any]]:
    place = Place.open(found, database, now)
    with place.working() as uow:
        program = actor(uow, "program")
    began, cpu = time.perf_counter(), time.process_time()
    reached = sum(_publish(place, program, "paid", f"K-{number}") for number in range(MESSAGES))
    wall, own = time.perf_counter() - began, time.process_time() - cpu
    place.close()
    if reached != MESSAGES:
        raise RuntimeError(f"{reached} messages reached a case, not {MESSAGES}")
    return [
        {"name": "messages correlated", "engine": "service", "value": MESSAGES / wall, "unit": "per second"},
        {"name": "CPU of a message", "engine": "service", "value": own / MESSAGES * 1000, "unit": "ms"},
    ]


def _idle(found: House, database: str, now: datetime) -> list[dict[str, Any]]:
    """As `engine.service.clock` looks, for a while; and what that costs the database."""
    place = Place.open(found, database, now)
    due_work.do_all(place.working)  # what the starts left: looks for buffered messages
    with place.working() as uow:
        (backend,) = (row[0] for row in uow.rows(_PID))
    stopped = threading.Event()
    before, cpu, looks = _ticks(backend), time.process_time(), 0
    until = time.monotonic() + IDLE_S
    while time.monotonic() < until:
        due_work.do_all(place.working, stopped)
        looks += 1
        stopped.wait(PAUSE_S)
    own, theirs = time.process_time() - cpu, _ticks(backend) - before
    place.close()
    name = f"idle clock, {DUE + MESSAGES:,} cases, {DUE + PENDING:,} timers"
    return [
        {"name": name, "engine": "clock", "value": own / looks * 1000, "unit": "ms CPU a second"},
        {"name": name, "engine": "PostgreSQL", "value": theirs / looks * 1000, "unit": "ms CPU a second"},
    ]


def _ticks(pid: int) -> float:
    """Seconds of CPU of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
