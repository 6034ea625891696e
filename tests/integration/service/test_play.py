"""Random completions, jobs, timers, messages, signals, failures and restarts through service and database: against the
judge of `tests/unit/runtime/event_blocks.py`, which knows nothing of tokens, tables or clocks.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.model.actors import Actor
from engine.model.commands import CompleteJob, FailJob, ResolveIncident, ThrowError, UpdateJob
from engine.model.ids import JobKey
from engine.model.incidents import IncidentKind
from engine.model.views import CaseRow
from engine.runtime.state import read
from engine.service import due_work, jobs, mending, states, verification
from engine.service.handling import new_command_id
from engine.store import cases, due
from tests.integration.folding import film, payloads
from tests.integration.models import form, offered
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance, broadcast, incidents, publish, rows, set_clock, tick, working
from tests.unit.runtime.builder import at_work, bpmn, end, flow, script, start
from tests.unit.runtime.event_blocks import SIGNAL, Action, Block, Over, Thrown, drawn, offers, outcomes, settled
from tests.unit.runtime.test_event_blocks import Names, grown

EXAMPLES, STEPS = 15, 12
_numbers = itertools.count(1)


def model(block: Block, process_id: str) -> bytes:
    """The term between a start and an end; its user tasks may be worked, and its messages have a key."""
    parts = (start(), script("k", f'"{process_id}"', "key"), end(), flow("s", "k"), drawn(block, "k", "e"))
    text = bpmn(*parts, process_id=process_id).decode()
    given_to = f"<bpmn:extensionElements>{offered(assignee='lin')}</bpmn:extensionElements>"
    work = '<bpmn:extensionElements><zeebe:taskDefinition type="play"/></bpmn:extensionElements>'
    text = re.sub(r'(<bpmn:userTask id="[^"]+">)(</bpmn:userTask>)', rf"\g<1>{given_to}\g<2>", text)
    return re.sub(r'(<bpmn:serviceTask id="[^"]+">)(</bpmn:serviceTask>)', rf"\g<1>{work}\g<2>", text).encode()


@dataclass
class Played:
    """A case, and every term that can be left of its process. forgotten: what the office's memory lost."""

    office: Office
    program: Actor
    case: CaseRow
    left: list[Block]
    happened: list[str] = field(default_factory=list)
    moments: dict[int, "Moment"] = field(default_factory=dict)

    def look(self) -> None:
        """Keep what the live state is now, by the newest entry of the trace."""
        with self.office.work() as uow:
            case = cases.case(uow, self.case.key)
            assert case is not None
            state = states.look(uow, case, uow.cipher(case.wrapped_key))
            assert state is not None
            self.moments[case.head.seq] = moment(state)

    def may(self) -> Counter[Action]:
        """What the database says may happen."""
        key = self.case.key
        found: Counter[Action] = Counter()
        done = "select element_id from {} where instance_key = %s and state in ('CREATED', 'FAILED')"
        for row in [*rows(self.office, done.format("user_task"), key), *rows(self.office, done.format("job"), key)]:
            found["do", row["element_id"]] += 1
        for row in rows(self.office, "select element_id from due where kind = 'timer' and instance_key = %s", key):
            found["fire", plain(row["element_id"])] += 1
        for row in rows(self.office, "select kind, element_id from subscription where instance_key = %s", key):
            found[SIGNAL if row["kind"] == "signal" else ("msg", plain(row["element_id"]))] += 1
        return found

    def kinds(self) -> list[str]:
        """What to draw from: what may happen, and now and then what nothing waits for."""
        may = {kind for kind, _ in self.may()}
        verbs = {"do": ["complete", "work", "err"], "fire": ["fire"], "msg": ["message"], "sig": ["signal"]}
        return [*(verb for kind in sorted(may) for verb in verbs[kind] * 2), "message", "signal", "forget"]

    def happen(self, kind: str) -> None:
        """Let one thing happen, and follow it in the terms."""
        action = getattr(self, kind)()
        self.happened.append(f"{kind}: {action}")
        if action is not None:
            try:
                left = [new for term in self.left for new in outcomes(term, action)]
            except Thrown:
                self.mend()
                left = self.left
            self.left = [one for one in left if without_errors(one) == self.may()]
        assert any(without_errors(term) == self.may() for term in self.left), (self.happened, self.may())

    def complete(self) -> Action | None:
        """The oldest user task."""
        waiting = [row for row in self.office.todo("lin") if row.instance_key == self.case.key]
        if not waiting:
            return None
        oldest = min(waiting, key=lambda row: row.key)
        self.office.answer("lin", self.case, oldest.element_id, note="x")
        return ("do", oldest.element_id)

    def work(self) -> Action | None:
        """The oldest job, after it has failed once."""
        with self.office.work() as uow:
            found = jobs.activate(uow, self.program, "play", worker="w", lock_ms=1, limit=1)
        advance(self.office, seconds=1)
        for one in found:
            with self.office.work() as uow:
                failed = FailJob(command_id=new_command_id(), key=JobKey(one.job.key), retries=1)
                jobs.fail(uow, failed, self.program, TESTER)
            with self.office.work() as uow:
                jobs.complete(uow, CompleteJob(command_id=new_command_id(), key=one.job.key), self.program, TESTER)
            return ("do", one.job.element_id)
        return None

    def err(self) -> Action | None:
        """The oldest job ends with a BPMN error."""
        with self.office.work() as uow:
            found = jobs.activate(uow, self.program, "play", worker="w", lock_ms=1, limit=1)
        advance(self.office, seconds=1)
        for one in found:
            with self.office.work() as uow:
                thrown = ThrowError(command_id=new_command_id(), key=one.job.key, code="E1")
                jobs.throw_error(uow, thrown, self.program, TESTER)
            return ("err", one.job.element_id)
        return None

    def mend(self) -> None:
        """Nothing catches the error: there is an incident at the job, and the job is handed out again."""
        (found,) = [one for one in incidents(self.office) if one.instance_key == self.case.key]
        assert found.kind is IncidentKind.ERROR_UNHANDLED
        operator = self.office.actor("sysadmin")
        assert found.job_key is not None
        again = UpdateJob(command_id=new_command_id(), key=found.job_key, retries=1)
        with self.office.work() as uow:
            jobs.update(uow, again, operator, TESTER)
            mending.resolve(uow, ResolveIncident(command_id=new_command_id(), key=found.key), operator, TESTER)

    def fire(self) -> Action | None:
        """The clock moves to the next due time and fires the one timer that comes first."""
        (found,) = rows(self.office, "select min(due_at) as at from due where kind = 'timer'")
        if found["at"] is None:
            return None
        set_clock(self.office, max(found["at"], self.office.equipment.clock()))
        with self.office.work() as uow:
            now = uow.now()
            claimed = due.claim(uow, now, now, 1)
        (row,) = claimed
        assert due_work.do(lambda: working(self.office), row)
        return ("fire", plain(row.element_id))

    def message(self) -> Action | None:
        """A message reaches the one that waits longest, and the trace says which."""
        reached = publish(self.office, self.program, "paid", self.case.process_id).instance_key
        if reached is None:
            return None
        assert reached == self.case.key
        return ("msg", plain(payloads(self.office, self.case.key)[-1]["element"]["id"]))

    def signal(self) -> Action | None:
        """A signal reaches all that wait for it."""
        waits = SIGNAL in self.may()
        broadcast(self.office, self.program, "flood")
        self.settle()
        return SIGNAL if waits else None

    def forget(self) -> None:
        """Another process goes on with the case."""
        self.office.equipment.live.forget()

    def settle(self) -> None:
        """Everything but timers that is due is done."""
        while claimed := rows(self.office, "select key from due where kind <> 'timer' order by try_at, key limit 1"):
            with self.office.work() as uow:
                found = [row for row in due.claim(uow, uow.now(), uow.now(), 1000) if row.key == claimed[0]["key"]]
            assert due_work.do(lambda: working(self.office), found[0])
            self.look()


Moment = tuple[dict[str, str], dict[str, dict[str, object]]]
"""Elements at work by element instance, and the variables of every scope."""


def moment(state: bytes) -> Moment:
    """The live state, as the replay has it."""
    stored = read(state)
    return at_work(stored), {"": dict(stored.variables), **{row.id: dict(row.variables) for row in stored.scopes}}


def replayed(office: Office, key: int) -> Iterator[tuple[int, Moment]]:
    """The folded state at each entry, the last one first: any order gives the same."""
    whole = film(office, key)
    for seq in range(len(whole), 0, -1):
        state = whole.at(seq)
        yield seq, ({instance: token.element for instance, token in state.tokens.items()}, state.scopes)


def plain(element: str) -> str:
    return element.removesuffix("_sp_on")


def without_errors(term: Block) -> Counter[Action]:
    return Counter({action: count for action, count in offers(term).items() if action[0] != "err"})


@st.composite
def terms(draw: st.DrawFn) -> Block:
    return grown(draw, Names(), 3)


@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def _play(office: Office, program: Actor, data: st.DataObject) -> None:
    block = data.draw(terms())
    process_id = f"play{next(_numbers)}"
    office.deploy(**{f"{process_id}_bpmn": model(block, process_id)})
    played = Played(office, program, office.start("lin", process_id), [settled(block)])
    try:
        _take_steps(office, played, data)
    finally:
        retire(office, played.case.key)


def _take_steps(office: Office, played: Played, data: st.DataObject) -> None:
    played.settle()
    for _ in range(STEPS):
        played.happen(data.draw(st.sampled_from(played.kinds())))
        played.look()
        played.settle()
        if any(isinstance(term, Over) for term in played.left):
            break
    view = office.view("lin", played.case).case
    assert (view.state == "COMPLETED") == any(isinstance(term, Over) for term in played.left)
    with office.work() as uow:
        case = cases.case(uow, played.case.key)
        assert case is not None
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
    replay = dict(replayed(office, played.case.key))
    assert {seq: replay[seq] for seq in played.moments} == played.moments


def retire(office: Office, key: int) -> None:
    """Nothing of a case that was played disturbs the next one."""
    with office.work() as uow:
        for table in ("due", "subscription"):
            uow.write(text(f"delete from {table} where instance_key = :key"), {"key": key})
        uow.write(text("update job set state = 'CANCELED' where instance_key = :key"), {"key": key})
        uow.write(text("update user_task set state = 'CANCELED' where instance_key = :key"), {"key": key})


def test_whatever_happens_in_any_order_is_what_the_judge_says(office: Office) -> None:
    """Given random processes and events, then tables, trace and state agree with the judge after each of them."""
    advance(office)
    office.deploy(note_form=form("note"))
    _play(office, office.program())
    assert tick(office) == 0
