"""A case goes back: what came of an earlier user task is taken away, and one token stands there again.

Corrects: SpiffWorkflow's `reset_from_task_id` erases history, leaves armed timers behind, revives only one of several
branches, and crashes inside subprocesses (trials/runtime/stepback.py). Here nothing is erased: what waited is
terminated as when a case is cancelled, with its timers, jobs and subscriptions, and the node is visited once more.
Variables keep their values: what people have entered is corrected, not forgotten.
"""

from dataclasses import dataclass

from engine.model.errors import Refused
from engine.model.ids import ElementId
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.elements.workflow import TokenWorkflow
from engine.runtime.returning import Branches, Graph, Map
from engine.runtime.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A way back that can be taken. gone: the tokens that go with it, oldest first. direct: whether the case may come
    straight back afterwards, because nothing else goes.
    """

    target: TokenSpec
    scope: Scope
    gone: tuple[Token, ...]
    direct: bool


def targets(token: Token) -> tuple[ElementId, ...]:
    """User tasks to which the case may be sent back from here: those of the drawing that were visited already."""
    counters = token.workflow.journal.counters
    return tuple(ElementId(name) for name in _map(token).targets(token.task_spec.name) if counters.get(name))


def plan(token: Token, target: str) -> Return:
    """What a return would take away. Raises `Refused` ``return.not_possible``, `Refused` ``return.unclear``."""
    drawing = _map(token)
    if target not in targets(token):
        raise Refused(
            "return.not_possible",
            f"From {token.task_spec.name} the case cannot be sent back to {target}: it has not been there, or it is "
            "not before it on the same branch.",
            params={"element": token.task_spec.name, "target": target},
        )
    container = drawing.around[target]
    at = _standing(token, drawing, container)
    graph = drawing.graph(container)
    within = graph.place(target).within
    gone = tuple(one for one in at.scope.tokens.values() if _derives(one, within, graph))
    alone = gone == (at,) and graph.place(at.task_spec.name) == graph.place(target)
    plain = target != at.task_spec.name and at.task_spec.name == token.task_spec.name
    spec: TokenSpec = token.task_spec.siblings.task_specs[target]
    return Return(target=spec, scope=at.scope, gone=gone, direct=alone and plain and spec.activity.loop is None)


def go(workflow: TokenWorkflow, way: Return) -> None:
    """Take it: terminate what goes, put a token at the target, and run on to the next wait states."""
    for token in way.gone:
        token.cancel()
    put(workflow, way.target, way.scope)
    workflow.settle()


def put(workflow: TokenWorkflow, spec: TokenSpec, scope: Scope) -> None:
    """A token arrives at an element without a flow."""
    token = Token(workflow, spec, scope=scope)
    spec._update(token)


def _map(token: Token) -> Map:
    found: Map = token.task_spec.siblings.returns
    return found


def _standing(token: Token, drawing: Map, container: str) -> Token:
    """The token in the scope of a container that waits for this one, or it itself: no instance of a loop."""
    at = token
    while drawing.around[at.task_spec.name] != container or at.inner:
        at = at.scope.owner
    return at


def _derives(token: Token, within: Branches, graph: Graph) -> bool:
    """Whether a token stands in all these branches, or beyond. Raises Refused where the drawing leaves that open."""
    if not within:
        return True
    name = token.flow if token.instance is None and token.flow else token.task_spec.name
    place = graph.place(name)
    if within <= place.within:
        return True
    if within <= place.maybe:
        raise Refused(
            "return.unclear",
            f"It cannot be told which branch stands at {token.task_spec.name}, so nothing may be sent back there now.",
            params={"element": token.task_spec.name},
        )
    return False
