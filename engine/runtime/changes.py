"""What of an instance has changed since it was last written down.

Noted where it happens, so that writing a step down costs what the step changed and never what the instance holds.
Whoever changes something of an instance notes it here; `tests/unit/runtime/test_delta.py` compares deltas with whole
states after every step.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.runtime.delta import Delta
from engine.runtime.scopes import Scope
from engine.runtime.state import ScopeRow, TokenRow, WaitRow

if TYPE_CHECKING:
    from engine.runtime.elements.events.waits import Wait
    from engine.runtime.elements.token import Token


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
        self._names: dict[str, dict[str, None]] = {}
        self._items: dict[tuple[str, str, int], None] = {}
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

    def named(self, scope_id: str, name: str) -> None:
        """A variable of a scope was set."""
        self.wrote = True
        names = self._names.get(scope_id)
        if names is None:
            self._names[scope_id] = {name: None}
        else:
            names[name] = None

    def item(self, scope_id: str, name: str, index: int) -> None:
        """One entry of a list in a variable was replaced."""
        self.wrote = True
        self._items[scope_id, name, index] = None

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
    def names(self) -> Iterable[str]:
        """Variables of the root scope that were set."""
        return tuple(self._names.get("", ()))

    def delta(self, root: Scope, scopes: Mapping[str, Scope], counters: Mapping[str, int]) -> Delta:
        """The changes with their values of now. scopes: the inner ones. counters: only those that have changed."""

        def before(scope_id: str) -> Scope | None:
            """A scope that is there and was there when the last delta was written."""
            if not scope_id:
                return root
            return None if scope_id in self._opened else scopes.get(scope_id)

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
        self._changes.named(self._scope_id, name)
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


def _entry(scope: Scope, name: str, index: int) -> object:
    found = scope.variables[name]
    return found[index] if isinstance(found, list) else None
