"""A process in which everything that can wait does: timers, jobs inside and outside, messages that it sends itself,
messages from outside, user tasks, a subprocess, a call, a multi-instance, boundary events, an event subprocess.

Whatever the order in which its branches happen to go on, the same things happen in it: that is what makes two traces
comparable.
"""

from tests.integration.models import ask, ask_many, call, form, job
from tests.unit.runtime.builder import (
    both,
    boundary,
    bpmn,
    catch,
    chain,
    cycle,
    end,
    flow,
    many,
    node,
    of,
    on_event,
    script,
    start,
    sub,
    throw,
    timer,
    xor,
)

SEND = '<zeebe:publishMessage correlationKey="=key" timeToLive="PT1H"/>'
URGES = 2
ITEMS = 3


def outside(identifier: str, does: str, inner: str = "") -> str:
    """A job of the programs outside, which the header tells what to do."""
    return job(identifier, "outside", headers={"does": does}, inner=inner, retries=100)


def _urged() -> str:
    """Somebody's task that they are reminded of."""
    urge = boundary("urge", "ask", cycle(f"R{URGES}/PT1S"), interrupting=False)
    body = ask("ask", assignee="lin") + urge + script("urged", "urges + 1", "urges") + end("urged_e")
    return body + chain("fork", "ask", "join") + chain("urge", "urged", "urged_e")


def _talk() -> str:
    """A job whose worker publishes the answer, a message to the called process and one that begins a case."""
    body = outside("post", "answer") + throw("told", of("message", "told"), SEND)
    body += throw("asked", of("message", "asked"), SEND) + catch("answered", of("message", "answered"))
    return body + chain("fork", "post", "told", "asked", "answered", "join")


def _checked() -> str:
    """A timer in a subprocess, and a job that ends with an error which the border of the subprocess catches."""
    inside = start("i_s") + catch("pause", timer("PT1S")) + outside("check", "fail") + end("i_e")
    body = sub("inner", inside, chain("i_s", "pause", "check", "i_e")) + boundary("failed", "inner", of("error", "E1"))
    body += script("fixed", "true", "fixed") + xor("checked")
    return body + chain("fork", "inner", "checked", "join") + chain("failed", "fixed", "checked")


def _paid() -> str:
    """A message or a timer, whichever comes first: the message."""
    body = node("eventBasedGateway", "gate") + catch("paid", of("message", "paid")) + catch("never", timer("PT9H"))
    body += outside("pay", "pay") + xor("settled")
    return body + chain("fork", "pay", "gate", "paid", "settled", "join") + chain("gate", "never", "settled")


def _late() -> str:
    """A task that a time limit takes away."""
    body = (
        ask("slow", assignee="lin")
        + boundary("limit", "slow", timer("PT2S"))
        + script("late", "true", "late")
        + xor("slow_m")
    )
    return body + chain("fork", "slow", "slow_m", "join") + chain("limit", "late", "slow_m")


def _inside(port: int) -> str:
    """Jobs that Mingjing does itself: an expression, then a call to another system."""
    call_out = {"url": f"http://localhost:{port}/effect", "method": "POST", "body": "={key: key}",
                "resultExpression": "={receipt: response.body.receipt}"}  # fmt: skip
    body = job("calc", "mingjing:feel", headers={"expression": "=6 * 7", "result": "calculated"})
    return body + job("hook", "mingjing:http", headers=call_out, retries=100) + chain("fork", "calc", "hook", "join")


def _each() -> str:
    """A job for every item, and a task for every item."""
    loop = many(outputCollection="doubled", outputElement="=result")
    body = (
        outside("each", "double", loop)
        + ask_many("sign", many(), assignee="lin")
        + script("total", "sum(doubled)", "total")
    )
    return body + chain("fork", "each", "total", "sign", "join")


def _storm(port: int) -> bytes:
    first = script("init", f"for i in 1..{ITEMS} return i", "items") + script("none", "0", "urges")
    body = start() + first + both("fork", "join") + chain("s", "init", "none", "fork")
    body += call("called", "storm_child") + chain("fork", "called", "join")
    moved = on_event("moves", of("message", "moved"), script("note", "true", "moved"), end("moves_e"),
                     chain("moves_on", "note", "moves_e"), interrupting=False)  # fmt: skip
    body += _urged() + _talk() + _checked() + _paid() + _late() + _inside(port) + _each() + moved
    body += throw("signal", of("signal", "flood")) + end() + chain("join", "signal", "e")
    return bpmn(body, process_id="storm")


def files(port: int) -> dict[str, bytes]:
    """Everything to deploy. port: of the other system, on this machine."""
    child = start("c_s") + catch("hear", of("message", "told")) + ask("work", assignee="lin") + end("c_e")
    begun = {"asker": of("message", "asked"), "flooded": of("signal", "flood")}
    others = {
        f"{name}.bpmn": bpmn(node("startEvent", "on", inner=event) + script("x", "1", "x") + end() + flow("on", "x")
                             + flow("x", "e"), process_id=name)
        for name, event in begun.items()
    }  # fmt: skip
    inner = bpmn(child + chain("c_s", "hear", "work", "c_e"), process_id="storm_child")
    return {"storm_child.bpmn": inner, "storm.bpmn": _storm(port), "note.form": form("note"), **others}


BEGUN = ("asker", "flooded")
"""Processes of which each storm begins one case: by its message, by its signal."""
