"""Where variables live: one scope for the instance, more for what has variables of its own.

===========================  =================================================================
scope of                     id
===========================  =================================================================
the process instance         empty
a subprocess, an instance    the element instance id (only where something is local)
of a loop, an activity with
input mappings
a loop as a whole            ``<element id>@n``: the token that waits for all its instances
a called process             element instance id of the call activity and ``>``
===========================  =================================================================

A name is looked up from the inside out and set where it was found, else at the outermost scope of its process
(Camunda 8's rule). A called process sees nothing of its caller but what it was given.
"""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.model.ids import Digest


@dataclass(slots=True, kw_only=True)
class Rounds:
    """How far a loop has come. `items` are kept for as long as some are still to be started.

    weights: of all votes of a countersign, in the order of the items; agreed, against: of those that were cast.
    verdict: the outcome of the whole, within the step that decides it.
    """

    total: int
    started: int = 0
    completed: int = 0
    terminated: int = 0
    stopped: bool = False
    items: list[object] | None = None
    last: str = ""
    weights: list[Decimal] | None = None
    agreed: Decimal = Decimal()
    against: Decimal = Decimal()
    verdict: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Scope:
    """tokens: those that live directly in it, by id. owner: the token that waits until there are none.

    index: number of this instance in its loop, from 0. process: of a called process, its id and digest.
    written: names that were set here while it ran; only those come back from a called process.
    """

    id: str = ""
    parent: "Scope | None" = None
    variables: dict[str, object] = field(default_factory=dict)
    owner: Any = None
    index: int | None = None
    rounds: Rounds | None = None
    process: tuple[str, Digest] | None = None
    spec: Any = None
    written: set[str] = field(default_factory=set)
    tokens: dict[Any, Any] = field(default_factory=dict)

    def outwards(self) -> "list[Scope]":
        """This scope and those around it, as far as its process reaches."""
        found: list[Scope] = [self]
        while found[-1].parent is not None and found[-1].process is None:
            found.append(found[-1].parent)
        return found

    def visible(self) -> Mapping[str, object]:
        """Every variable that an expression here may see; not a copy."""
        if self.parent is None or self.process is not None:
            return self.variables
        return ChainMap(*(scope.variables for scope in self.outwards()))

    def home(self, name: str) -> dict[str, object]:
        """The variables in which a name is to be set."""
        scopes = self.outwards()
        found = next((scope for scope in scopes if name in scope.variables), scopes[-1])
        if found.process is not None:
            found.written.add(name)
        return found.variables

    def merge(self, values: Mapping[str, object]) -> None:
        """Set each name where it is declared, else at the outermost scope. A key replaces, nothing is deleted."""
        for name, found in values.items():
            self.home(name)[name] = found


def put(variables: MutableMapping[str, object], path: tuple[str, ...], found: object) -> None:
    """Set a variable, or an entry inside a context: ``a.b`` keeps the other entries of ``a``."""
    *outer, last = path
    at: MutableMapping[str, Any] = variables
    for part in outer:
        inner = at.get(part)
        at[part] = dict(inner) if isinstance(inner, dict) else {}
        at = at[part]
    at[last] = found
