"""The state of a case in the database: deltas, snapshots, crashes, and two operating-system processes at once."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from engine.model.commands import CompleteUserTask, Deploy, StartInstance
from engine.model.errors import Broken
from engine.model.ids import UserTaskKey
from engine.service import deployment, instances, user_tasks
from engine.service.equipment import Equipment, Work
from engine.service.handling import new_command_id
from engine.store.work import DatabaseSession
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import both, bpmn, chain, end, flow, start, user, xor

WHO = '<zeebe:assignmentDefinition assignee="lin"/>'
FORM = '<zeebe:formDefinition formId="state_form"/>'
FORM_BODY = (
    b'{"type":"default","id":"state_form","schemaVersion":19,"components":['
    b'{"type":"textfield","key":"text","id":"t"},{"type":"checkbox","key":"again","id":"a"}]}'
)
ROUNDS = bpmn(
    start(), xor("m"), both("f"), user("one", "two", extension=WHO + FORM), both("j"), xor("g", default="g_e"), end(),
    chain("s", "m", "f", "one", "j", "g"), chain("f", "two", "j"), flow("g", "m", "again = true"), flow("g", "e"),
    process_id="rounds",
)  # fmt: skip


class Case:
    """A case of the model above, worked by lin."""

    def __init__(self, office: Office) -> None:
        self.office, self.actor = office, office.actor("lin")
        with office.work() as uow:
            files = (("rounds.bpmn", ROUNDS), ("state.form", FORM_BODY))
            deployment.deploy(uow, Deploy(command_id=new_command_id(), resources=files), office.actor("du"), TESTER)
        with office.work() as uow:
            command = StartInstance(command_id=new_command_id(), process_id="rounds")
            self.key = instances.start(uow, command, self.actor, TESTER).key

    def complete(self, equipment: Equipment, element: str, *, crash: bool = False, **variables: object) -> None:
        (key,) = self.rows(
            f"select key from user_task where instance_key = {self.key} and state = 'CREATED' "
            f"and element_id = '{element}'"
        )[0]
        command = CompleteUserTask(
            command_id=new_command_id(), key=UserTaskKey(key), action=None, opinion="", variables=variables
        )
        with DatabaseSession(self.office.engine) as session:
            uow = Work(session, equipment)
            user_tasks.complete(uow, command, self.actor, TESTER)
            if crash:
                session.rollback()
            else:
                uow.commit()

    def rows(self, statement: str) -> list[tuple[int, ...]]:
        with psycopg.connect(self.office.dsns.owner) as connection:
            return connection.execute(statement.encode()).fetchall()

    @property
    def stored(self) -> tuple[int, int, int]:
        """Versions: of the case, of its snapshot; and the number of deltas."""
        (found,) = self.rows(
            f"select i.version, s.version, (select count(*) from instance_delta where instance_key = i.key) "
            f"from process_instance i join instance_state s on s.instance_key = i.key where i.key = {self.key}"
        )
        return found  # type: ignore[return-value]

    @property
    def variables(self) -> object:
        with self.office.work() as uow:
            return dict(instances.variables(uow, self.actor, self.key))


@pytest.fixture
def case(office: Office) -> Case:
    return Case(office)


def test_two_processes_take_turns_and_crash(case: Case, tmp_path: Path) -> None:
    """Given two processes with an instance in memory each, when they take turns, crash before the commit or forget,
    then every completion finds the newest state."""
    here, there = case.office.equipment, Equipment.open(tmp_path / "var")
    for turn in range(6):
        first, second = (here, there) if turn % 2 else (there, here)
        case.complete(first, "one", text=f"{turn}", again=True)
        case.complete(second, "two", crash=True, text="lost")
        if turn == 3:
            second.live.take(case.key, case.stored[0])
        case.complete(first if turn % 3 else second, "two", text=f"{turn}!", again=turn < 5)
        assert case.variables == {"text": f"{turn}!", "again": turn < 5}
    (state,) = case.rows(f"select 1 from process_instance where key = {case.key} and state = 'COMPLETED'")
    assert state


def test_a_log_is_taken_up_by_a_snapshot(case: Case) -> None:
    """Given steps of 8 KB, when their log outgrows 64 KB, then there is a new snapshot and no old delta; the end of a
    case leaves a snapshot alone."""
    seen = []
    for turn in range(6):
        case.complete(case.office.equipment, "one", text="x" * 8000, again=True)
        seen.append(case.stored)
        case.complete(case.office.equipment, "two", text="y" * 8000, again=turn < 5)
        seen.append(case.stored)
    assert seen[0] == (2, 1, 1)
    assert [version for version, snapshot, _ in seen[:-1] if version == snapshot] == [9 + 1]
    assert all(version - snapshot == deltas for version, snapshot, deltas in seen)
    assert seen[-1][1:] == (seen[-1][0], 0)
    assert case.variables == {"text": "y" * 8000, "again": False}


def test_a_missing_delta_is_noticed(case: Case) -> None:
    """Nobody goes on from half a state."""
    case.complete(case.office.equipment, "one", text="a", again=False)
    case.office.equipment.live.take(case.key, case.stored[0])
    with case.office.work() as uow:
        uow.write(text("delete from instance_delta where instance_key = :key"), {"key": case.key})
    with pytest.raises(Broken, match="missing"):
        case.complete(case.office.equipment, "two", text="b", again=False)


def test_a_delta_has_its_place(case: Case) -> None:
    """Deltas that changed places are noticed, although each of them is genuine."""
    case.complete(case.office.equipment, "one", text="a", again=True)
    case.complete(case.office.equipment, "two", text="b", again=True)
    case.office.equipment.live.take(case.key, case.stored[0])
    with psycopg.connect(case.office.dsns.owner) as connection:
        connection.execute(
            "update instance_delta d set body = o.body from instance_delta o "
            "where o.instance_key = d.instance_key and o.version <> d.version"
        )
    with pytest.raises(Broken):
        case.complete(case.office.equipment, "one", text="c", again=True)
