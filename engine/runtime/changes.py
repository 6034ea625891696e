"""What of an instance has changed since it was last written down.

Noted where it happens, so that writing a step down costs what the step changed and never what the instance holds.
Whoever changes something of an instance notes it here; `tests/unit/runtime/test_delta.py` compares deltas with whole
states after every step.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.model.transitions import InnerScope, VariableChange
from engine.runtime.delta import Delta
from engine.runtime.scopes import Scope
from engine.runtime.state import ScopeRow, TokenRow, WaitRow

if TYPE_CHECKING:
    from engine.runtime.elements.events.waits import Wait
    from engine.runtime.elements.token import Token


NOTHING = object()
"""The old value of a variable that was not there."""


class Changes:
    """Of one instance. `serial` is the number of its newest token; numbers are never used again.

    wrote: a variable was set; conditional events are to be looked at.
    """

    __slots__ = (
        "_armed", "_deaf", "_fresh", "_gone", "_items", "_known", "_moved", "_names", "_opened", "_shut", "_touched",
        "serial", "wrote",
    )  # fmt: skip

    def __init__(self, serial: int = 0) -> None:
        self.serial = serial
        self.clear()

    def clear(self) -> None:
        """Everything has been written down."""
        self._known = self.serial
        self._moved: dict[int, Token] = {}
        self._gone: dict[int, None] = {}
        self._opened: dict[str, Scope] = {}
        self._shut: dict[str, None] = {}
        self._touched: dict[str, Scope] = {}
        self._names: dict[str, dict[str, object]] = {}
        self._items: dict[tuple[str, str, int], object] = {}
        self._armed: dict[str, Wait] = {}
        self._fresh: set[str] = set()
        self._deaf: dict[str, None] = {}
        self.wrote = False

    def number(self) -> int:
        """A number for a new token."""
        self.serial += 1
        return self.serial

    def moved(self, token: "Token") -> None:
        """A token was made or has changed its place."""
        self._moved[token.id] = token

    def gone(self, token: "Token") -> None:
        """A token is no more."""
        self._moved.pop(token.id, None)
        if token.id <= self._known:
            self._gone[token.id] = None

    def opened(self, scope: Scope) -> None:
        """There is a new scope."""
        self._opened[scope.id] = scope

    def shut(self, scope_id: str) -> None:
        """A scope is no more."""
        if self._opened.pop(scope_id, None) is None:
            self._shut[scope_id] = None

    def touched(self, scope: Scope) -> None:
        """A loop has moved on."""
        self._touched[scope.id] = scope

    def named(self, scope_id: str, name: str, old: object) -> None:
        """A variable of a scope was set. old: what it was before, `NOTHING` if it was not there."""
        self.wrote = True
        self._names.setdefault(scope_id, {}).setdefault(name, old)

    def item(self, scope_id: str, name: str, index: int, old: object) -> None:
        """One entry of a list in a variable was replaced."""
        self.wrote = True
        self._items.setdefault((scope_id, name, index), old)

    def variables(self, root: Scope, scopes: Mapping[str, Scope]) -> tuple[VariableChange, ...]:
        """What was set in scopes that are there and were there before."""
        found = []
        for scope_id, names in self._names.items():
            scope = self._before(scope_id, root, scopes)
            if scope is None:
                continue
            for name, old in names.items():
                new = old is NOTHING
                value = scope.variables[name]
                found.append(VariableChange(scope=scope_id, name=name, value=value, old=None if new else old, new=new))
        for (scope_id, name, index), old in self._items.items():
            scope = self._before(scope_id, root, scopes)
            if scope is not None and name not in self._names.get(scope_id, ()):
                value = _entry(scope, name, index)
                found.append(VariableChange(scope=scope_id, name=name, value=value, old=old, index=index))
        return tuple(found)

    def armed(self, wait: "Wait", *, again: bool = False) -> None:
        """A wait began, or has changed (`again`)."""
        self._armed[wait.id] = wait
        if not again:
            self._fresh.add(wait.id)

    def deaf(self, wait: "Wait") -> None:
        """A wait is no more."""
        self._armed.pop(wait.id, None)
        if wait.id in self._fresh:
            self._fresh.remove(wait.id)
        else:
            self._deaf[wait.id] = None

    @property
    def inner(self) -> tuple[InnerScope, ...]:
        """Scopes that were opened and are there."""
        return tuple(_inner(scope) for scope in self._opened.values())

    @property
    def left(self) -> tuple[str, ...]:
        """Scopes that were there before and are no more."""
        return tuple(self._shut)

    def _before(self, scope_id: str, root: Scope, scopes: Mapping[str, Scope]) -> Scope | None:
        """A scope that is there and was there when the last delta was written."""
        if not scope_id:
            return root
        return None if scope_id in self._opened else scopes.get(scope_id)

    def delta(self, root: Scope, scopes: Mapping[str, Scope], counters: Mapping[str, int]) -> Delta:
        """The changes with their values of now. scopes: the inner ones. counters: only those that have changed."""

        def before(scope_id: str) -> Scope | None:
            return self._before(scope_id, root, scopes)

        called = {key: scope for key in self._names if (scope := before(key)) is not None and scope.process is not None}
        touched = self._touched | called
        names = {key: (scope, list(found)) for key, found in self._names.items() if (scope := before(key)) is not None}
        items = [(scope, *place) for place in self._items if (scope := before(place[0])) is not None]
        return Delta(
            serial=self.serial,
            tokens=tuple(token_row(token) for token in self._moved.values()),
            gone=tuple(self._gone),
            opened=tuple(scope_row(scope) for scope in self._opened.values()),
            closed=tuple(self._shut),
            variables={key: {name: scope.variables[name] for name in found} for key, (scope, found) in names.items()},
            items=tuple((key, name, index, _entry(scope, name, index)) for scope, key, name, index in items),
            touched=tuple(scope_row(scope, whole=False) for key, scope in touched.items() if before(key) is not None),
            counters=dict(counters),
            waits=tuple(wait_row(wait) for wait in self._armed.values()),
            deaf=tuple(self._deaf),
        )


class Variables(dict[str, object]):
    """The variables of a scope. Setting one is noted; nothing is ever deleted, and values are never changed inside."""

    __slots__ = ("_changes", "_scope_id")

    def __init__(self, values: Mapping[str, object], changes: Changes, scope_id: str) -> None:
        super().__init__(values)
        self._changes = changes
        self._scope_id = scope_id

    def __setitem__(self, name: str, value: object) -> None:
        self._changes.named(self._scope_id, name, self.get(name, NOTHING))
        super().__setitem__(name, value)


def token_row(token: "Token") -> TokenRow:
    """A token as it is stored."""
    return TokenRow(
        number=token.id,
        element=token.task_spec.name,
        instance=token.instance,
        flow=token.flow,
        scope=token.scope.id,
    )


def wait_row(wait: "Wait") -> WaitRow:
    """A wait as it is stored."""
    token, scope = (None, wait.holder.id) if isinstance(wait.holder, Scope) else (wait.holder.instance, None)
    return WaitRow(
        id=wait.id,
        element=wait.spec.name,
        token=token,
        scope=scope,
        name=wait.name,
        key=wait.key,
        due=wait.due,
        met=wait.met,
    )


def scope_row(scope: Scope, *, whole: bool = True) -> ScopeRow:
    """A scope as it is stored; without its variables if not `whole`."""
    return ScopeRow(
        id=scope.id,
        parent=scope.parent.id if scope.parent is not None else "",
        variables=scope.variables if whole else {},
        index=scope.index,
        process=scope.process,
        rounds=scope.rounds,
        written=tuple(sorted(scope.written)),
    )


def _inner(scope: Scope) -> InnerScope:
    process_id, digest = scope.process or ("", "")
    parent = scope.parent.id if scope.parent is not None else ""
    return InnerScope(id=scope.id, parent=parent, variables=scope.variables, process_id=process_id, digest=digest)


def _entry(scope: Scope, name: str, index: int) -> object:
    found = scope.variables[name]
    return found[index] if isinstance(found, list) else None
