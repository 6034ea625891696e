"""Multi-instance (parallel, sequential) and standard loops: one token waits for the whole, others are its instances.

Corrects: SpiffWorkflow copies the collection into each instance (1,000 instances: 9 MB), loses its place when an
instance is cancelled, and evaluates completion conditions in Python. Here the collection stays where it is; of a
sequential loop the items still to come are kept once.

The whole loop has a scope for its result list. Each instance has a scope with ``loopCounter`` (from 1), its item, and
the variable its result comes from. A completion condition may ask for numberOfInstances, numberOfActiveInstances,
numberOfCompletedInstances and numberOfTerminatedInstances.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeGuard

from engine.model.errors import Refused
from engine.model.ids import ElementInstanceId
from engine.runtime.activities import Loop
from engine.runtime.elements import votes
from engine.runtime.scopes import Rounds, Scope
from engine.runtime.values import normalise

MAX_INSTANCES = 20_000
UNBOUNDED = 2**53
"""Rounds of a standard loop without a loopMaximum: it ends when its condition is false, never in silence before."""

Token = Any
"""`engine.runtime.elements.token.Token`, which is made of what stands here."""


def enter(token: Token) -> bool | None:
    """The token of a whole loop begins. True: there is nothing to do."""
    loop: Loop = token.task_spec.activity.loop
    if loop.standard:
        rounds = Rounds(total=loop.maximum if loop.maximum is not None else UNBOUNDED)
        variables: dict[str, object] = {}
        if rounds.total == 0 or (loop.test_before and not _again(token, loop, 0, token.scope)):
            return True
    else:
        items = _items(token, loop)
        rounds = Rounds(total=len(items), items=items)
        votes.begin(token, rounds)
        variables = {loop.output_collection: [None] * len(items)} if loop.output_collection else {}
    scope = token.workflow.open_scope(
        Scope(id=token.instance, parent=token.scope, variables=variables, owner=token, rounds=rounds)
    )
    for _ in range(min(1, rounds.total) if loop.sequential else rounds.total):
        _spawn(token, scope)
    return None if rounds.total else True


def equip(token: Token) -> None:
    """Give one instance its own variables."""
    loop: Loop = token.task_spec.activity.loop
    local: Scope = token.make_local()
    local.index = token.index
    local.variables["loopCounter"] = token.index + 1
    if loop.output_variable:
        local.variables[loop.output_variable] = None
    if loop.element:
        local.variables[loop.element] = token.item


def advance(token: Token) -> None:
    """One instance has completed: keep its result, then the next one, the end, or just go on waiting."""
    scope: Scope = token.scope
    loop: Loop = token.task_spec.activity.loop
    rounds = _rounds(scope)
    token.workflow.changes.touched(scope)
    rounds.completed += 1
    rounds.last = str(token.instance)
    local: Scope = token.local
    results = scope.variables.get(loop.output_collection) if loop.output_collection else None
    if loop.output_element and isinstance(results, list) and local.index is not None:
        found = token.task_spec.evaluate(token, loop.output_element, local)
        token.workflow.changes.item(scope.id, loop.output_collection, local.index, results[local.index])
        results[local.index] = normalise({"": found})[""]
    if votes.cast(token, rounds, token.results.get(token.task_spec.definition.result_variable)):
        over = True
    elif loop.standard:
        over = rounds.started >= rounds.total or not _again(token, loop, rounds.completed, scope)
    else:
        over = loop.completion is not None and token.task_spec.is_true(
            token, loop.completion, "The completion condition", local, _numbers(rounds)
        )
    if over:
        rounds.stopped = True
        token.workflow.cancel_others(scope, token)
    elif loop.sequential and rounds.started < rounds.total:
        _spawn(scope.owner, scope)


def leave(token: Token) -> ElementInstanceId:
    """The whole loop is over: hand the list of results out. Gives the instance that tokens leave from."""
    loop: Loop = token.task_spec.activity.loop
    scope: Scope | None = token.local
    if loop.output_collection:
        results = scope.variables[loop.output_collection] if scope is not None else []
        token.scope.merge({loop.output_collection: results})
    if scope is not None and _rounds(scope).verdict:
        token.scope.merge({token.task_spec.definition.result_variable: _rounds(scope).verdict})
    last = _rounds(scope).last if scope is not None else ""
    return ElementInstanceId(last or f"{token.task_spec.name}#0")


def _spawn(token: Token, scope: Scope) -> None:
    rounds = _rounds(scope)
    token.workflow.changes.touched(scope)
    one = type(token)(token.workflow, token.task_spec, scope=scope)
    one.index = rounds.started
    if rounds.items is not None:
        one.item = rounds.items[rounds.started]
    rounds.started += 1
    if rounds.started == rounds.total:
        rounds.items = None
    one.task_spec._update(one)


def _rounds(scope: Scope | None) -> Rounds:
    if scope is None or scope.rounds is None:
        raise TypeError("not the scope of a loop")
    return scope.rounds


def _items(token: Token, loop: Loop) -> list[object]:
    text = loop.collection or loop.cardinality or ""
    found = token.task_spec.evaluate(token, text, token.scope)
    if loop.collection is None and _is_count(found):
        return list(range(1, int(found) + 1))
    if loop.collection is not None and isinstance(found, list) and len(found) <= MAX_INSTANCES:
        return [normalise({"": item})[""] for item in found]
    kind = f"a list of at most {MAX_INSTANCES}" if loop.collection else f"a whole number from 0 to {MAX_INSTANCES}"
    raise Refused(
        "expression.failed",
        f"The expression {text!r} at {token.task_spec.name} is not {kind}.",
        params={"element": token.task_spec.name, "expression": text, "reason": f"not {kind}"},
    )


def _is_count(found: object) -> TypeGuard[int | Decimal]:
    """A whole number of instances, also one that a division gave (`Decimal`); true is none though Python says so."""
    return (
        isinstance(found, int | Decimal)
        and not isinstance(found, bool)
        and 0 <= found <= MAX_INSTANCES
        and found == int(found)
    )


def _again(token: Token, loop: Loop, done: int, scope: Scope) -> bool:
    if loop.condition is None:
        return True
    known: Mapping[str, object] = {"loopCounter": done}
    answer: bool = token.task_spec.is_true(token, loop.condition, "The loop condition", scope, known)
    return answer


def _numbers(rounds: Rounds) -> Mapping[str, object]:
    return {
        "numberOfInstances": rounds.total,
        "numberOfActiveInstances": rounds.started - rounds.completed - rounds.terminated,
        "numberOfCompletedInstances": rounds.completed,
        "numberOfTerminatedInstances": rounds.terminated,
    }
