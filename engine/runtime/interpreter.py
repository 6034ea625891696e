"""One step of a process instance: state in, `Step` out. Pure; SpiffWorkflow runs behind it and never leaves.

Nothing is kept between two calls. If a call raises, nothing has happened: the caller still has the old bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.model.definitions import ProcessDefinition
from engine.model.errors import Broken, Conflict, Detail, Invalid, NotFound
from engine.model.ids import ElementInstanceId
from engine.model.transitions import Step
from engine.runtime import gate, values
from engine.runtime.dialect import run_time_expressions
from engine.runtime.elements.token import Token
from engine.runtime.elements.workflow import TokenWorkflow
from engine.runtime.environment import Environment
from engine.runtime.expressions import FeelEngine, compile_all
from engine.runtime.journal import Journal
from engine.runtime.parser import specification
from engine.runtime.state import State, TokenRow, dump, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutableProcess:
    """A process ready to run. Immutable: cache it by `definition.digest` and share it between threads."""

    definition: ProcessDefinition
    spec: Any = field(repr=False)
    expressions: Mapping[str, Any] = field(repr=False)


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
            return ExecutableProcess(
                definition=definition,
                spec=specification(definition, drawn),
                expressions=compile_all(x.text for x in run_time_expressions(drawn)),
            )
    raise NotFound("process.unknown", f"The file has no process {process_id}.", params={"process": process_id})


def start(process: ExecutableProcess, variables: Mapping[str, object], env: Environment) -> Step:
    """A new instance, run on to its first wait states."""
    workflow = _workflow(process, values.normalise(variables), {}, env)
    first = Token(workflow, process.spec.task_specs[process.spec.first])
    first.task_spec._update(first)
    workflow.settle()
    return _step(process, workflow)


def complete(
    process: ExecutableProcess,
    state: bytes,
    instance: ElementInstanceId,
    variables: Mapping[str, object],
    env: Environment,
) -> Step:
    """Complete a waiting user task: merge `variables` at the root (a key replaces, nothing is deleted), run on.

    Raises `Conflict` ``element.not_waiting``, and `Refused` as conditions, assignments and decisions do.
    """
    workflow = _restore(process, state, env)
    waiting = [t for t in workflow.tasks.values() if t.instance == instance and t.state == TaskState.READY]
    if not waiting:
        raise Conflict(
            "element.not_waiting", f"{instance} does not wait (any more).", params={"element": str(instance)}
        )
    workflow.data.update(values.normalise(variables))
    waiting[0].run()
    workflow.settle()
    return _step(process, workflow)


def variables(state: bytes) -> Mapping[str, object]:
    """All variables of a stored instance, a copy."""
    return read(state).variables


def _workflow(
    process: ExecutableProcess, variables: dict[str, object], counters: dict[str, int], env: Environment
) -> TokenWorkflow:
    engine = FeelEngine(process.expressions, variables, env.now)
    workflow = TokenWorkflow(process.spec, engine=engine, world=env, journal=Journal(counters=counters))
    workflow.data = variables
    return workflow


def _restore(process: ExecutableProcess, state: bytes, env: Environment) -> TokenWorkflow:
    stored = read(state)
    if (stored.process_id, stored.digest) != (process.definition.process_id, process.definition.digest):
        raise Broken("runtime.other_definition", "The instance belongs to another process definition.")
    workflow = _workflow(process, dict(stored.variables), dict(stored.counters), env)
    for row in stored.tokens:
        Token(
            workflow,
            process.spec.task_specs[row.element],
            flow=row.flow,
            instance=ElementInstanceId(row.instance) if row.instance else None,
            state=TaskState.READY if row.instance else TaskState.WAITING,
        )
    return workflow


def _step(process: ExecutableProcess, workflow: TokenWorkflow) -> Step:
    journal = workflow.journal
    after = State(
        process_id=process.definition.process_id,
        digest=process.definition.digest,
        variables=workflow.data,
        counters=journal.counters,
        tokens=tuple(
            TokenRow(element=token.task_spec.name, instance=token.instance, flow=token.flow)
            for token in workflow.tasks.values()
        ),
    )
    return Step(
        state=dump(after),
        variables=workflow.data,
        transitions=tuple(journal.transitions),
        waiting=tuple(journal.waiting.values()),
        closed=tuple(journal.closed),
        decisions=tuple(journal.decisions),
        judgements=tuple(journal.judgements),
        ended=workflow.is_completed(),
    )
