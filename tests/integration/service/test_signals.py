"""Who hears a signal: those who wait for it at the moment it is thrown (BPMN 2.0.2, 10.5.1)."""

from engine.model.views import InstanceState
from tests.integration.models import ask, form, line
from tests.integration.office import Office
from tests.integration.waiting import advance, tick
from tests.unit.runtime.builder import boundary, bpmn, catch, chain, end, of, start, throw

FLOOD = of("signal", "flood")


def test_a_signal_is_not_heard_by_whoever_begins_to_wait_after_it(office: Office) -> None:
    """A case that begins to wait between the throw and its delivery, the thrower's own next event, and a second wait of
    one that waited: none of them hears it.
    """
    throws = bpmn(start(), throw("t", FLOOD), catch("own", FLOOD), end(), chain("s", "t", "own", "e"), process_id="q")
    twice = line("p", ask("go"), boundary("b", "go", FLOOD), catch("c", FLOOD), ask("after"), ids=("go", "c", "after"))
    twice = twice.replace(b"</bpmn:process>", (end("b_e") + chain("b", "b_e") + "</bpmn:process>").encode())
    office.deploy(p_bpmn=twice, q_bpmn=throws, note_form=form("note"))
    advance(office)
    first = office.start("lin", "p")
    thrower = office.start("lin", "q")
    late = office.start("lin", "p")
    office.answer("lin", first, "go", note="x")
    tick(office)
    assert [office.view("lin", case).case.current for case in (first, thrower, late)] == [("c",), ("own",), ("go",)]
    office.start("lin", "q")
    tick(office)
    assert office.view("lin", first).case.current == ("after",)
    assert office.view("lin", thrower).case.state is office.view("lin", late).case.state is InstanceState.COMPLETED
