"""Sweeps judge every running case where it stands; one bad case never stops them, and they go on where they stopped."""

import pytest

from engine.model.errors import Conflict, NotAllowed
from engine.service import sweeping, sweeps
from engine.service.background_jobs import Bench
from engine.trace import canonical
from tests.integration.folding import payloads
from tests.integration.models import ask, check, form, line
from tests.integration.office import Office
from tests.integration.waiting import rows, working

STANDING = line(
    "p",
    ask(
        "wait",
        positions="community_worker,street_window",
        more=check("RAT-01", ("numerator", "=3"), ("denominator", "=2"), phase="timer"),
    ),
    ids=("wait",),
)


def test_a_sweep_tells_news_once_and_one_bad_case_does_not_stop_it(office: Office) -> None:
    """Three cases, the state of the second is broken: two findings, one fault by its code; again: nothing new."""
    office.deploy(p_bpmn=STANDING, note_form=form("note"))
    first, bad, last = (office.start("lin", "p") for _ in range(3))
    office.equipment.live.take(bad.key, 0)
    rows(office, "update instance_state set body = 'x' where instance_key = %s returning version", bad.key)
    seen: list[int] = []
    view = sweeps.run(lambda: working(office), process_id="p", progress=lambda one: seen.append(one.done))
    assert (view.total, view.done, view.found, view.failed, seen) == (3, 3, 2, 1, [3])
    for case in (first, last):
        (told,) = [one for one in payloads(office, case.key) if one.get("phase") == "sweep"]
        assert told["judgements"][0]["results"][0]["code"] == "RAT-01"
    faults = rows(office, "select instance_key from sweep_fault")
    assert [row["instance_key"] for row in faults] == [bad.key]
    again = sweeps.run(lambda: working(office), process_id="p")
    assert (again.key > view.key, again.found, again.failed) == (True, 0, 1)


def test_a_supervisor_sweeps_the_own_unit_once_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker does what was asked for; another street's case is left out; the trace says who asked."""
    office.deploy(p_bpmn=STANDING, note_form=form("note"))
    own, other = office.start("lin", "p"), office.start("qian", "p")
    yan = office.actor("yan")
    with pytest.raises(NotAllowed), office.work() as uow:
        sweeping.ask(uow, office.actor("lin"))
    with office.work() as uow:
        sweeping.ask(uow, yan)
        (waiting,) = sweeping.listed(uow, yan)
    assert (waiting.total, waiting.done, waiting.ended_at, waiting.person_name) == (1, 0, None, "严谨")
    with pytest.raises(Conflict), office.work() as uow:
        sweeping.ask(uow, yan)
    (job,) = rows(office, "select args from procrastinate_jobs where task_name = 'mingjing:sweep'")
    monkeypatch.setattr(Bench, "working", lambda: working(office))
    sweeping.carry_out(**job["args"])
    with office.work() as uow:
        (done,) = sweeping.listed(uow, yan)
        assert sweeping.listed(uow, office.actor("ren")) == (done,)
    assert (done.key, done.done, done.found, done.ended_at is not None) == (waiting.key, 1, 1, True)
    swept = [any(one.get("phase") == "sweep" for one in payloads(office, case.key)) for case in (own, other)]
    assert swept == [True, False]
    (told,) = rows(office, "select body from trace_entry where kind = 'sweep.ended.v1'")
    assert canonical.decode(bytes(told["body"]))["actor"]["name"] == "严谨"
