"""Commands: once per id, one of two simultaneous clicks wins, refusals are history, another's case stays hidden."""

import threading
from datetime import datetime

import pytest

from engine.model.commands import CompleteUserTask, DraftInput, StartInstance
from engine.model.definitions import MaterialKind
from engine.model.errors import Conflict, Invalid, MingjingError, NotAllowed, NotFound, Refused
from engine.model.ids import CommandId
from engine.model.views import TimelineEntry
from engine.service import drafts, instances, task_pages, user_tasks, verification, worklist
from engine.service.demonstration_city import SampleStep, sample_cases
from engine.service.handling import new_command_id
from tests import samples
from tests.integration.office import TESTER, Office

PLAIN = sample_cases()[0]
RECEIPT = PLAIN.steps[0]


def story(office: Office, key: int) -> tuple[TimelineEntry, ...]:
    with office.work() as uow:
        return instances.case_view(uow, office.actor("gao"), TESTER, key).timeline


def test_the_same_command_id_gives_the_first_result(office: Office) -> None:
    """A repeated completion changes nothing and answers as the first did."""
    case = office.start("lin")
    task = office.task("lin", case, "Receipt")
    for material in RECEIPT.materials:
        office.attach("lin", task, material)
    first = office.complete("lin", task, RECEIPT, CommandId("once"))
    again = office.complete("lin", task, RECEIPT, CommandId("once"))
    assert (again.next, again.ended) == (first.next, first.ended)
    assert len(story(office, case.key)) == 2


def test_the_same_command_id_with_another_request_is_refused(office: Office) -> None:
    """An id that was used for something else is a conflict, not a silent repetition."""
    actor = office.actor("lin")
    for process_id, expected in (("dibao", None), ("other", Conflict)):
        command = StartInstance(command_id=CommandId("same"), process_id=process_id)
        if expected is None:
            with office.work() as uow:
                instances.start(uow, command, actor, TESTER)
        else:
            with pytest.raises(expected, match="Idempotency-Key"), office.work() as uow:
                instances.start(uow, command, actor, TESTER)


def test_of_two_simultaneous_completions_one_wins_and_both_are_traced(office: Office) -> None:
    """Two people complete the same user task at the same moment: one result, one clear conflict, two entries."""
    case, _ = office.run(PLAIN, until="Acceptance")
    task = office.task("zhao", case, "Acceptance")
    results: list[object] = []
    barrier = threading.Barrier(2)

    def click() -> None:
        barrier.wait()
        try:
            results.append(office.complete("zhao", task, PLAIN.steps[1]))
        except MingjingError as error:
            results.append(error)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 1, results
    assert lost[0].code == "user_task.not_open"
    kinds = [entry.kind for entry in story(office, case.key)]
    assert kinds.count("command.refused.v2") == 1
    assert kinds[-2:] == ["user_task.completed.v2", "command.refused.v2"]
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_refusal_is_history_and_repeats_itself(office: Office) -> None:
    """A refused command leaves its entry, changes nothing, and the same id is refused again without a second entry."""
    case = office.start("lin")
    task = office.task("lin", case, "Receipt")
    wrong = SampleStep(element="Receipt", username="lin", action="register", variables={"smuggled": 1})
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            office.complete("lin", task, wrong, CommandId("wrong"))
        assert [detail.place for detail in caught.value.details] == ["smuggled"]
    entries = story(office, case.key)
    assert [entry.kind for entry in entries] == ["process_instance.started.v2", "command.refused.v2"]
    assert entries[1].refusal == "form.field_not_writable"
    assert office.task("lin", case, "Receipt").version == task.version


def test_wrong_input_names_every_place_at_once(office: Office) -> None:
    """Missing materials, a missing opinion and wrong fields come together, and nothing is written."""
    case, _ = office.run(PLAIN, until="Acceptance")
    task = office.task("zhao", case, "Acceptance")
    step = SampleStep(element="Acceptance", username="zhao", action="reject", variables={})
    with pytest.raises(Invalid) as caught:
        office.complete("zhao", task, step)
    assert "opinion" in {detail.place for detail in caught.value.details}
    other = office.start("lin")
    receipt = office.task("lin", other, "Receipt")
    with pytest.raises(Invalid) as caught:
        office.complete("lin", receipt, SampleStep(element="Receipt", username="lin", action="register"))
    places = {detail.place for detail in caught.value.details}
    assert {"applicant_name", "files.application", "files.authorisation"} <= places
    assert len(story(office, other.key)) == 1


def test_an_unknown_outcome_is_refused_with_the_choices(office: Office) -> None:
    """The outcomes come from the model; anything else names what may be chosen."""
    case, _ = office.run(PLAIN, until="Acceptance")
    task = office.task("zhao", case, "Acceptance")
    with pytest.raises(Invalid) as caught:
        office.complete("zhao", task, SampleStep(element="Acceptance", username="zhao", action="approve"))
    assert caught.value.details[0].params["choices"] == "accept, correct, reject"


@pytest.mark.parametrize("username", ["feng", "qian", "du", "sysadmin", "auditor"])
def test_another_units_case_does_not_exist_for_them(office: Office, username: str) -> None:
    """Guessing a key tells nothing: the task, its draft and its case are not found."""
    case = office.start("wang")
    task = office.task("wang", case, "Receipt")
    actor = office.actor(username)
    with pytest.raises(NotFound), office.work() as uow:
        task_pages.view(uow, actor, TESTER, task.key)
    with pytest.raises(NotFound), office.work() as uow:
        instances.case_view(uow, actor, TESTER, case.key)
    with pytest.raises(NotFound), office.work() as uow:
        user_tasks.complete(uow, CompleteUserTask(command_id=new_command_id(), key=task.key), actor, TESTER)
    with pytest.raises((NotFound, NotAllowed)), office.work() as uow:
        drafts.save(uow, actor, task.key, DraftInput(data={}))


def test_a_colleague_sees_the_case_but_cannot_do_anothers_task(office: Office) -> None:
    """Reading by scope is not working: the attempt is refused and traced in the case."""
    case = office.start("wang")
    task = office.task("wang", case, "Receipt")
    command = CompleteUserTask(command_id=new_command_id(), key=task.key, action="register")
    zhou = office.actor("zhou")
    with pytest.raises(NotAllowed), office.work() as uow:
        user_tasks.complete(uow, command, zhou, TESTER)
    assert story(office, case.key)[-1].refusal == "user_task.not_yours"


def test_a_draft_survives_and_belongs_to_its_author(office: Office) -> None:
    """What is typed is there again for its author, in a new office (a restart), and for nobody else."""
    case = office.start("wang")
    task = office.task("wang", case, "Receipt")
    actor = office.actor("wang")
    with office.work() as uow:
        drafts.save(uow, actor, task.key, DraftInput(data={"applicant_name": "半途"}, opinion="未完"))
    office.attach("wang", task, "application")
    again = Office(office.dsns, type(office.equipment).open(office.equipment.blobs.root.parent), office.engine)
    with again.work() as uow:
        view = task_pages.view(uow, actor, TESTER, task.key)
    assert view.data["applicant_name"] == "半途"
    assert view.draft.opinion == "未完"
    assert [file.name for file in view.files] == ["application.pdf"]
    with again.work() as uow:
        other = task_pages.view(uow, office.actor("zhou"), TESTER, task.key)
    assert other.data == {}
    assert other.files == ()
    assert not other.workable


def test_a_draft_of_another_window_is_not_overwritten_unseen(office: Office) -> None:
    """A writer who says what they saw is told when another window saved meanwhile; nothing is lost on either side."""
    case = office.start("wang")
    task = office.task("wang", case, "Receipt")
    actor = office.actor("wang")

    def save(name: str, base: datetime | None) -> datetime | None:
        draft = DraftInput(data={"applicant_name": name}, base=base, checked=True)
        with office.work() as uow:
            return drafts.save(uow, actor, task.key, draft).saved_at

    first = save("甲", None)
    second = save("乙", first)
    for stale in (None, first):
        with pytest.raises(Conflict, match="another window"):
            save("丙", stale)
    with office.work() as uow:
        assert drafts.read(uow, actor, task.key)[0].data == {"applicant_name": "乙"}
    save("丙", second)


def test_a_case_is_not_started_with_what_no_first_form_lets_be_written(office: Office) -> None:
    """A starter may fill in the receipt, and cannot smuggle in what later nodes decide."""
    actor = office.actor("lin")
    for variables, allowed in (({"applicant_name": "甲"}, True), ({"review_outcome": "agree", "savings": 0}, False)):
        command = StartInstance(command_id=new_command_id(), process_id="dibao", variables=variables)
        if allowed:
            with office.work() as uow:
                instances.start(uow, command, actor, TESTER)
            continue
        with pytest.raises(Refused) as caught, office.work() as uow:
            instances.start(uow, command, actor, TESTER)
        assert [detail.place for detail in caught.value.details] == ["variables.review_outcome", "variables.savings"]


def test_only_whose_work_comes_first_is_offered_a_business(office: Office) -> None:
    """The catalogue lists what begins with a task of one's own position."""
    with office.work() as uow:
        offered = {name: worklist.startable(uow, office.actor(name)) for name in ("lin", "wang", "zhao", "gao")}
    assert {name for name, found in offered.items() if found} == {"lin", "wang"}


def test_a_file_serves_a_material_of_the_task_or_none(office: Office) -> None:
    """A code that the node does not ask for is refused by name."""
    case = office.start("lin")
    task = office.task("lin", case, "Receipt")
    actor = office.actor("lin")
    for code, kind in (("nope", MaterialKind.ATTACHMENT), ("application", MaterialKind.PHOTO)):
        with pytest.raises(Invalid, match="asks for no"), office.work() as uow:
            drafts.add_file(uow, actor, task.key, kind, code, "a.pdf", samples.application())
    with office.work() as uow:
        drafts.add_file(uow, actor, task.key, MaterialKind.ATTACHMENT, "", "a.pdf", samples.application())
