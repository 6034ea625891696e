"""Sweeps judge every running case where it stands; one bad case never stops them, and they go on where they stopped."""

from engine.service import sweeps
from tests.integration.folding import payloads
from tests.integration.models import ask, check, form, line
from tests.integration.office import Office
from tests.integration.waiting import rows, working

STANDING = line(
    "p", ask("wait", more=check("RAT-01", ("numerator", "=3"), ("denominator", "=2"), phase="timer")), ids=("wait",)
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
