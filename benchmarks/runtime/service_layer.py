"""(b) Ours at the service layer, on one connection: everything but HTTP.

Also records the statements of the completions, for (d): see `limit`.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import event

from benchmarks.runtime.house import CLIENT, House, actor, deploy
from benchmarks.runtime.shapes import Shape
from engine.model.commands import CompleteUserTask, StartInstance
from engine.model.ids import UserTaskKey
from engine.service import instances, user_tasks
from engine.service.equipment import Equipment, Work
from engine.service.handling import new_command_id
from engine.store.work import DatabaseSession, open_engine

COMMIT = "commit"
PING = ";"
"""What SQLAlchemy's pool sends to see whether a connection lives."""

Statement = tuple[Any, Any]


class RecordingCursor(psycopg.Cursor[Any]):
    """Notes what is executed, procrastinate's statements included."""

    log: list[Statement] | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if RecordingCursor.log is not None and query and query != PING:
            RecordingCursor.log.append((query, params))
        return super().execute(query, params, **options)


def record(engine: Any) -> None:
    """Let an engine's connections note statements and commits while `RecordingCursor.log` is set."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["cursor_factory"] = RecordingCursor

    @event.listens_for(engine, "commit")
    def commit(_connection: Any) -> None:
        if RecordingCursor.log is not None:
            RecordingCursor.log.append((COMMIT, None))


@dataclass(slots=True)
class Taken:
    """What completions took: seconds of wall clock and of this process's CPU, and the statements of each."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[list[Statement]] = field(default_factory=list)

    @property
    def counts(self) -> list[int]:
        """Statements of each completion, without the commit."""
        return [len(one) - 1 for one in self.statements]


@dataclass(slots=True)
class Office:
    """A database in which one person works, on one connection."""

    house: House
    database: str
    equipment: Equipment
    engine: Any
    _watch: Any = None

    @classmethod
    def open(cls, house: House, database: str) -> "Office":
        """With a cursor that records."""
        engine = open_engine(house.app(database), pool_size=1, max_overflow=0)
        record(engine)
        return cls(house, database, Equipment.open(house.var), engine)

    def close(self) -> None:
        """Give the connections back, so that the database can be copied."""
        self.engine.dispose()
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def work(self, story: Callable[[Work], Any]) -> Any:
        """One unit of work."""
        with DatabaseSession(self.engine) as session, Work(session, self.equipment) as uow:
            return story(uow)

    def start(self, shape: Shape) -> int:
        """A new case of a shape; its key."""
        command = StartInstance(command_id=new_command_id(), process_id=shape.name)
        return int(self.work(lambda uow: instances.start(uow, command, actor(uow, "lin"), CLIENT)).key)

    def waiting(self, case: int) -> dict[str, list[int]]:
        """Keys of the open user tasks by element, oldest first."""
        if self._watch is None:  # never commits: what it does must not count
            self._watch = psycopg.connect(self.house.owner(self.database))
        found: dict[str, list[int]] = {}
        statement = "select element_id, key from user_task where instance_key = %s and state = 'CREATED' order by key"
        for element, key in self._watch.execute(statement, (case,)):
            found.setdefault(element, []).append(key)
        return found

    def play(self, shape: Shape, case: int, *, limit: int | None = None) -> Taken:
        """Complete user tasks as the shape says, and measure each completion."""
        who = self.work(lambda uow: actor(uow, "lin"))
        taken = Taken()
        waiting = self.waiting(case)
        for element, values in first(shape.play(), limit):
            if not waiting.get(element):
                waiting = self.waiting(case)
            command = CompleteUserTask(
                command_id=new_command_id(),
                key=UserTaskKey(waiting[element].pop(0)),
                action=None,
                opinion="",
                variables=values,
            )
            log: list[Statement] = []
            RecordingCursor.log = log
            began, cpu = time.perf_counter(), time.process_time()
            with DatabaseSession(self.engine) as session, Work(session, self.equipment) as uow:
                user_tasks.complete(uow, command, who, CLIENT)
            taken.wall.append(time.perf_counter() - began)
            taken.cpu.append(time.process_time() - cpu)
            RecordingCursor.log = None
            taken.statements.append(log)
        return taken


def run(house: House, shape: Shape, *, limit: int | None = None, times: int = 1) -> tuple[Taken, str]:
    """Play a shape `times` on a warm connection. Also gives a copy of the database from before, for (d)."""
    database = house.copy()
    deploy(house, database, shape)
    office = Office.open(house, database)
    found = [office.start(shape) for _ in range(times)]
    office.close()
    before = house.copy(database)
    office.play(shape, office.start(shape), limit=min(limit or 30, 30))
    taken = Taken()
    for case in found:
        one = office.play(shape, case, limit=limit)
        taken.wall += one.wall
        taken.cpu += one.cpu
        taken.statements += one.statements
    office.close()
    return taken, before


def first(found: Iterable[Any], limit: int | None) -> Iterable[Any]:
    """The first `limit`, or all."""
    return (one for number, one in enumerate(found) if limit is None or number < limit)
