"""One step of a process instance: state in, `Step` out. Pure; SpiffWorkflow runs behind it and never leaves.

Nothing is kept between two calls. If a call raises, nothing has happened: the caller still has the old bytes.
"""

from collections.abc import Mapping

from engine.model.errors import Detail, Invalid, NotFound
from engine.model.ids import ElementInstanceId
from engine.model.transitions import InnerScope, Step
from engine.runtime import gate, live
from engine.runtime.activities import run_time_expressions
from engine.runtime.environment import Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.expressions import compile_all
from engine.runtime.parser import specification
from engine.runtime.state import ScopeRow, read

__all__ = ["ExecutableProcess", "complete", "load", "scopes", "start", "variables", "visible"]


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
            compiled = compile_all(x.text for x in run_time_expressions(drawn))
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
    return live.begin(process, variables, env, start_event=start_event).step()


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
    return instance_alive.step()


def variables(state: bytes) -> Mapping[str, object]:
    """All variables of a stored instance at its root scope, a copy."""
    return read(state).variables


def scopes(state: bytes) -> tuple[InnerScope, ...]:
    """The inner scopes of a stored instance, copies, outer ones first."""
    return tuple(
        InnerScope(
            id=row.id,
            parent=row.parent,
            variables=row.variables,
            process_id=row.process[0] if row.process else "",
            digest=row.process[1] if row.process else "",
        )
        for row in read(state).scopes
    )


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


def _around(scopes: Mapping[str, ScopeRow], row: ScopeRow) -> ScopeRow | None:
    return scopes.get(row.parent)
