"""The hot path costs the same on every case: a constant, counted number of statements and one commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg
from sqlalchemy import TextClause, event

from engine.model.commands import CompleteUserTask
from engine.service import user_tasks
from engine.service.demonstration_city import SampleStep, sample_cases
from engine.service.handling import new_command_id
from engine.store import case_sql, due, people, publications, waits
from engine.store.work import LONGEST_CACHED, driver_text
from tests.integration.models import ask, check, form, line
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance, tick
from tests.unit.runtime.builder import catch, cycle

LIMIT = 13
"""Statements of one completion, at most. It may only shrink. Five of them are the clock's: the calendar in force, the
limits that end and begin, and, in the step that is measured here, a special procedure that stops the clock with its
trace entry and the head of the chain."""

CORRECTING = sample_cases()[3]


class CountingCursor(psycopg.Cursor[Any]):
    """Notes every statement, also those that go past SQLAlchemy (procrastinate's, and those written as SQL)."""

    found: ClassVar[list[str]] = []

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        text = str(query)
        if text.strip(" ;"):  # the pool's ping is empty
            CountingCursor.found.append(text)
        return super().execute(query, params, **options)


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """Statements and commits that the office's connections execute meanwhile."""
    CountingCursor.found = found = []

    def checkout(connection: Any, *_rest: object) -> None:
        connection.cursor_factory = CountingCursor

    def checkin(connection: Any, *_rest: object) -> None:
        connection.cursor_factory = psycopg.Cursor

    def commit(_connection: object) -> None:
        found.append("commit")

    hooks: dict[str, Callable[..., None]] = {"checkout": checkout, "checkin": checkin, "commit": commit}
    for name, hook in hooks.items():
        event.listen(office.engine, name, hook)
    yield found
    for name, hook in hooks.items():
        event.remove(office.engine, name, hook)


def test_a_completion_costs_the_same_however_long_the_history_is(office: Office) -> None:
    """Acceptance in the first and in the sixth round of corrections: equal statements, one commit each."""
    case = office.start("lin")
    office.do(case, CORRECTING.steps[0])
    ask, correct = CORRECTING.steps[1], CORRECTING.steps[2]
    costs = []
    for _ in range(6):
        costs.append(_cost(office, case.key, ask))
        office.do(case, correct)
    assert len(set(costs[1:])) == 1, costs
    assert costs[0][1] == 1
    assert max(statements for statements, _ in costs) <= LIMIT


def test_an_instance_in_memory_is_not_read_again(office: Office) -> None:
    """Given that this process made the last step, when the next is made, then no state is read."""
    case = office.start("lin")
    office.do(case, CORRECTING.steps[0])
    for warm in (True, False):
        step = CORRECTING.steps[1 if warm else 2]
        row = next(row for row in office.todo(step.username) if row.instance_key == case.key)
        if not warm:
            office.equipment.live.forget()
        for material in step.materials:
            office.attach(step.username, row, material)
        with counted(office) as found:
            office.complete(step.username, row, step)
        assert any("from instance_state" in text for text in found) is not warm
        assert any("insert into instance_delta" in text for text in found)


def test_firing_a_timer_costs_the_same_however_many_wait(office: Office) -> None:
    """One statement claims many; what waits is written in one, with few cases or many."""
    pause = line("p", catch("t", cycle("R/PT1H")), ask("after"), ids=("t", "after"))
    office.deploy(p_bpmn=pause, note_form=form("note"))
    advance(office)
    costs = []
    for number in (1, 20):
        for _ in range(number):
            office.start("lin", "p")
        advance(office, hours=2)
        with counted(office) as found:
            assert tick(office) == number
        costs.append((len([text for text in found if text != "commit"]) - 2) / number)
    assert costs[0] == costs[1] <= 6, costs


def test_a_check_that_looks_at_the_trace_costs_the_same_however_long_it_is(office: Office) -> None:
    """One statement more than without it, at the first node and at the sixth."""
    nodes = [f"n{number}" for number in range(7)]
    costs = {}
    for process_id in ("looking", "plain"):
        drawn = {
            n: check("SEP-01", ("pairs", "n0/n6"), identity=f"c_{n}") if process_id == "looking" else "" for n in nodes
        }
        model = line(process_id, *(ask(node, more=drawn[node]) for node in nodes), ids=tuple(nodes))
        office.deploy(p_bpmn=model, note_form=form("note"))
        case = office.start("lin", process_id)
        costs[process_id] = [_cost(office, case.key, SampleStep(element=n, username="lin", action="")) for n in nodes]
    assert len(set(costs["looking"][1:-1])) == 1, costs
    assert costs["looking"][1][0] == costs["plain"][1][0] + 1


def _cost(office: Office, key: int, step: SampleStep) -> tuple[int, int]:
    """Statements and commits of one completion, without what finds the task and its worker."""
    task = next(row for row in office.todo(step.username) if row.instance_key == key)
    actor = office.actor(step.username)
    command = CompleteUserTask(
        command_id=new_command_id(),
        key=task.key,
        version=task.version,
        action=step.action,
        opinion=step.opinion,
        variables=step.variables,
    )
    with counted(office) as found, office.work() as uow:
        user_tasks.complete(uow, command, actor, TESTER)
    commits = found.count("commit")
    return len(found) - commits, commits


def test_texts_are_short_enough_to_stay_parsed() -> None:
    """psycopg parses longer texts anew at each execution, which cost a sixth of a completion's CPU."""
    texts = [
        value
        for module in (case_sql, people, waits, due, publications)
        for value in vars(module).values()
        if isinstance(value, TextClause)
    ]
    assert len(texts) > 10
    assert [text for text in map(driver_text, texts) if len(text.encode()) > LONGEST_CACHED] == []
