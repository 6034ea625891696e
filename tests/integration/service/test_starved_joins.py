"""A join that waits for what can never come: an incident at once, and an operator who lets it go on."""

import pytest

from engine.model.errors import Conflict
from engine.model.incidents import IncidentKind
from engine.service import verification
from tests.integration.folding import variables
from tests.integration.models import ask, job
from tests.integration.office import TESTER, Office
from tests.integration.service.test_mending import Mender
from tests.unit.runtime.builder import both, boundary, bpmn, chain, end, of, start


def test_a_join_that_nothing_can_reach_any_more_is_an_incident_at_once(office: Office) -> None:
    """One branch ends by an error, the other arrives: the step that brings it opens the incident, with cause; nothing
    can be tried again, but the operator lets the join go on with what has come.
    """
    model = bpmn(
        start(), both("f", "j"), job("send"), boundary("lost", "send", of("error", "E1")), ask("beside"),
        ask("after"), end("e", "gone"), chain("s", "f", "send", "j", "after", "e"), chain("f", "beside", "j"),
        chain("lost", "gone"),
    )  # fmt: skip
    mender = Mender(office, model)
    mender.throw("E1")
    assert mender.incidents() == ()
    office.answer("lin", mender.case, "beside", note="x")
    (found,) = mender.incidents()
    assert (found.kind, found.code, found.element_id) == (IncidentKind.NOTHING_WAITS, "join.starved", "j")
    assert found.params == {"element": "j"}
    with pytest.raises(Conflict, match="nothing to try again"):
        mender.resolve()
    mender.route_around(sum=3)
    assert mender.incidents() == ()
    assert office.view("lin", mender.case).case.current == ("after",)
    assert variables(office, mender.case.key)["sum"] == 3
    assert mender.kinds()[-5:] == [
        "user_task.completed", "incident.created", "command.refused", "incident.resolved", "element.routed_around",
    ]  # fmt: skip
    assert office.answer("lin", mender.case, "after", note="x").ended
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, mender.case.key).ok
