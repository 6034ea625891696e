"""The verbs of approval in an office: send back, withdraw, transfer, delegate, signers, urge, copies."""

import pytest

from engine.model.errors import Conflict, NotAllowed, Refused
from engine.model.views import CaseRow, UserTaskState
from engine.service import telling, verification
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, form
from tests.integration.office import Office
from tests.integration.service import approval_play as play
from tests.integration.service.test_lifecycle import operate
from tests.integration.waiting import advance
from tests.unit.runtime.builder import bpmn, chain, end, start


def open_elements(office: Office, case: CaseRow) -> list[str]:
    """What waits in the case, as an inspector sees it."""
    return sorted(office.view("gao", case).case.current)


def test_a_return_gives_the_node_to_who_did_it_and_keeps_history(office: Office) -> None:
    """The task that sent back counts as done with 退回, data stays, the trace replays to the same variables."""
    case = play.opened(office, play.PARALLEL)
    office.answer("lin", case, "a", note="一")
    office.answer("lin", case, "b", note="二")
    before = len(office.view("gao", case).timeline)
    task = office.task("lin", case, "c")
    result = play.send_back(office, "lin", task, "a", command_id="return-0001")
    assert result.next == ("a",)
    assert open_elements(office, case) == ["a"]
    assert play.send_back(office, "lin", task, "a", command_id="return-0001") == result
    assert office.task("lin", case, "a").assignee == "lin"
    entry = payloads(office, case.key)[-1]
    assert entry["target"] == {"id": "a", "name": "a", "instance": "a#2"}
    assert {one["instance"] for one in entry["transitions"] if one["kind"] == "terminated"} == {"c#1", "d#1"}
    assert folded(office, case.key) == {"": variables(office, case.key)}
    assert len(office.view("gao", case).timeline) == before + 1
    for element in ("a", "b", "c", "d", "f"):
        office.answer("lin", case, element, note="再")
    with office.work() as uow:
        assert verification.stream_report(uow, case.key).report.ok


def test_straight_back_skips_what_lies_between(office: Office) -> None:
    """And from inside a branch to before its split it is refused, in words."""
    case = play.opened(office)
    office.answer("lin", case, "a", note="一")
    office.answer("lin", case, "b", note="二")
    play.send_back(office, "lin", office.task("lin", case, "c"), "a", direct=True)
    office.answer("lin", case, "a", note="三")
    assert open_elements(office, case) == ["c"]


def test_two_clicks_at_once_one_wins(office: Office) -> None:
    """The second, with its own command id, learns that somebody was quicker; nothing happens twice."""
    case = play.opened(office)
    office.answer("lin", case, "a", note="一")
    task = office.task("lin", case, "b")
    play.send_back(office, "lin", task, "a")
    with pytest.raises(Conflict) as refused:
        play.send_back(office, "lin", task, "a")
    assert refused.value.code == "user_task.not_open"


def test_what_a_node_does_not_offer_is_refused_and_traced(office: Office) -> None:
    """The model decides which verbs there are."""
    office.deploy(p_bpmn=bpmn(start(), ask("a", "b"), end(), chain("s", "a", "b", "e")), note_form=form("note"))
    case = office.start("lin", "p")
    office.answer("lin", case, "a", note="一")
    with pytest.raises(Refused) as refused:
        play.send_back(office, "lin", office.task("lin", case, "b"), "a")
    assert refused.value.code == "verb.not_offered"
    assert payloads(office, case.key)[-1]["code"] == "verb.not_offered"


def test_withdraw_until_somebody_has_gone_on(office: Office) -> None:
    """One's own finished task comes back as long as nothing was done after it; others' never."""
    case = play.opened(office)
    first = office.task("lin", case, "a")
    office.answer("lin", case, "a", note="一")
    with pytest.raises(NotAllowed):
        play.withdraw(office, "wang", first.key)
    play.withdraw(office, "lin", first.key)
    assert open_elements(office, case) == ["a"]
    again = office.task("lin", case, "a")
    office.answer("lin", case, "a", note="二")
    office.answer("lin", case, "b", note="三")
    with pytest.raises(Conflict) as refused:
        play.withdraw(office, "lin", again.key)
    assert refused.value.code == "withdraw.too_late"


def test_a_withdrawal_before_a_split_is_all_or_nothing(office: Office) -> None:
    """Both branches are taken back; once one of them has gone on, none is."""
    case = play.opened(office, play.PARALLEL)
    first = office.task("lin", case, "a")
    office.answer("lin", case, "a", note="一")
    assert open_elements(office, case) == ["b", "d"]
    play.withdraw(office, "lin", first.key)
    assert open_elements(office, case) == ["a"]
    again = office.task("lin", case, "a")
    office.answer("lin", case, "a", note="二")
    office.answer("lin", case, "d", note="三")
    with pytest.raises(Conflict):
        play.withdraw(office, "lin", again.key)
    assert open_elements(office, case) == ["b"]


def test_a_transfer_is_for_good(office: Office) -> None:
    """Who takes it answers for it and may pass it on; who gave it away may not work it any more; not to oneself."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    with pytest.raises(Refused) as refused:
        play.transfer(office, "lin", task, "lin")
    assert refused.value.code == "person.oneself"
    with pytest.raises(Refused) as refused:
        play.transfer(office, "lin", task, "qian")
    assert refused.value.code == "person.out_of_reach"
    play.transfer(office, "lin", task, "wang")
    with pytest.raises(NotAllowed):
        play.transfer(office, "lin", task, "zhou")
    play.transfer(office, "wang", office.task("wang", case, "a"), "zhou")
    moved = [(one["old"]["username"], one["new"]["username"]) for one in payloads(office, case.key)[-1:]]
    assert moved == [("wang", "zhou")]
    office.answer("zhou", case, "a", note="一")
    assert open_elements(office, case) == ["b"]


def test_a_delegate_prepares_and_it_comes_back(office: Office) -> None:
    """The holder cannot complete meanwhile; the delegate decides nothing."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    play.delegate(office, "lin", task, "wang")
    with pytest.raises(Conflict) as refused:
        office.answer("lin", case, "a", note="一")
    assert refused.value.code == "user_task.waits_for_signers"
    theirs = office.task("wang", case, "a")
    play.sign(office, "wang", theirs)
    office.answer("lin", case, "a", note="一")
    assert open_elements(office, case) == ["b"]


def test_signers_are_nested_and_all_are_waited_for(office: Office) -> None:
    """A signer asks another; nobody is asked twice or in a circle; disagreeing leaves the decision where it was."""
    case = play.opened(office)
    play.add_sign(office, "lin", office.task("lin", case, "a"), ["wang", "zhao"])
    with pytest.raises(Conflict) as refused:
        play.add_sign(office, "wang", office.task("wang", case, "a"), ["lin"])
    assert refused.value.code == "sign.twice"
    play.add_sign(office, "wang", office.task("wang", case, "a"), ["zhou"])
    with pytest.raises(Conflict):
        play.sign(office, "wang", office.task("wang", case, "a"))
    play.sign(office, "zhou", office.task("zhou", case, "a"), agree=False)
    play.sign(office, "wang", office.task("wang", case, "a"))
    assert payloads(office, case.key)[-1]["waits_for"] == 1
    with pytest.raises(Conflict):
        office.answer("lin", case, "a", note="一")
    play.sign(office, "zhao", office.task("zhao", case, "a"))
    office.answer("lin", case, "a", note="一")
    assert open_elements(office, case) == ["b"]


def test_only_who_added_a_signer_removes_them_and_only_before_they_signed(office: Office) -> None:
    """A task that nobody added is no signer's; the trace keeps who and why."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    with pytest.raises(Refused) as none:
        play.remove_sign(office, "lin", task.key)
    assert none.value.code == "sign.not_added"
    play.add_sign(office, "lin", task, ["wang", "zhao"])
    theirs = office.task("wang", case, "a")
    with pytest.raises(NotAllowed):
        play.remove_sign(office, "wang", theirs.key)
    play.remove_sign(office, "lin", theirs.key)
    assert payloads(office, case.key)[-1]["person"]["username"] == "wang"
    play.sign(office, "zhao", office.task("zhao", case, "a"))
    office.answer("lin", case, "a", note="一")
    assert open_elements(office, case) == ["b"]


def test_a_return_of_the_case_closes_the_tasks_of_signers(office: Office) -> None:
    """Whatever ends the task they were added to ends theirs."""
    case = play.opened(office, play.PARALLEL)
    office.answer("lin", case, "a", note="一")
    play.add_sign(office, "lin", office.task("lin", case, "d"), ["wang"])
    theirs = office.task("wang", case, "d")
    play.send_back(office, "lin", office.task("lin", case, "b"), "a")
    with pytest.raises(Conflict):
        play.sign(office, "wang", theirs)
    assert [row for row in office.todo("wang") if row.instance_key == case.key] == []


def test_urging_is_counted_and_not_oftener_than_once_an_hour(office: Office) -> None:
    """It names the open tasks, and changes nothing."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    assert play.urge(office, "lin", task.key) == 1
    with pytest.raises(Conflict) as refused:
        play.urge(office, "lin", task.key)
    assert refused.value.code == "urge.too_soon"
    advance(office, hours=1)
    assert play.urge(office, "lin", task.key) == 1
    assert payloads(office, case.key)[-1]["times"] == 2


def test_a_copy_lets_somebody_follow_once_and_not_act(office: Office) -> None:
    """Each person once in a case; they see how it goes, not what stands in it, and their reading is noted."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    assert play.send_copy(office, "lin", task, ["he", "zhou"]) == 2
    assert play.send_copy(office, "lin", task, ["zhou"]) == 0
    office.answer("lin", case, "a", note="一")
    zhou = office.actor("zhou")
    with office.work() as uow:
        assert telling.mark_read(uow, case.key, zhou)
        assert not telling.mark_read(uow, case.key, zhou)
        read = {one.username: one.read_at is not None for one in telling.copies(uow, case.key, zhou)}
    assert read == {"he": False, "zhou": True}
    told = office.view("he", case).timeline
    assert [change for entry in told for change in entry.changes] == []
    task = office.task("lin", case, "b")
    with pytest.raises(NotAllowed):
        play.transfer(office, "he", task, "zhou")


def test_nothing_is_done_in_a_suspended_case(office: Office) -> None:
    """Verbs stop as completions do."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    operate(office, "suspend", case)
    with pytest.raises(Conflict) as handed:
        play.transfer(office, "lin", task, "wang")
    with pytest.raises(Conflict) as asked:
        play.add_sign(office, "lin", task, ["wang"])
    assert (handed.value.code, asked.value.code) == ("case.suspended", "case.suspended")
    assert UserTaskState.CREATED is office.task("lin", case, "a").state
