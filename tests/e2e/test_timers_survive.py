"""A real server whose worker and database are killed while timers are due: each fires, and fires once."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.e2e.caller import Caller
from tests.e2e.serving import Server, wait_until
from tests.integration.models import ask, form, line
from tests.unit.runtime.builder import boundary, bpmn, catch, chain, end, start, timer

CASES, TIMERS = 8, 5
MANY = "".join(boundary(f"b{n}", "work", timer("PT2S"), interrupting=False) for n in range(TIMERS))
ENDS = end("e", *(f"e{n}" for n in range(TIMERS))) + "".join(chain(f"b{n}", f"e{n}") for n in range(TIMERS))
REMINDED = bpmn(start(), ask("work"), MANY, ENDS, chain("s", "work", "e"), process_id="reminded")
PAUSE = line("pause", catch("t", timer("PT1S")), ask("after"), ids=("t", "after"))


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """A server of this module's own, to be killed."""
    found = Server()
    found.start()
    yield found
    found.remove()


def test_a_timer_fires_by_itself_and_none_twice_when_worker_and_database_die(own: Server) -> None:
    """Eight cases of five timers; worker and database are killed once the first of them have fired."""
    Caller(own.url, "du").deploy({"pause.bpmn": PAUSE, "reminded.bpmn": REMINDED, "note.form": form("note")})
    lin, gao = Caller(own.url, "lin"), Caller(own.url, "gao")
    cases = [str(lin.call("POST", "/v2/process-instances", {"processDefinitionId": "reminded"})["processInstanceKey"])
             for _ in range(CASES)]  # fmt: skip

    def fired(case: str) -> Counter[str]:
        entries = gao.call("GET", f"/api/process-instances/{case}/trace")["entries"]
        return Counter(entry["element_id"] for entry in entries if entry["kind"] == "timer.fired.v1")

    wait_until(lambda: any(map(fired, cases)), "the first timer to fire")
    own.kill("worker")
    own.kill("database")
    own.wait_ready()
    wait_until(lambda: all(fired(case).total() >= TIMERS for case in cases), "all timers to fire")
    assert {tuple(sorted(fired(case).items())) for case in cases} == {tuple((f"b{n}", 1) for n in range(TIMERS))}
    assert all(gao.call("GET", f"/api/process-instances/{case}/verification")["ok"] for case in cases)

    paused = str(lin.call("POST", "/v2/process-instances", {"processDefinitionId": "pause"})["processInstanceKey"])
    where = f"/v2/process-instances/{paused}"
    wait_until(lambda: lin.call("GET", where)["currentElements"] == ["after"], "the timer to fire")
