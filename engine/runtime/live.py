"""A process instance in memory: made or restored, moved on, and written down as a `Step`.

`interpreter` uses one for a single step. Whoever keeps one for several steps must drop it on any error, because it
may then be half advanced, and must be the only one who holds it.
"""

from collections.abc import Iterator, Mapping

from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ElementDefinition
from engine.model.errors import Broken, Conflict, NotFound, Refused
from engine.model.ids import Digest, ElementInstanceId
from engine.model.transitions import InnerScope, Step, WaitingJob, WaitingUserTask
from engine.runtime import values
from engine.runtime.elements.token import Token
from engine.runtime.elements.workflow import TokenWorkflow
from engine.runtime.environment import CalledProcess, Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.expressions import FeelEngine
from engine.runtime.journal import Journal
from engine.runtime.scopes import Scope
from engine.runtime.state import ScopeRow, State, TokenRow, dump, read


class LiveInstance:
    """One instance. `journal` holds what happened since the last `step`."""

    def __init__(
        self, process: ExecutableProcess, variables: dict[str, object], counters: dict[str, int], env: Environment
    ) -> None:
        self.process = process
        self.journal = Journal(counters=counters)
        self.workflow = TokenWorkflow(
            process.spec, engine=FeelEngine(env.now), world=env, journal=self.journal, variables=variables
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

    def element(self, instance: ElementInstanceId) -> ElementDefinition:
        """The definition of a user task or job that waits. Raises as `complete` does."""
        found: ElementDefinition = self._find(instance).task_spec.definition
        return found

    @property
    def variables(self) -> Mapping[str, object]:
        """Those of the root scope."""
        return self.workflow.root.variables

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

    def step(self) -> Step:
        """What has happened, and the state after it. The journal begins anew."""
        journal, self.journal = self.journal, Journal(counters=self.journal.counters)
        self.workflow.journal = self.journal
        return Step(
            state=dump(self._state()),
            variables=self.workflow.root.variables,
            transitions=tuple(journal.transitions),
            waiting=tuple(w for w in journal.waiting.values() if isinstance(w, WaitingUserTask)),
            closed=tuple(journal.closed),
            decisions=tuple(journal.decisions),
            judgements=tuple(journal.judgements),
            ended=self.ended,
            jobs=tuple(w for w in journal.waiting.values() if isinstance(w, WaitingJob)),
            scopes=tuple(_inner(scope) for scope in self.workflow.scopes.values()),
        )

    def _find(self, instance: ElementInstanceId) -> Token:
        for token in self.workflow.tasks.values():
            if token.instance == instance and self._waits(token):
                return token  # type: ignore[no-any-return] # SpiffWorkflow has no types
        raise Conflict(
            "element.not_waiting", f"{instance} does not wait (any more).", params={"element": str(instance)}
        )

    def _waits(self, token: Token) -> bool:
        return bool(token.task_spec.manual and token.state == TaskState.READY and not token.whole_loop)

    def _state(self) -> State:
        return State(
            process_id=self.process.definition.process_id,
            digest=self.process.definition.digest,
            variables=self.workflow.root.variables,
            counters=self.journal.counters,
            tokens=tuple(
                TokenRow(element=t.task_spec.name, instance=t.instance, flow=t.flow, scope=t.scope.id)
                for t in self.workflow.tasks.values()
            ),
            scopes=tuple(
                ScopeRow(
                    id=scope.id,
                    parent=scope.parent.id if scope.parent is not None else "",
                    variables=scope.variables,
                    index=scope.index,
                    process=scope.process,
                    rounds=scope.rounds,
                    written=tuple(sorted(scope.written)),
                )
                for scope in self.workflow.scopes.values()
            ),
        )


def begin(
    process: ExecutableProcess, variables: Mapping[str, object], env: Environment, *, start_event: str | None = None
) -> LiveInstance:
    """A new instance, run on to its first wait states. See `interpreter.start`."""
    instance = prepare(process, variables, env)
    launch(instance, start_event)
    return instance


def prepare(process: ExecutableProcess, variables: Mapping[str, object], env: Environment) -> LiveInstance:
    """A new instance in which nothing has happened yet; `launch` does."""
    return LiveInstance(process, values.normalise(variables), {}, env)


def launch(instance: LiveInstance, start_event: str | None = None) -> None:
    """Start what `prepare` has made. If it raises, `journal` still tells how far it came."""
    workflow = instance.workflow
    workflow.begin(workflow.root, instance.process.spec, _firsts(instance.process, start_event))
    workflow.settle()


def restore(process: ExecutableProcess, state: bytes, env: Environment) -> LiveInstance:
    """An instance as it was stored. Raises `Broken` for another definition's state."""
    stored = read(state)
    if (stored.process_id, stored.digest) != (process.definition.process_id, process.definition.digest):
        raise Broken("runtime.other_definition", "The instance belongs to another process definition.")
    instance = LiveInstance(process, dict(stored.variables), dict(stored.counters), env)
    workflow = instance.workflow
    for row in stored.scopes:
        workflow.open_scope(
            Scope(
                id=row.id,
                parent=_scope(workflow, row.parent),
                variables=dict(row.variables),
                index=row.index,
                rounds=row.rounds,
                written=set(row.written),
                process=(row.process[0], Digest(row.process[1])) if row.process else None,
                spec=_called(row.process, env).spec if row.process else None,
            )
        )
    for one in stored.tokens:
        _token(workflow, one)
    return instance


def _firsts(process: ExecutableProcess, start_event: str | None) -> tuple[str, ...]:
    firsts: tuple[str, ...] = process.spec.firsts[process.definition.process_id]
    if start_event is None:
        return firsts
    if start_event not in process.definition.starts:
        raise NotFound("start_event.unknown", f"There is no start event {start_event}.", params={"id": start_event})
    return (start_event,)


def _inner(scope: Scope) -> InnerScope:
    process_id, digest = scope.process or ("", "")
    parent = scope.parent.id if scope.parent is not None else ""
    return InnerScope(id=scope.id, parent=parent, variables=scope.variables, process_id=process_id, digest=digest)


def _scope(workflow: TokenWorkflow, name: str) -> Scope:
    return workflow.scopes[name] if name else workflow.root


def _called(process: tuple[str, str], env: Environment) -> ExecutableProcess:
    called = env.call(CalledProcess(process_id=process[0], digest=Digest(process[1])))
    if called.definition.digest != process[1]:
        raise Refused(
            "process.not_called",
            f"The definition of {process[0]!r} with which the instance began is not there.",
            params={"process": process[0]},
        )
    return called


def _token(workflow: TokenWorkflow, row: TokenRow) -> None:
    scope = _scope(workflow, row.scope)
    at = scope
    while at.spec is None and at.parent is not None:
        at = at.parent
    own = [workflow.scopes[name] for name in (row.instance, f"{row.instance}>") if name in workflow.scopes]
    spec = at.spec.task_specs[row.element]
    whole_loop = spec.activity.loop is not None and scope.rounds is None
    state = TaskState.WAITING
    if row.instance:
        state = TaskState.READY if spec.manual and not whole_loop else TaskState.STARTED
    instance = ElementInstanceId(row.instance) if row.instance else None
    token = Token(workflow, spec, scope=scope, flow=row.flow, instance=instance, state=state)
    for one in own:
        one.owner = token
