"""A process instance in memory: made or restored, moved on, and written down as a `Step`.

`interpreter` uses one for a single step. Whoever keeps one for several steps must drop it on any error, because it
may then be half advanced, and must be the only one who holds it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NoReturn

from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ElementDefinition
from engine.model.errors import Broken, Conflict, NotFound
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Step, WaitingJob, WaitingUserTask
from engine.runtime import values
from engine.runtime.changes import NOTHING, scope_row, token_row
from engine.runtime.delta import dump as dump_delta
from engine.runtime.delta import fold
from engine.runtime.delta import read as read_delta
from engine.runtime.elements.token import Token
from engine.runtime.elements.workflow import TokenWorkflow
from engine.runtime.environment import Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.expressions import FeelEngine
from engine.runtime.journal import Journal
from engine.runtime.rebuilding import add_scope, add_token, follow
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
    def stands_at(self) -> tuple[ElementDefinition, ...]:
        """Elements at which user tasks or jobs wait, each once, in the order of the oldest that waits there."""
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

    def complete(self, instance: ElementInstanceId, variables: Mapping[str, object]) -> None:
        """Complete a user task or job and run on. Raises `Conflict` ``element.not_waiting``."""
        token = self._find(instance)
        token.results = values.normalise(variables)
        token.run()
        self.workflow.settle()

    def fail(self, instance: ElementInstanceId) -> None:
        """A job fails with an error that nothing in the process catches. Raises as `complete` does."""
        token = self._find(instance)
        self.journal.failed(token.task_spec.definition, instance, self.workflow.called_at(token.scope)[0])

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
            )
        )

    def _find(self, instance: ElementInstanceId) -> Token:
        token = self.workflow.places.get(instance)
        if token is not None and self._waits(token):
            return token
        raise Conflict(
            "element.not_waiting", f"{instance} does not wait (any more).", params={"element": str(instance)}
        )

    def _waits(self, token: Token) -> bool:
        return bool(token.task_spec.manual and token.state == TaskState.READY and not token.whole_loop)


def begin(
    process: ExecutableProcess, variables: Mapping[str, object], env: Environment, *, start_event: str | None = None
) -> LiveInstance:
    """A new instance, run on to its first wait states. See `interpreter.start`."""
    instance = prepare(process, variables, env)
    launch(instance, start_event)
    return instance


def prepare(process: ExecutableProcess, variables: Mapping[str, object], env: Environment) -> LiveInstance:
    """A new instance in which nothing has happened yet; `launch` does."""
    instance = LiveInstance(process, env, variables=values.normalise(variables))
    for name in instance.variables:
        instance.workflow.changes.named("", name, NOTHING)
    return instance


def launch(instance: LiveInstance, start_event: str | None = None) -> None:
    """Start what `prepare` has made. If it raises, `journal` still tells how far it came."""
    workflow = instance.workflow
    workflow.begin(workflow.root, instance.process.spec, _firsts(instance.process, start_event))
    workflow.settle()


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
    instance.workflow.changes.clear()
    return instance


def _firsts(process: ExecutableProcess, start_event: str | None) -> tuple[str, ...]:
    firsts: tuple[str, ...] = process.spec.firsts[process.definition.process_id]
    if start_event is None:
        return firsts
    if start_event not in process.definition.starts:
        raise NotFound("start_event.unknown", f"There is no start event {start_event}.", params={"id": start_event})
    return (start_event,)
