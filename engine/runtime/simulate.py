"""A process run in memory by a scenario, without a database. Pure: model and scenario in, lines out.

See `engine.runtime.scenario`. What nothing waits for fails the run. The clock moves with ``advance`` only: then each
timer fires at its own due time, in that order. What the process throws reaches it at once if it waits for that.
A process that only events begin starts with the first step, if that is its message or signal, else with its first
start event.

In the end whatever waits goes on, in order of activation: user tasks and jobs complete without data, catch events,
receive tasks and event-based gateways let occur what they wait for (of several the first drawn). Boundary events and
event subprocesses do not occur by themselves, nor do conditions.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice, zip_longest

from engine.model.errors import MingjingError, Refused
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Occasion, Published, Transition, TransitionKind
from engine.runtime.elements.events.waits import Wait
from engine.runtime.environment import Environment
from engine.runtime.events import EventKind
from engine.runtime.executable import ExecutableProcess
from engine.runtime.live import LiveInstance
from engine.runtime.scenario import Scenario, ScenarioStep, Then, duration

MAX_COMPLETIONS = 10_000
MAX_SURPRISES = 10
"""That are told: after the first transition that differs, most of the others do."""


class Ending(StrEnum):
    """How a simulated instance stands at the end."""

    COMPLETED = "completed"
    ACTIVE = "active"
    TERMINATED = "terminated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What happened. reason: why it failed, empty otherwise. waiting: element ids in order of activation.

    stuck: joins before which tokens wait for ever. surprises: what differs from what the scenario expects, a line each;
    None when it expects nothing.
    """

    transitions: tuple[Transition, ...]
    state: Ending
    variables: Mapping[str, object]
    waiting: tuple[str, ...]
    reason: str = ""
    stuck: tuple[str, ...] = ()
    surprises: tuple[str, ...] | None = None

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
        if self.stuck:
            end["stuck"] = list(self.stuck)
        return [*found, end]


class _Stuck(Exception):
    """A step that nothing waits for."""


def simulate(process: ExecutableProcess, scenario: Scenario, world: Callable[[datetime], Environment]) -> Simulation:
    """Run a process by a scenario. `world` gives the environment of an instant."""
    run = _Run(process, scenario, world)
    reason = ""
    try:
        run.play(scenario)
    except _Stuck as problem:
        reason = f"{run.at}{problem}"
    except MingjingError as problem:
        reason = f"{run.at}{problem.message}"
        _mark_failed(run.instance, problem.params.get("element", ""))
    instance = run.instance
    state = Ending.FAILED if reason else Ending.COMPLETED if instance.ended else Ending.ACTIVE
    found = Simulation(
        transitions=tuple(instance.journal.transitions),
        state=state,
        variables=dict(instance.variables),
        waiting=tuple(_element(one) for one in instance.standing),
        reason=reason,
        stuck=() if reason else instance.stuck,
    )
    return (
        replace(found, surprises=tuple(islice(_surprises(found, scenario.expected), MAX_SURPRISES)))
        if scenario.expected
        else found
    )


def _surprises(found: Simulation, expected: Mapping[str, object]) -> Iterator[str]:
    *lines, end = found.lines()
    played = [f"{line['instance']} {line['transition']}" for line in lines]
    for name in ("state", "waiting"):
        if name in expected and end[name] != expected[name]:
            yield f"{name} is {end[name]}, not {expected[name]}"
    wanted = expected.get("transitions")
    if isinstance(wanted, list):
        pairs = enumerate(zip_longest(played, wanted, fillvalue="nothing"), 1)
        yield from (f"transition {number} is {is_!r}, not {not_!r}" for number, (is_, not_) in pairs if is_ != not_)
    variables = expected.get("variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if name not in found.variables:
            yield f"there is no variable {name}"
        elif found.variables[name] != value:
            yield f"the variable {name} is {found.variables[name]!r}, not {value!r}"


class _Run:
    """An instance, and the clock of its world."""

    def __init__(
        self, process: ExecutableProcess, scenario: Scenario, world: Callable[[datetime], Environment]
    ) -> None:
        self._world = world
        self._now = scenario.now
        self._delivered = self._fired = 0
        self.at = ""
        self.instance = LiveInstance(process, self._at(self._now), variables={})

    def play(self, scenario: Scenario) -> None:
        """Begin, take the steps, and complete the rest."""
        steps = self._begin(scenario)
        self._follow()
        for number, step in enumerate(steps, len(scenario.steps) - len(steps) + 1):
            self.at = f"step {number} ({step.kind} {step.target}): "
            self._play(step)
            self._follow()
        self.at = ""
        if scenario.then is Then.COMPLETE:
            self._complete_rest(scenario.hold)

    def _begin(self, scenario: Scenario) -> tuple[ScenarioStep, ...]:
        """Launch; gives the steps that are left."""
        process = self.instance.process
        start, steps, variables = scenario.start, scenario.steps, scenario.variables
        if start is None and not process.spec.firsts[process.definition.process_id]:
            starts = list(_event_starts(process))
            first = steps[0] if steps else None
            what = (first.kind, first.target) if first is not None else None
            found = next((name for name, *event in starts if tuple(event) == what), "")
            if first is not None and found:
                start, steps, variables = found, steps[1:], {**variables, **first.variables}
            elif starts:
                start = starts[0][0]
        self.instance.launch(variables, start)
        return steps

    def _play(self, step: ScenarioStep) -> None:
        instance = self.instance
        match step.kind:
            case "advance":
                self._advance(self._now + duration(step.target))
            case "message":
                wait = instance.workflow.armed.message(step.target, step.key)
                if wait is None:
                    raise _Stuck(f"nothing waits for the message {step.target!r}{_with(step.key)}")
                instance.occur(wait, step.variables)
            case "signal":
                if not instance.workflow.armed.signals(step.target):
                    raise _Stuck(f"nothing waits for the signal {step.target!r}")
                instance.signal(step.target, step.variables)
            case _:
                self._work(step)

    def _work(self, step: ScenarioStep) -> None:
        instance = self.instance
        waits = next((one for one in instance.waiting if step.target in (one, _element(one))), None)
        if waits is None:
            raise _Stuck(f"nothing waits at {step.target!r}; waiting: {', '.join(instance.standing) or 'nothing'}")
        if step.kind == "error":
            _throw(instance, waits, step)
        else:
            instance.complete(waits, {**step.variables, **_outcome(instance, waits, step)})

    def _advance(self, until: datetime) -> None:
        while (due := self.instance.workflow.armed.due(until)) is not None:
            self._fire(due)
            self._deliver()
        self._move(until)

    def _follow(self) -> None:
        """What happens at once: messages and signals arrive, timers whose time has come fire."""
        self._deliver()
        while (due := self.instance.workflow.armed.due(self._now)) is not None:
            self._fire(due)
            self._deliver()

    def _fire(self, timer: Wait) -> None:
        if timer.due is not None and timer.due.at > self._now:
            self._move(timer.due.at.astimezone(self._now.tzinfo))
        self._fired += 1
        if self._fired > MAX_COMPLETIONS:
            raise _Stuck(f"timers have fired {MAX_COMPLETIONS} times")
        self.instance.fire(timer.id)

    def _deliver(self) -> None:
        published = self.instance.journal.published
        while self._delivered < len(published):
            self._delivered += 1
            self._arrive(published[self._delivered - 1])

    def _arrive(self, thrown: Published) -> None:
        if thrown.kind is Occasion.MESSAGE:
            wait = self.instance.workflow.armed.message(thrown.name, thrown.correlation_key)
            if wait is not None:
                self.instance.occur(wait, thrown.variables)

    def _move(self, now: datetime) -> None:
        self._now = now
        self.instance.at(self._at(now))

    def _at(self, now: datetime) -> Environment:
        return replace(self._world(now), now=now)

    def _complete_rest(self, hold: frozenset[str]) -> None:
        for _ in range(MAX_COMPLETIONS):
            if not any(self._goes_on(one) for one in self._standing(hold)):
                return
            self._follow()
        if any(True for _ in self._standing(hold)):
            raise _Stuck(f"still waiting after {MAX_COMPLETIONS} completions")

    def _standing(self, hold: frozenset[str]) -> Iterator[ElementInstanceId]:
        return (one for one in self.instance.stands() if _element(one) not in hold)

    def _goes_on(self, instance: ElementInstanceId) -> bool:
        token = self.instance.workflow.places[instance]
        if not token.task_spec.patient:
            self.instance.complete(instance, {})
            return True
        own = [wait for wait in self.instance.workflow.armed.of(token) if wait.spec not in token.task_spec.boundaries]
        held = [wait for wait in own if wait.kind is not EventKind.CONDITIONAL]
        for wait in held[:1]:
            self.instance.workflow.armed.fired(wait)
            self.instance.occur(wait, {})
        return bool(held)


def _event_starts(process: ExecutableProcess) -> Iterator[tuple[str, str, object]]:
    """Start events of the process itself with the kind and fixed name of what they wait for, in document order."""
    for name, element in process.definition.elements.items():
        event = process.spec.task_specs[name].event
        if element.type == "startEvent" and event is not None and name not in process.spec.around:
            kind: EventKind = event.kind
            yield name, kind.value, event.name.constant if event.name is not None else None


def _throw(instance: LiveInstance, waits: ElementInstanceId, step: ScenarioStep) -> None:
    if instance.element(waits).type == "userTask":
        raise _Stuck(f"{step.target!r} is a user task; only a job fails with an error")
    try:
        instance.throw_error(waits, step.code, "", step.variables)
    except Refused as problem:
        if problem.code != "error.not_caught":
            raise
        instance.fail(waits)
        raise _Stuck(f"the job of {step.target} failed with {step.code!r}, and nothing catches that") from problem


def _with(key: str | None) -> str:
    return "" if key is None else f" with the correlation key {key!r}"


def _outcome(instance: LiveInstance, waits: ElementInstanceId, step: ScenarioStep) -> dict[str, object]:
    if step.outcome is None:
        return {}
    element = instance.element(waits)
    known = [outcome.code for outcome in element.outcomes]
    if step.outcome not in known:
        raise _Stuck(f"{element.id} has no outcome {step.outcome!r}; it has {', '.join(known) or 'none'}")
    return {element.result_variable or f"{element.id}_outcome": step.outcome}


def _mark_failed(instance: LiveInstance, element: str) -> None:
    """Tell which element could not do its work, if it had been activated."""
    for token in instance.workflow.tasks.values():
        if token.task_spec.name == element and token.instance is not None and not token.whole_loop:
            instance.journal.failed(token.task_spec.definition, token.instance)
            return


def _element(instance: str) -> str:
    return instance.rpartition("#")[0]
