"""Putting scopes and tokens back into an instance: all of a stored state, or only what a step elsewhere has changed."""

from SpiffWorkflow.util.task import TaskState

from engine.model.errors import Broken, Refused
from engine.model.ids import Digest, ElementInstanceId
from engine.runtime.delta import Delta, going_on
from engine.runtime.elements.events.waits import Wait
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.elements.workflow import TokenProcessSpec, TokenWorkflow
from engine.runtime.environment import CalledProcess, Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.scopes import Scope
from engine.runtime.state import ScopeRow, TokenRow, WaitRow


def add_scope(workflow: TokenWorkflow, row: ScopeRow, env: Environment) -> None:
    """Outer scopes first. Raises `Refused` when the definition of a called process is not there any more."""
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


def add_token(workflow: TokenWorkflow, row: TokenRow) -> None:
    """A token at its place; its own scopes must be there."""
    scope = _scope(workflow, row.scope)
    spec = _process_of(scope).task_specs[row.element]
    token = Token(
        workflow,
        spec,
        scope=scope,
        flow=row.flow,
        instance=ElementInstanceId(row.instance) if row.instance else None,
        state=_state(spec, scope, row),
        number=row.number,
    )
    _own(workflow, token)


def add_wait(workflow: TokenWorkflow, row: WaitRow) -> None:
    """An event that is waited for; the token or scope that holds it must be there."""
    holder = workflow.places[ElementInstanceId(row.token)] if row.token is not None else None
    at = holder.scope if holder is not None else _scope(workflow, row.scope or "")
    workflow.armed.put(
        Wait(
            id=ElementInstanceId(row.id),
            spec=_process_of(at).task_specs[row.element],
            holder=at if holder is None else holder,
            name=row.name,
            key=row.key,
            due=row.due,
            met=row.met,
        )
    )


def follow(workflow: TokenWorkflow, delta: Delta, env: Environment) -> None:
    """Bring an instance at rest to where a step in another place has left it. Raises `Broken` when it does not fit."""
    try:
        for instance in delta.deaf:
            workflow.armed.drop(instance)
        for number in delta.gone:
            token = workflow.tasks[number]
            workflow.remove(token)
            token._state = TaskState.CANCELLED
        for scope_id in delta.closed:
            workflow.close_scope(scope_id)
        for opened in delta.opened:
            add_scope(workflow, opened, env)
        for row in delta.tokens:
            known = workflow.tasks.get(row.number)
            if known is None:
                add_token(workflow, row)
            else:
                _move(workflow, known, row)
        for wait in delta.waits:
            if not workflow.armed.renew(wait.id, wait.due, met=wait.met):
                add_wait(workflow, wait)
        _set(workflow, delta)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise Broken("runtime.state_damaged", "A stored step of the instance does not fit its state.") from error
    workflow.changes.serial = delta.serial
    workflow.changes.clear()


def _move(workflow: TokenWorkflow, token: Token, row: TokenRow) -> None:
    token._state = _state(token.task_spec, token.scope, row)
    if row.instance and token.instance is None:
        workflow.place(token, ElementInstanceId(row.instance))
    _own(workflow, token)


def _set(workflow: TokenWorkflow, delta: Delta) -> None:
    for scope_id, named in delta.variables.items():
        _scope(workflow, scope_id).variables.update(named)
    for scope_id, name, index, value in delta.items:
        entries = _scope(workflow, scope_id).variables[name]
        if not isinstance(entries, list):
            raise TypeError(f"{name} is no list")
        entries[index] = value
    for row in delta.touched:
        scope = workflow.scopes[row.id]
        scope.written, scope.rounds = set(row.written), going_on(scope.rounds, row.rounds)


def _state(spec: TokenSpec, scope: Scope, row: TokenRow) -> int:
    """Before a join, waiting for somebody, or while others work for it."""
    if not row.instance:
        return int(TaskState.WAITING)
    whole_loop = spec.activity.loop is not None and scope.rounds is None
    return int(TaskState.READY if spec.manual and not whole_loop else TaskState.STARTED)


def _own(workflow: TokenWorkflow, token: Token) -> None:
    for name in (token.instance, f"{token.instance}>"):
        if name in workflow.scopes:
            workflow.scopes[name].owner = token


def _process_of(scope: Scope) -> TokenProcessSpec:
    """The specification of the process that a scope belongs to."""
    at = scope
    while at.spec is None and at.parent is not None:
        at = at.parent
    found: TokenProcessSpec = at.spec
    return found


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
