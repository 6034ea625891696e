"""An office for tests: a bootstrapped demonstration city, and people of it who act through the service functions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.model.actors import Actor, Client, Scope
from engine.model.commands import CompleteUserTask, CompletionResult, Deploy, Deployed, StartInstance
from engine.model.definitions import ElementDefinition, MaterialKind
from engine.model.ids import CommandId, ElementId, JobKey, PersonKey
from engine.model.views import CaseRow, CaseView, UserTaskRow
from engine.service import deployment, drafts, instances, lookups, people, user_tasks, worklist
from engine.service.demonstration_city import SampleCase, SampleStep
from engine.service.equipment import Equipment, Work, required
from engine.service.handling import new_command_id
from engine.store import cases, jobs
from engine.store.cases import CaseRecord
from engine.store.embedded import Dsns
from engine.store.people import account_by_username
from engine.store.work import DatabaseEngine, DatabaseSession, open_engine
from engine.store.worklists import Reach
from tests import samples

TESTER = Client(channel="api", address="127.0.0.1", program="tests", reason="例行抽查")
FILES = samples.ATTACHMENTS


@dataclass
class Office:
    """Acts as any person of the demonstration city, each call in a transaction of its own."""

    dsns: Dsns
    equipment: Equipment
    engine: DatabaseEngine

    @classmethod
    def open(cls, dsns: Dsns, var: Path) -> "Office":
        """An office over a database that `bootstrap.prepare` has filled."""
        return cls(dsns, Equipment.open(var, demonstration=True), open_engine(dsns.app))

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A unit of work of its own."""
        with DatabaseSession(self.engine) as session, Work(session, self.equipment) as uow:
            yield uow

    def actor(self, username: str) -> Actor:
        with self.work() as uow:
            account = account_by_username(uow, username)
            assert account is not None
            return people.actor(uow, account.key)

    def deploy(self, **resources: bytes) -> Deployed:
        """Deploy files; ``child_bpmn=…`` is the file ``child.bpmn``."""
        named = tuple((".".join(name.rsplit("_", 1)), body) for name, body in resources.items())
        command = Deploy(command_id=new_command_id(), resources=named)
        actor = self.actor("du")
        with self.work() as uow:
            return deployment.deploy(uow, command, actor, TESTER)

    def program(self) -> Actor:
        """A program that works on jobs of all units."""
        new = people.NewPerson(
            username="program", name="接口程序", unit_code="JH", password=None, roles=(("service", Scope.ALL),)
        )
        with self.work() as uow:
            people.create(uow, new, None, TESTER)
        return self.actor("program")

    def start(self, username: str, process_id: str = "dibao", start_event: str | None = None) -> CaseRow:
        command = StartInstance(command_id=new_command_id(), process_id=process_id, start_event=start_event)
        actor = self.actor(username)
        with self.work() as uow:
            return instances.start(uow, command, actor, TESTER)

    def todo(self, username: str) -> tuple[UserTaskRow, ...]:
        actor = self.actor(username)
        with self.work() as uow:
            return worklist.todo(uow, actor).rows

    def task(self, username: str, case: CaseRow, element: str) -> UserTaskRow:
        """The open user task of an element of a case, as its worker finds it in the list."""
        found = [row for row in self.todo(username) if row.instance_key == case.key and row.element_id == element]
        assert found, f"{element} does not wait for {username}"
        return found[0]

    def attach(self, username: str, task: UserTaskRow, material: str) -> None:
        actor = self.actor(username)
        kind = MaterialKind.ATTACHMENT if material in FILES else MaterialKind.PHOTO
        data = FILES[material]() if material in FILES else samples.site_photo(str(task.key))
        name = f"{material}.pdf" if material in FILES else f"{material}.jpg"
        with self.work() as uow:
            drafts.add_file(uow, actor, task.key, kind, material, name, data)

    def complete(
        self,
        username: str,
        task: UserTaskRow,
        step: SampleStep,
        command_id: CommandId | None = None,
        reasons: Mapping[str, str] | None = None,
    ) -> CompletionResult:
        actor = self.actor(username)
        command = CompleteUserTask(
            command_id=command_id or new_command_id(),
            key=task.key,
            version=task.version,
            action=step.action,
            opinion=step.opinion,
            variables=step.variables,
            reasons=reasons or {},
        )
        with self.work() as uow:
            return user_tasks.complete(uow, command, actor, TESTER)

    def answer(self, username: str, case: CaseRow, element: str, **variables: object) -> CompletionResult:
        """Complete the oldest waiting user task of an element with form data."""
        found = [row for row in self.todo(username) if row.instance_key == case.key and row.element_id == element]
        step = SampleStep(element=element, username=username, action="", variables=variables)
        return self.complete(username, found[-1], step)

    def view(self, username: str, case: CaseRow) -> CaseView:
        actor = self.actor(username)
        with self.work() as uow:
            return instances.case_view(uow, actor, TESTER, case.key)

    def do(self, case: CaseRow, step: SampleStep) -> CompletionResult:
        """One step of a sample case, with its materials."""
        task = self.task(step.username, case, step.element)
        for material in step.materials:
            self.attach(step.username, task, material)
        return self.complete(step.username, task, step)

    def run(self, sample: SampleCase, *, until: str = "") -> tuple[CaseRow, CompletionResult | None]:
        """Play a sample case from its start; stops before the element `until`."""
        case = self.start(sample.steps[0].username)
        last = None
        for step in sample.steps:
            if step.element == until:
                break
            last = self.do(case, step)
        return case, last

    def element(self, case: CaseRecord | CaseRow, element: str) -> ElementDefinition:
        """What the model says about an element of the case's own process."""
        with self.work() as uow:
            found = required(cases.case(uow, case.key), "the case")
            return lookups.executable(uow, found.digest, found.process_id).definition.elements[ElementId(element)]

    def job_key(self, case: CaseRow) -> JobKey:
        """The newest job of a case."""
        everywhere = Reach(everything=True, subtrees=(), units=(), person_key=PersonKey(0))
        with self.work() as uow:
            return JobKey(jobs.search(uow, everywhere, before_key=None, limit=1, instance_key=case.key)[0].key)
