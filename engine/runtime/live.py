"""A process instance in memory: made or restored, moved on, and written down as a `Step`.

`interpreter` uses one for a single step. Whoever keeps one for several steps must drop it on any error, because it
may then be half advanced, and must be the only one who holds it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ElementDefinition
from engine.model.errors import Broken, Conflict, Refused
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import Step, Subscription, WaitingJob, WaitingTimer, WaitingUserTask
from engine.runtime import rewinding, values
from engine.runtime.changes import scope_row, token_row, wait_row
from engine.runtime.delta import dump as dump_delta
from engine.runtime.delta import fold
from engine.runtime.delta import read as read_delta
from engine.runtime.elements.events import propagation
from engine.runtime.elements.events.waits import Wait
from engine.runtime.elements.job import JobTask
from engine.runtime.elements.parallel_gateway import consume
from engine.runtime.elements.token import Token
from engine.runtime.elements.workflow import TokenWorkflow
from engine.runtime.environment import Environment
from engine.runtime.events import EventKind
from engine.runtime.executable import ExecutableProcess, firsts
from engine.runtime.expressions import FeelEngine
from engine.runtime.journal import Journal
from engine.runtime.rebuilding import add_scope, add_token, add_wait, follow
from engine.runtime.scopes import Scope, put
from engine.runtime.state import State, dump, read


def _asleep(*_: object) -> NoReturn:
    raise RuntimeError("an instance that rests was moved; `at` gives it a world")


_NO_WORLD = Environment(now=datetime.min.replace(tzinfo=UTC), decide=_asleep, judge=_asleep, call=_asleep)


class LiveInstance:
    """One instance. `journal` holds what happened since the last `step`."""

    def __init__(
        self,
        process: ExecutableProcess,
        env: Environment,
        *,
        variables: Mapping[str, object],
        counters: Mapping[str, int] | None = None,
        serial: int = 0,
    ) -> None:
        self.process = process
        self.journal = Journal(counters=dict(counters or {}))
        self.workflow = TokenWorkflow(
            process.spec,
            engine=FeelEngine(env.now),
            world=env,
            journal=self.journal,
            variables=variables,
            serial=serial,
        )

    @property
    def ended(self) -> bool:
        """No token is left."""
        return self.workflow.is_completed()

    @property
    def waiting(self) -> tuple[ElementInstanceId, ...]:
        """User tasks and jobs that wait, in order of activation."""
        return tuple(self.waits())

    def waits(self) -> Iterator[ElementInstanceId]:
        """As `waiting`, one after the other; the instance must not move meanwhile."""
        return (t.instance for t in self.workflow.tasks.values() if self._waits(t))

    @property
    def standing(self) -> tuple[ElementInstanceId, ...]:
        """As `waiting`, with those who wait for an event: catch events, receive tasks, event-based gateways."""
        return tuple(self.stands())

    def stands(self) -> Iterator[ElementInstanceId]:
        """As `standing`, one after the other, as `waits` does."""
        return (t.instance for t in self.workflow.tasks.values() if self._waits(t) or _listens(t))

    @property
    def stuck(self) -> tuple[str, ...]:
        """Joins before which tokens wait for ever: nothing is waited for that could move one. Else empty."""
        if self.ended or next(iter(self.workflow.armed), None) is not None or next(self.stands(), None) is not None:
            return ()
        held = (token for token in self.workflow.tasks.values() if token.state == TaskState.WAITING)
        return tuple(dict.fromkeys(token.task_spec.name for token in held))

    @property
    def starved(self) -> tuple[ElementDefinition, ElementInstanceId, tuple[str, str]] | None:
        """Of an instance that is `stuck` the first join, an id for the place before it, and its called process."""
        if not self.stuck:
            return None
        token = next(token for token in self.workflow.tasks.values() if token.state == TaskState.WAITING)
        name = token.task_spec.name
        return token.task_spec.definition, ElementInstanceId(f"{name}@0"), self.workflow.called_at(token.scope)

    def let_through(self) -> None:
        """The join of `starved` goes on with the tokens that stand before it, one a flow. Raises as `complete`."""
        held = [token for token in self.workflow.tasks.values() if token.state == TaskState.WAITING and self.stuck]
        if not held:
            raise Conflict("element.not_waiting", "No join is starved (any more).", params={"element": ""})
        before = self.workflow.waiting_before(held[0].scope, held[0].task_spec.name)
        first = {token.flow: token for token in reversed(before)}
        consume([token for token in first.values() if token is not before[0]])
        before[0]._ready()
        self.workflow.settle()

    def launch(self, variables: Mapping[str, object], start_event: str | None = None) -> None:
        """Start it, when nothing has happened yet. If it raises, `journal` still tells how far it came."""
        workflow, process = self.workflow, self.process
        names = firsts(process, start_event)
        first = process.spec.task_specs[names[0]]
        outputs = first.activity.outputs if start_event is not None else ()
        given = Scope(parent=workflow.root, variables=values.normalise(variables))
        for name, found in {} if outputs else given.variables.items():
            workflow.root.variables[name] = found
        for mapping in outputs:
            found = workflow.armed.value(first, mapping.source, given)
            put(workflow.root.variables, mapping.target, values.normalise({"": found})[""])
        workflow.begin(workflow.root, process.spec, process.definition.process_id, names)
        workflow.settle()

    @property
    def stands_at(self) -> tuple[ElementDefinition, ...]:
        """Elements at which somebody waits as in `standing`, each once, in the order of the oldest that waits there."""
        waits = self.workflow.waits
        return tuple(spec.definition for spec in sorted(waits, key=lambda spec: next(iter(waits[spec]))))

    def element(self, instance: ElementInstanceId) -> ElementDefinition:
        """The definition of a user task or job that waits. Raises as `complete` does."""
        found: ElementDefinition = self._find(instance).task_spec.definition
        return found

    @property
    def variables(self) -> Mapping[str, object]:
        """Those of the root scope, not a copy."""
        return self.workflow.root.variables

    def visible(self, instance: ElementInstanceId) -> dict[str, object]:
        """All variables that a waiting user task or job sees, as `interpreter.visible`. Raises as `complete` does."""
        return dict(self._find(instance).seen.visible())

    def complete(self, instance: ElementInstanceId, variables: Mapping[str, object], onward: str = "") -> None:
        """Complete a user task or job and run on. Raises `Conflict` ``element.not_waiting``.

        onward: the element to which the case goes straight instead of along the drawing, as `Return.direct` allowed.
        """
        token = self._find(instance)
        token.results = values.normalise(variables)
        token.onward = onward
        token.run()
        self.workflow.settle()

    def returns(self, instance: ElementInstanceId) -> tuple[ElementId, ...]:
        """User tasks to which the case may be sent back from where this one waits. Raises as `complete` does."""
        return rewinding.targets(self._find(instance))

    def send_back(self, instance: ElementInstanceId, target: str, *, direct: bool = False) -> None:
        """Send the case back from a waiting user task to an earlier one and run on. See `engine.runtime.rewinding`.

        direct: it is to come straight back. Raises `Refused` ``return.not_possible``, ``return.unclear``, and
        ``return.not_direct`` when other branches would be lost on the way.
        """
        way = rewinding.plan(self._find(instance), target)
        if direct and not way.direct:
            raise Refused(
                "return.not_direct",
                f"From {target} the case cannot come straight back: what stood beside it would be lost.",
                params={"target": target},
            )
        rewinding.go(self.workflow, way)

    def awaited(self, instance: ElementInstanceId) -> tuple[ElementDefinition, tuple[str, str]]:
        """The event of a timer or subscription, with id and digest of the called process it belongs to, if to one.

        Raises `Conflict` ``element.not_waiting``.
        """
        wait = self.workflow.armed.find(instance)
        element: ElementDefinition = wait.spec.definition
        around = wait.holder if isinstance(wait.holder, Scope) else wait.holder.scope
        return element, self.workflow.called_at(around)

    def put_variables(
        self, variables: Mapping[str, object], instance: ElementInstanceId | None = None, *, local: bool = False
    ) -> None:
        """Set variables as whoever stands at a waiting element sees them, or the instance's own; conditions are looked
        at. local: in the innermost scope, instead of each where it is declared. Raises as `complete` does.
        """
        scope = self._find(instance).seen if instance is not None else self.workflow.root
        found = values.normalise(variables)
        if local:
            for name, value in found.items():
                scope.variables[name] = value
        else:
            scope.merge(found)
        self.workflow.settle()

    def due_at(self, instance: ElementInstanceId) -> datetime:
        """When a timer is due. Raises `Conflict` ``element.not_waiting``."""
        due = self.workflow.armed.find(instance, EventKind.TIMER).due
        if due is None:
            raise TypeError("a timer without a due time")
        return due.at

    def fire(self, instance: ElementInstanceId) -> None:
        """A timer is due: let its event occur and run on. See `interpreter.fire`."""
        wait = self.workflow.armed.find(instance, EventKind.TIMER)
        now = self.workflow.world.now
        if wait.due is not None and wait.due.at > now:
            raise Conflict(
                "timer.not_due",
                f"The timer {instance} is due at {wait.due.at.isoformat()} only.",
                params={"element": str(instance), "due_at": wait.due.at.isoformat()},
            )
        self.workflow.armed.fired(wait)
        self.occur(wait, {})

    def correlate(self, instance: ElementInstanceId, variables: Mapping[str, object]) -> None:
        """A message has reached its subscription. See `interpreter.correlate`."""
        self.occur(self.workflow.armed.find(instance, EventKind.MESSAGE), variables)

    def signal(self, name: str, variables: Mapping[str, object], among: Collection[str] | None = None) -> None:
        """A signal reaches whoever waits for it now, or those of them that are `among`. See `interpreter.signal`."""
        armed = self.workflow.armed
        found = [wait for wait in armed.signals(name) if among is None or wait.id in among]
        if not found:
            raise Conflict(
                "element.not_waiting", f"Nothing waits for the signal {name} (any more).", params={"element": name}
            )
        for wait in found:
            if armed.has(wait):
                wait.spec.occur(self.workflow, wait.holder, values.normalise(variables))
        self.workflow.settle()

    def throw_error(
        self, instance: ElementInstanceId, code: str, message: str, variables: Mapping[str, object]
    ) -> None:
        """A job ends with a BPMN error. See `interpreter.throw_error`."""
        token = self._job(instance)
        caught = propagation.catcher(self.workflow, EventKind.ERROR, code, token)
        if caught is None:
            raise propagation.not_caught(token.task_spec.name, code)
        results = propagation.payload(caught, EventKind.ERROR, code, message, values.normalise(variables))
        self.workflow.later(caught, results)
        self.workflow.settle()

    def fail(self, instance: ElementInstanceId) -> None:
        """A job cannot be done; it goes on waiting. Raises as `complete` does. See `interpreter.fail`."""
        token = self._job(instance)
        self.journal.failed(token.task_spec.definition, instance, self.workflow.called_at(token.scope)[0])

    def cancel(self) -> None:
        """End it where it stands. See `interpreter.cancel`."""
        self.workflow.cancel_others(self.workflow.root, None)
        self.workflow.settle()

    def postpone(self, pause: timedelta) -> None:
        """It stood still for a while. See `interpreter.postpone`."""
        self.workflow.armed.postpone(pause)

    def occur(self, wait: Wait, variables: Mapping[str, object]) -> None:
        """Let an event that is waited for occur, and run on."""
        wait.spec.occur(self.workflow, wait.holder, values.normalise(variables))
        self.workflow.settle()

    def at(self, env: Environment) -> None:
        """Go on in another world, at another time."""
        self.workflow.world = env
        self.workflow.script_engine = FeelEngine(env.now)

    def follow(self, deltas: Iterable[bytes]) -> None:
        """Catch up with steps that were made elsewhere. Raises `Broken` when they do not fit; then it is of no use."""
        for delta in map(read_delta, deltas):
            follow(self.workflow, delta, self.workflow.world)
            self.journal.counters |= delta.counters

    def rest(self) -> None:
        """Let go of the world, for an instance that stays in memory. It moves again after `at`."""
        self.at(_NO_WORLD)

    def step(self) -> Step:
        """What has happened since the last one, without the whole state. The journal begins anew."""
        journal, self.journal = self.journal, Journal(counters=self.journal.counters)
        workflow = self.workflow
        workflow.journal = self.journal
        counters = {name: journal.counters[name] for name in journal.counted}
        changes = workflow.changes
        changed, opened, left = changes.variables(workflow.root, workflow.scopes), changes.inner, changes.left
        delta = dump_delta(changes.delta(workflow.root, workflow.scopes, counters))
        changes.clear()
        return Step(
            delta=delta,
            variables=workflow.root.variables,
            changed=changed,
            opened=opened,
            left=left,
            transitions=tuple(journal.transitions),
            waiting=tuple(w for w in journal.waiting.values() if isinstance(w, WaitingUserTask)),
            closed=tuple(journal.closed),
            decisions=tuple(journal.decisions),
            judgements=tuple(journal.judgements),
            ended=self.ended,
            stands_at=self.stands_at,
            jobs=tuple(w for w in journal.waiting.values() if isinstance(w, WaitingJob)),
            timers=tuple(w for w in journal.armed.values() if isinstance(w, WaitingTimer)),
            subscriptions=tuple(w for w in journal.armed.values() if isinstance(w, Subscription)),
            published=tuple(journal.published),
        )

    def snapshot(self) -> bytes:
        """The whole state, for `restore`. Take it after `step`."""
        return dump(
            State(
                process_id=self.process.definition.process_id,
                digest=self.process.definition.digest,
                variables=self.workflow.root.variables,
                counters=self.journal.counters,
                serial=self.workflow.changes.serial,
                tokens=tuple(token_row(token) for token in self.workflow.tasks.values()),
                scopes=tuple(scope_row(scope) for scope in self.workflow.scopes.values()),
                waits=tuple(wait_row(wait) for wait in self.workflow.armed),
            )
        )

    def _find(self, instance: ElementInstanceId) -> Token:
        token = self.workflow.places.get(instance)
        if token is not None and self._waits(token):
            return token
        raise Conflict(
            "element.not_waiting", f"{instance} does not wait (any more).", params={"element": str(instance)}
        )

    def _job(self, instance: ElementInstanceId) -> Token:
        token = self._find(instance)
        if isinstance(token.task_spec, JobTask):
            return token
        raise Conflict("element.not_waiting", f"{instance} is no job.", params={"element": str(instance)})

    def _waits(self, token: Token) -> bool:
        return bool(token.task_spec.manual and token.state == TaskState.READY and not token.whole_loop)


def begin(
    process: ExecutableProcess, variables: Mapping[str, object], env: Environment, *, start_event: str | None = None
) -> LiveInstance:
    """A new instance, run on to its first wait states. See `interpreter.start`."""
    instance = LiveInstance(process, env, variables={})
    instance.launch(variables, start_event)
    return instance


def openings(
    process: ExecutableProcess, env: Environment, fired: Mapping[str, int]
) -> tuple[WaitingTimer | Subscription, ...]:
    """See `interpreter.openings`."""
    workflow = LiveInstance(process, env, variables={}).workflow
    for name, element in process.definition.elements.items():
        spec = process.spec.task_specs[name]
        if element.type == "startEvent" and spec.event is not None and name not in process.spec.around:
            workflow.armed.arm(spec, workflow.root, ElementInstanceId(f"{name}@0"), fired=fired.get(name, 0))
    return tuple(workflow.journal.armed.values())


def restore(process: ExecutableProcess, state: bytes, env: Environment, deltas: Iterable[bytes] = ()) -> LiveInstance:
    """An instance as it was stored, with the steps since. Raises `Broken` for another definition's state."""
    stored = fold(read(state), map(read_delta, deltas))
    if (stored.process_id, stored.digest) != (process.definition.process_id, process.definition.digest):
        raise Broken("runtime.other_definition", "The instance belongs to another process definition.")
    instance = LiveInstance(process, env, variables=stored.variables, counters=stored.counters, serial=stored.serial)
    for row in stored.scopes:
        add_scope(instance.workflow, row, env)
    for one in stored.tokens:
        add_token(instance.workflow, one)
    for wait in stored.waits:
        add_wait(instance.workflow, wait)
    instance.workflow.changes.clear()
    return instance


def _listens(token: Token) -> bool:
    return bool(token.task_spec.patient and token.state == TaskState.STARTED and not token.whole_loop)
