"""One step of a process instance: state in, `Step` out. Pure; SpiffWorkflow runs behind it and never leaves.

Nothing is kept between two calls. If a call raises, nothing has happened: the caller still has the old bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from engine.model.errors import Detail, Invalid, NotFound
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Step, Subscription, WaitingTimer
from engine.runtime import events, gate, live
from engine.runtime.activities import run_time_expressions
from engine.runtime.delta import fold
from engine.runtime.delta import read as read_delta
from engine.runtime.environment import Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.expressions import compile_all
from engine.runtime.live import LiveInstance
from engine.runtime.parser import specification
from engine.runtime.state import ScopeRow, dump, read

__all__ = [
    "ExecutableProcess", "cancel", "complete", "correlate", "fail", "fire", "folded", "load", "openings", "postpone",
    "send_back", "signal", "start", "throw_error", "variables", "visible",
]  # fmt: skip


def load(bpmn: bytes, process_id: str) -> ExecutableProcess:
    """Make a process of a BPMN file runnable.

    Raises `Invalid` for unsafe XML and ``model.refused`` for what the model gate refuses (whether forms and
    decisions exist is deployment's question, not asked here); `NotFound` ``process.unknown``.
    """
    accepted = gate.read(bpmn)
    if accepted.errors:
        raise Invalid(
            "model.refused",
            f"The model cannot run: {accepted.errors[0].message}",
            details=[
                Detail(place=f.element_id, code=f.rule, message=f.message, params={"cure": f.cure})
                for f in accepted.errors
            ],
        )
    for drawn, definition in accepted.processes:
        if definition.process_id == process_id:
            compiled = compile_all(x.text for x in (*run_time_expressions(drawn), *events.expressions(drawn)))
            spec = specification(definition, drawn)
            spec.expressions = dict(compiled)
            return ExecutableProcess(definition=definition, spec=spec, expressions=compiled)
    raise NotFound("process.unknown", f"The file has no process {process_id}.", params={"process": process_id})


def start(
    process: ExecutableProcess, variables: Mapping[str, object], env: Environment, *, start_event: str | None = None
) -> Step:
    """A new instance, run on to its first wait states.

    start_event: which of several start events; the first if not said. Each start event begins an instance of its own.
    """
    return _whole(live.begin(process, variables, env, start_event=start_event))


def complete(
    process: ExecutableProcess,
    state: bytes,
    instance: ElementInstanceId,
    variables: Mapping[str, object],
    env: Environment,
) -> Step:
    """Complete a waiting user task or job and run on.

    variables: through the element's output mappings if it has any; else each is set where it is declared, or at the
    root (a key replaces, nothing is deleted).
    Raises `Conflict` ``element.not_waiting``, and `Refused` as conditions, assignments and decisions do.
    """
    instance_alive = live.restore(process, state, env)
    instance_alive.complete(instance, variables)
    return _whole(instance_alive)


def fire(process: ExecutableProcess, state: bytes, instance: ElementInstanceId, env: Environment) -> Step:
    """A timer is due (`WaitingTimer.instance`): its event occurs.

    One firing a call: the step names the next due time if there is one, in the past as long as there are overdue
    periods. Raises `Conflict` ``element.not_waiting``, or ``timer.not_due`` when `env.now` is before the due time, so
    that two clocks fire nothing twice; and `Refused` as `complete` does.
    """
    alive = live.restore(process, state, env)
    alive.fire(instance)
    return _whole(alive)


def correlate(
    process: ExecutableProcess,
    state: bytes,
    instance: ElementInstanceId,
    variables: Mapping[str, object],
    env: Environment,
) -> Step:
    """A message has reached a subscription (`Subscription.instance`). The caller has compared name and key.

    variables: through the output mappings of the event, else by name as in `complete`. Raises as `complete` does.
    """
    alive = live.restore(process, state, env)
    alive.correlate(instance, variables)
    return _whole(alive)


def signal(
    process: ExecutableProcess, state: bytes, name: str, variables: Mapping[str, object], env: Environment
) -> Step:
    """A signal reaches everything in the instance that waits for that name now. Otherwise as `correlate`."""
    alive = live.restore(process, state, env)
    alive.signal(name, variables)
    return _whole(alive)


def throw_error(
    process: ExecutableProcess,
    state: bytes,
    instance: ElementInstanceId,
    code: str,
    message: str,
    variables: Mapping[str, object],
    env: Environment,
) -> Step:
    """A job ends with a BPMN error, which the innermost boundary event or event subprocess with that code catches.

    variables: to the catching event, as in `correlate`; its output mappings also see ``errorCode`` and
    ``errorMessage``. Raises `Refused` ``error.not_caught`` when nothing does; otherwise as `complete`.
    """
    alive = live.restore(process, state, env)
    alive.throw_error(instance, code, message, variables)
    return _whole(alive)


def fail(process: ExecutableProcess, state: bytes, instance: ElementInstanceId, env: Environment) -> Step:
    """A job cannot be done. Its element is written down as failed and goes on waiting, to be completed once mended.

    Raises as `complete` does.
    """
    alive = live.restore(process, state, env)
    alive.fail(instance)
    return _whole(alive)


def cancel(process: ExecutableProcess, state: bytes, env: Environment) -> Step:
    """End an instance where it stands: every token is terminated, inner ones first, and nothing waits any more."""
    alive = live.restore(process, state, env)
    alive.cancel()
    return _whole(alive)


def send_back(
    process: ExecutableProcess, state: bytes, instance: ElementInstanceId, target: str, env: Environment
) -> Step:
    """Send a case back from a waiting user task to an earlier one: see `engine.runtime.rewinding`.

    What stands in the branches of the target is terminated and in `Step.closed`; raises `Conflict` as `complete` does
    and `Refused` as `LiveInstance.send_back` does.
    """
    alive = live.restore(process, state, env)
    alive.send_back(instance, target)
    return _whole(alive)


def postpone(process: ExecutableProcess, state: bytes, pause: timedelta, env: Environment) -> Step:
    """An instance stood still for a while: its timers are due so much later, but for those that name a date.

    The step names all timers that wait, also those that kept their due time; nothing else happens in it.
    """
    alive = live.restore(process, state, env)
    alive.postpone(pause)
    return _whole(alive)


def openings(
    process: ExecutableProcess, env: Environment, fired: Mapping[str, int] | None = None
) -> tuple[WaitingTimer | Subscription, ...]:
    """What the start events of a process wait for, in document order; `start` with one of them begins an instance.

    env.now: the instant from which the timers count, that of the deployment, the same each time. fired: how often each
    timer start event has begun an instance already, by its id; a timer that is over is left out. `instance` is
    ``<element id>@0``. Expressions see no variables. Raises `Refused` ``expression.failed``.
    """
    return live.openings(process, env, fired or {})


def folded(state: bytes, deltas: Sequence[bytes]) -> bytes:
    """The state after the steps whose deltas these are. Raises `Broken` when they do not fit."""
    return dump(fold(read(state), map(read_delta, deltas))) if deltas else state


def variables(state: bytes) -> Mapping[str, object]:
    """All variables of a stored instance at its root scope, a copy."""
    return read(state).variables


def visible(state: bytes, instance: ElementInstanceId) -> Mapping[str, object]:
    """All variables that a waiting user task or job sees, its loop's item included: a copy, inner ones win."""
    stored = read(state)
    scopes = {row.id: row for row in stored.scopes}
    found: dict[str, object] = {}
    at = scopes.get(instance)
    if at is None:
        at = scopes.get(next((row.scope for row in stored.tokens if row.instance == instance), ""))
    while at is not None:
        found = {**at.variables, **found}
        if at.process is not None:
            return found
        at = _around(scopes, at)
    return {**stored.variables, **found}


def _whole(instance: LiveInstance) -> Step:
    step = instance.step()
    return replace(step, state=instance.snapshot(), variables=dict(step.variables))


def _around(scopes: Mapping[str, ScopeRow], row: ScopeRow) -> ScopeRow | None:
    return scopes.get(row.parent)
