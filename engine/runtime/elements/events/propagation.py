"""Errors and escalations: from where they are thrown outwards, through subprocesses and calls, to who catches them.

BPMN 2.0.2, 10.5.7 and 13.5.2: the innermost handler whose code matches, else the innermost that catches every code; at
each level first the boundary events of the activity, then the event subprocesses of the scope around it. A scope that
an event subprocess has interrupted catches nothing any more. An event subprocess does not catch what it throws itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.errors import Refused
from engine.runtime.events import EventKind
from engine.runtime.scopes import Scope

CODE = "expression.failed"
"""The error code of a script or decision that fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """Who catches: a boundary event or the start of an event subprocess. holder: its activity's token or scope."""

    spec: Any
    holder: Any

    @property
    def interrupting(self) -> bool:
        """Whether what encloses the thrower ends."""
        return bool(self.spec.event.interrupting)


def catcher(workflow: Any, kind: EventKind, code: str, thrower: Any) -> Caught | None:
    """Who catches what a token throws; nobody if None. Boundary events of the thrower itself come first."""
    token = thrower
    while token is not None:
        if not token.inner:
            found = _matching(workflow, token.task_spec.boundaries, kind, code, token.seen)
            if found is not None:
                return Caught(spec=found, holder=token)
        scope: Scope = token.scope
        if not _interrupted(scope):
            starts = [start for start in handlers(scope) if start.siblings.around[start.name] != token.task_spec.name]
            found = _matching(workflow, starts, kind, code, scope)
            if found is not None:
                return Caught(spec=found, holder=scope)
        token = scope.owner
    return None


def handlers(scope: Scope) -> Iterable[Any]:
    """The start events of the event subprocesses that are drawn in the process or subprocess of a scope."""
    if scope.spec is not None:
        return tuple(scope.spec.handlers.get(scope.spec.name, ()))
    owner = scope.owner
    return () if scope.rounds is not None else tuple(owner.task_spec.siblings.handlers.get(owner.task_spec.name, ()))


def payload(
    caught: Caught, kind: EventKind, code: str, message: str, variables: Mapping[str, object]
) -> dict[str, object]:
    """What the catcher gets: the variables; for its output mappings also the code and message."""
    if not caught.spec.activity.outputs:
        return dict(variables)
    return {f"{kind.value}Code": code, f"{kind.value}Message": message, **variables}


def catch_failure(token: Any, problem: Refused) -> bool:
    """Let somebody catch that the work of an element failed with `expression.failed`; False if nobody does."""
    if problem.code != CODE:
        return False
    caught = catcher(token.workflow, EventKind.ERROR, CODE, token)
    if caught is not None:
        token.workflow.later(caught, payload(caught, EventKind.ERROR, CODE, problem.message, {}))
    return caught is not None


def not_caught(element: str, code: str) -> Refused:
    """An error that nothing catches."""
    return Refused(
        "error.not_caught",
        f"The error {code!r} of {element} is caught by nothing in the process.",
        params={"element": element, "error": code},
    )


def _matching(workflow: Any, specs: Iterable[Any], kind: EventKind, code: str, scope: Scope) -> Any:
    of_kind = [spec for spec in specs if spec.event.kind is kind]
    exact = (s for s in of_kind if s.event.name is not None and workflow.armed.value(s, s.event.name, scope) == code)
    return next(exact, None) or next((s for s in of_kind if s.event.name is None), None)


def _interrupted(scope: Scope) -> bool:
    """Whether an interrupting event subprocess runs in it."""
    return any(
        start.event.interrupting
        for start in handlers(scope)
        for token in scope.tokens.values()
        if token.task_spec.name == start.siblings.around[start.name]
    )
