"""Who is told of what: verbs of approval, alerts, lights; in the application always, nothing for silent findings."""

from engine.model.personal import Notice
from engine.model.views import CaseRow
from engine.service import notices, telling, worklist
from engine.service.demonstration_city import sample_cases
from engine.store import alerts
from tests.integration.office import Office
from tests.integration.service import approval_play as play
from tests.integration.service.test_deadlines import at, begun
from tests.integration.waiting import set_clock, tick

DRIVING = sample_cases()[2]


def told(office: Office, who: str, case: CaseRow) -> list[Notice]:
    """The notices of a person about a case that are not new tasks, the oldest first."""
    with office.work() as uow:
        page = notices.listed(uow, office.actor(who), limit=100)
    found = [one for one in page.rows if one.instance_key == case.key and one.kind != "new_task"]
    return found[::-1]


def kinds(office: Office, who: str, case: CaseRow) -> list[str]:
    return [one.kind for one in told(office, who, case)]


def test_verbs_tell_whom_they_are_about(office: Office) -> None:
    """Urge, copy, transfer, delegation, signers, return; who does it is not told, and a given task is told once."""
    case = play.opened(office)
    task = office.task("lin", case, "a")
    play.urge(office, "zhou", task.key)
    assert [(one.kind, one.by, one.user_task_key) for one in told(office, "lin", case)] == [("urged", "周敏", task.key)]
    play.send_copy(office, "lin", task, ["he"])
    assert kinds(office, "he", case) == ["copied"]
    play.transfer(office, "lin", task, "wang")
    play.delegate(office, "wang", office.task("wang", case, "a"), "zhao")
    play.add_sign(office, "zhao", office.task("zhao", case, "a"), ["zhou"])
    assert [kinds(office, who, case) for who in ("wang", "zhao", "zhou")] == [
        ["transferred"], ["delegated"], ["sign_asked"],
    ]  # fmt: skip
    with office.work() as uow:
        rows = notices.listed(uow, office.actor("zhou")).rows
    assert [one.kind for one in rows if one.instance_key == case.key] == ["sign_asked"]


def test_copies_are_a_list_of_their_own_with_read_marks(office: Office) -> None:
    """The newest copy first, page by page; who opens one has read it, and is not told of it any more."""
    older, newer = play.opened(office), office.start("lin", "p")
    for case in (newer, older):
        play.send_copy(office, "lin", office.task("lin", case, "a"), ["he"])
    he = office.actor("he")
    with office.work() as uow:
        first = worklist.copied(uow, he, limit=1)
        second = worklist.copied(uow, he, first.next_cursor, 1)
        assert [(one.key, one.unread) for one in (*first.rows, *second.rows)] == [(older.key, True), (newer.key, True)]
        assert worklist.counts(uow, he).copied == 2
        before = notices.unread(uow, he)
        telling.mark_read(uow, older.key, he)
        assert [(one.key, one.unread) for one in worklist.copied(uow, he).rows] == [
            (older.key, False), (newer.key, True),
        ]  # fmt: skip
        assert (worklist.counts(uow, he).copied, notices.unread(uow, he)) == (1, before - 1)
        assert worklist.copied(uow, office.actor("zhou")).rows == ()


def test_a_return_tells_who_gets_it_back_and_a_withdrawal_tells_nobody(office: Office) -> None:
    """It goes to who did the node before."""
    case = play.opened(office)
    office.answer("lin", case, "a", note="一")
    task = office.task("lin", case, "b")
    play.transfer(office, "lin", task, "wang")
    play.send_back(office, "wang", office.task("wang", case, "b"), "a")
    assert kinds(office, "lin", case) == ["returned"]
    first = office.task("lin", case, "a")
    office.answer("lin", case, "a", note="二")
    play.withdraw(office, "lin", first.key)
    assert kinds(office, "lin", case) == ["returned"]


def test_an_alert_tells_the_nearest_supervisor_and_those_above_when_it_climbs(office: Office) -> None:
    """Once, however often it is found again; clerks hear nothing of it."""
    case, _ = office.run(DRIVING, until="CollectiveReview")
    (notice,) = told(office, "yan", case)
    assert (notice.kind, notice.alert_key is not None, notice.by) == ("alert_raised", True, "")
    assert kinds(office, "ren", case) == []
    assert kinds(office, "lin", case) == []
    for who in ("yan", "ren"):  # the street watches over its communities; above it comes the district
        with office.work() as uow:
            alert = alerts.locked(uow, notice.alert_key or 0)
        assert alert is not None
        set_clock(office, alert.due_at)
        tick(office)
        assert kinds(office, who, case)[-1:] == ["alert_climbed"]


def test_a_light_tells_the_handler_once_for_each_turn(office: Office) -> None:
    """Yellow of the node, then red; the limit of the whole case tells whoever has what waits."""
    case = begun(office)
    at(office, "02-11", 0)
    assert [(one.kind, one.element_name) for one in told(office, "lin", case)] == [("time_near", "check")]
    at(office, "02-13", 0)
    tick(office)
    assert kinds(office, "lin", case) == ["time_near", "time_over"]
