"""Plays the sample cases through the very commands that people use, so that a demonstration has cases to look at."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from engine.model.actors import Actor, Client
from engine.model.commands import CompleteUserTask, StartInstance
from engine.model.definitions import MaterialKind
from engine.model.views import CaseRow, UserTaskRow
from engine.service import demonstration_files, drafts, instances, paging, people, user_tasks, worklist
from engine.service.demonstration_city import SampleStep, sample_cases
from engine.service.demonstration_penalty import penalty_steps
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store.people import account_by_username

PLAYER = Client(channel="demonstration", program="mingjing")

UNFINISHED = (("plain", "HouseholdVisit"), ("costly_vehicle", "CollectiveReview"))
"""Cases that are also played a second time and left before an element, so that work lists are not empty."""

FILED_DAYS_AGO = 60
"""Of the penalty: its notice and its term of ninety days are neither over nor near."""

Opener = Callable[[], AbstractContextManager[Work]]
"""Opens a unit of work for each command, as a web request would."""


def play(work: Opener) -> int:
    """Play every sample case to its end, and some only in part; returns how many cases there are then."""
    samples = {sample.code: sample for sample in sample_cases()}
    planned = [("dibao", sample.steps, "") for sample in samples.values()]
    planned += [("dibao", samples[code].steps, until) for code, until in UNFINISHED]
    planned.append(("penalty", _below_the_band(work), "Decision"))
    for process_id, steps, until in planned:
        _play(work, process_id, steps, until=until)
    return len(planned)


def _below_the_band(work: Opener) -> tuple[SampleStep, ...]:
    """A penalty whose fine lies below its band with a reason; it waits for the decision, its alert for the unit."""
    with work() as uow:
        today = uow.now().astimezone(uow.equipment.zone).date()
    filed = today - timedelta(days=FILED_DAYS_AGO)
    return penalty_steps(on=filed, proposed=1000, decided=1000, band_reason="机构已经停业并清退老年人。")


def _play(work: Opener, process_id: str, steps: Sequence[SampleStep], *, until: str) -> None:
    with work() as uow:
        starter = _actor(uow, steps[0].username)
        case = instances.start(uow, StartInstance(command_id=new_command_id(), process_id=process_id), starter, PLAYER)
    for step in _before(steps, until):
        _step(work, case, step)


def _before(steps: Sequence[SampleStep], until: str) -> Iterator[SampleStep]:
    for step in steps:
        if step.element == until:
            return
        yield step


def _step(work: Opener, case: CaseRow, step: SampleStep) -> None:
    with work() as uow:
        actor = _actor(uow, step.username)
        task = _task(uow, actor, case, step.element)
        for material in step.materials:
            make = demonstration_files.ATTACHMENTS.get(material)
            if make is None:
                data, kind, name = demonstration_files.site_photo(case.number), MaterialKind.PHOTO, "现场照片.jpg"
            else:
                data, kind, name = make(), MaterialKind.ATTACHMENT, demonstration_files.NAMES[material]
            drafts.add_file(uow, actor, task.key, kind, material, name, data)
    with work() as uow:
        command = CompleteUserTask(
            command_id=new_command_id(),
            key=task.key,
            action=step.action,
            opinion=step.opinion,
            variables=step.variables,
        )
        user_tasks.complete(uow, command, actor, PLAYER)


def _actor(uow: Work, username: str) -> Actor:
    account = required(account_by_username(uow, username), f"the demonstration's {username}")
    return people.actor(uow, account.key)


def _task(uow: Work, actor: Actor, case: CaseRow, element: str) -> UserTaskRow:
    rows = worklist.todo(uow, actor, limit=paging.MAX_LIMIT).rows
    found = [row for row in rows if row.instance_key == case.key and row.element_id == element]
    return required(found[0] if found else None, f"{element} of the demonstration's case {case.number}")
