"""A process run in memory by a scenario, without a database. Pure: model and scenario in, lines out.

A scenario (JSON)::

    {"variables": {…}, "now": "2026-01-05T09:00:00+08:00", "start": "start event id", "steps": [step, …],
     "then": "complete" | "stop", "hold": ["element id", …], "expected": {…, for tests, not read here}}

A step is one of ``{"complete": element id, "variables": {…}, "outcome": …}``, ``{"message": name, "correlationKey":
…, "variables": {…}}``, ``{"signal": name, "variables": {…}}``, ``{"error": element id, "code": …}`` and
``{"advance": "PT1H"}``. What nothing waits for fails the run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from engine.feel import FeelError, compile_expression
from engine.model.errors import Invalid, MingjingError
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Transition, TransitionKind
from engine.runtime import live
from engine.runtime.environment import Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.live import LiveInstance

MAX_COMPLETIONS = 10_000

_STEPS = ("complete", "message", "signal", "error", "advance")
_KEYS = frozenset({"variables", "now", "start", "steps", "then", "hold", "expected", "description"})
_ENTRIES: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"variables", "outcome"}),
    "message": frozenset({"correlationKey", "variables"}),
    "signal": frozenset({"variables"}),
    "error": frozenset({"code", "variables"}),
    "advance": frozenset(),
}


class Then(StrEnum):
    COMPLETE = "complete"
    STOP = "stop"


class Ending(StrEnum):
    """How a simulated instance stands at the end."""

    COMPLETED = "completed"
    ACTIVE = "active"
    TERMINATED = "terminated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStep:
    """One step: `kind` as in the module's docstring, `target` the element, name or duration."""

    kind: str
    target: str
    variables: Mapping[str, object] = field(default_factory=dict)
    outcome: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """See the module's docstring."""

    now: datetime
    variables: Mapping[str, object] = field(default_factory=dict)
    start: str | None = None
    steps: tuple[ScenarioStep, ...] = ()
    then: Then = Then.COMPLETE
    hold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What happened. reason: why it failed, empty otherwise. waiting: element ids in order of activation."""

    transitions: tuple[Transition, ...]
    state: Ending
    variables: Mapping[str, object]
    waiting: tuple[str, ...]
    reason: str = ""

    def lines(self) -> list[dict[str, object]]:
        """One object for each change of an element, in firing order, and a last one with the end."""
        shown = [one for one in self.transitions if one.kind is not TransitionKind.FLOW_TAKEN]
        found: list[dict[str, object]] = [
            {
                "seq": number,
                "element": one.element,
                "instance": one.instance,
                "type": one.type,
                "transition": one.kind.value,
            }
            for number, one in enumerate(shown, 1)
        ]
        end: dict[str, object] = {
            "state": self.state.value,
            "variables": dict(self.variables),
            "waiting": list(self.waiting),
        }
        return [*found, end]


class _Stuck(Exception):
    """A step that nothing waits for."""


def read_scenario(raw: Mapping[str, object], *, now: datetime) -> Scenario:
    """A scenario from JSON. `now` is taken where it names no instant. Raises `Invalid` ``scenario.invalid``."""
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise _invalid(f"the entry {unknown[0]!r} is unknown")
    steps = raw.get("steps", [])
    if not isinstance(steps, list):
        raise _invalid("steps must be a list")
    start = raw.get("start")
    if start is not None and not isinstance(start, str):
        raise _invalid("start must be the id of a start event")
    hold = raw.get("hold", [])
    if not isinstance(hold, list) or not all(isinstance(one, str) for one in hold):
        raise _invalid("hold must be a list of element ids")
    then = raw.get("then", "complete")
    if then not in [one.value for one in Then]:
        raise _invalid("then must be complete or stop")
    return Scenario(
        now=_instant(raw["now"]) if "now" in raw else now,
        variables=_variables(raw),
        start=start,
        steps=tuple(_step(one) for one in steps),
        then=Then(str(then)),
        hold=frozenset(hold),
    )


def simulate(process: ExecutableProcess, scenario: Scenario, world: Callable[[datetime], Environment]) -> Simulation:
    """Run a process by a scenario. `world` gives the environment of an instant."""
    env = world(scenario.now)
    instance = live.prepare(process, scenario.variables, env)
    now = scenario.now
    reason = ""
    try:
        live.launch(instance, scenario.start)
        for step in scenario.steps:
            if step.kind == "advance":
                now += _duration(step.target)
                env = replace(world(now), now=now)
                instance.at(env)
            else:
                _play(instance, step)
        if scenario.then is Then.COMPLETE:
            _complete_rest(instance, scenario.hold)
    except _Stuck as problem:
        reason = str(problem)
    except MingjingError as problem:
        reason = problem.message
        _mark_failed(instance, problem.params.get("element", ""))
    state = Ending.FAILED if reason else Ending.COMPLETED if instance.ended else Ending.ACTIVE
    return Simulation(
        transitions=tuple(instance.journal.transitions),
        state=state,
        variables=dict(instance.variables),
        waiting=tuple(_element(one) for one in instance.waiting),
        reason=reason,
    )


def _play(instance: LiveInstance, step: ScenarioStep) -> None:
    if step.kind in ("message", "signal"):
        raise _Stuck(f"nothing waits for the {step.kind} {step.target!r}")
    waits = next((one for one in instance.waiting if step.target in (one, _element(one))), None)
    if waits is None:
        raise _Stuck(f"nothing waits at {step.target!r}; waiting: {', '.join(instance.waiting) or 'nothing'}")
    if step.kind == "error":
        _throw(instance, waits, step)
    instance.complete(waits, {**step.variables, **_outcome(instance, waits, step)})


def _throw(instance: LiveInstance, waits: ElementInstanceId, step: ScenarioStep) -> None:
    if instance.element(waits).type == "userTask":
        raise _Stuck(f"{step.target!r} is a user task; only a job fails with an error")
    instance.fail(waits)
    raise _Stuck(f"the job of {step.target} failed with {step.code!r}, and nothing catches that")


def _outcome(instance: LiveInstance, waits: ElementInstanceId, step: ScenarioStep) -> dict[str, object]:
    if step.outcome is None:
        return {}
    element = instance.element(waits)
    known = [outcome.code for outcome in element.outcomes]
    if known and step.outcome not in known:
        raise _Stuck(f"{element.id} has no outcome {step.outcome!r}; it has {', '.join(known)}")
    return {element.result_variable or f"{element.id}_outcome": step.outcome}


def _complete_rest(instance: LiveInstance, hold: frozenset[str]) -> None:
    for _ in range(MAX_COMPLETIONS):
        waits = next((one for one in instance.waits() if _element(one) not in hold), None)
        if waits is None:
            return
        instance.complete(waits, {})
    if any(_element(one) not in hold for one in instance.waits()):
        raise _Stuck(f"still waiting after {MAX_COMPLETIONS} completions")


def _mark_failed(instance: LiveInstance, element: str) -> None:
    """Tell which element could not do its work, if it had been activated."""
    for token in instance.workflow.tasks.values():
        if token.task_spec.name == element and token.instance is not None and not token.whole_loop:
            instance.journal.failed(token.task_spec.definition, token.instance)
            return


def _element(instance: str) -> str:
    return instance.rpartition("#")[0]


def _step(raw: object) -> ScenarioStep:
    if not isinstance(raw, dict):
        raise _invalid("a step must be an object")
    kinds = [kind for kind in _STEPS if kind in raw]
    if len(kinds) != 1 or not isinstance(raw[kinds[0]], str):
        raise _invalid(f"a step must have exactly one of {', '.join(_STEPS)}")
    unknown = sorted(set(raw) - _ENTRIES[kinds[0]] - set(kinds))
    if unknown:
        raise _invalid(f"the entry {unknown[0]!r} of a step {kinds[0]!r} is unknown")
    outcome = raw.get("outcome")
    if kinds[0] == "advance":
        _duration(raw["advance"])
    return ScenarioStep(
        kind=kinds[0],
        target=raw[kinds[0]],
        variables=_variables(raw),
        outcome=None if outcome is None else str(outcome),
        code=str(raw.get("code", "")),
    )


def _variables(raw: Mapping[str, object]) -> Mapping[str, object]:
    found = raw.get("variables", {})
    if not isinstance(found, dict):
        raise _invalid("variables must be an object")
    return found


def _instant(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _invalid(f"now is {text!r}, which is no instant") from error
    if found.tzinfo is None:
        raise _invalid("now must say its offset from UTC")
    return found


def _duration(text: str) -> timedelta:
    """Days and time, in ISO 8601 as FEEL reads it; months have no length."""
    quoted = text.replace("\\", "").replace('"', "")
    try:
        found = compile_expression(f'duration("{quoted}")')({})
    except FeelError:
        found = None
    if not isinstance(found, timedelta) or found < timedelta(0):
        raise _invalid(f"{text!r} is no duration of days and time such as PT1H or P2D")
    return found


def _invalid(what: str) -> Invalid:
    return Invalid("scenario.invalid", f"The scenario cannot be read: {what}.")
