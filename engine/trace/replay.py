"""The state of a case at any entry of its trace, folded from what is recorded. Nothing is run, and nothing guessed.

The fold asks of an entry only what `docs/developer/trace.md` (Folding) says: `transitions`, `fields`, `scopes`,
`variables`, `left`, `ended`. So entries of kinds that are added later fold as well. An entry without any of them
leaves the state as it was.

Every `EVERY` entries the state is kept (a keyframe), so that a seek folds that many entries at most, however long the
history is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EVERY = 100

Place = tuple[str, str]
"""Id of the called process (empty: the case's own) and of an element or sequence flow in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An element instance that is at work. `failed`: it waits to be mended."""

    process: str
    element: str
    type: str
    failed: bool = False

    @property
    def place(self) -> Place:
        return self.process, self.element


@dataclass(slots=True, kw_only=True)
class State:
    """What stands after an entry.

    tokens: by element instance, in the order they came. visits: how often each element was completed. flows: how often
    each sequence flow was taken. cancelled: how often an element was terminated while at work. scopes: variables by
    scope, the case's own under ``""``; values as the payloads hold them. ended: no token is left to come.
    """

    seq: int = 0
    tokens: dict[str, Token] = field(default_factory=dict)
    visits: dict[Place, int] = field(default_factory=dict)
    flows: dict[Place, int] = field(default_factory=dict)
    cancelled: dict[Place, int] = field(default_factory=dict)
    scopes: dict[str, dict[str, object]] = field(default_factory=lambda: {"": {}})
    ended: bool = False

    def copy(self) -> "State":
        """A state of its own; values are shared, since nothing ever changes one in place."""
        return State(
            seq=self.seq,
            tokens=dict(self.tokens),
            visits=dict(self.visits),
            flows=dict(self.flows),
            cancelled=dict(self.cancelled),
            scopes={scope: dict(variables) for scope, variables in self.scopes.items()},
            ended=self.ended,
        )

    def apply(self, seq: int, payload: Mapping[str, Any]) -> None:
        """Fold one more entry."""
        self.seq = seq
        self._values(payload)
        for transition in payload.get("transitions", ()):
            self._move(transition)
        self.ended = self.ended or payload.get("ended") is True

    def _values(self, payload: Mapping[str, Any]) -> None:
        for changed in payload.get("fields", ()):
            if "." not in changed["path"] and "[" not in changed["path"] and "local" not in changed:
                self.scopes[""][changed["path"]] = changed["new"]
        for opened in payload.get("scopes", ()):
            variables = opened["variables"]
            self.scopes[opened["scope"]] = dict(variables) if isinstance(variables, Mapping) else {}
        for one in payload.get("variables", ()):
            self._variable(self.scopes.setdefault(one.get("scope", ""), {}), one)
        for left in payload.get("left", ()):
            self.scopes.pop(left, None)

    @staticmethod
    def _variable(scope: dict[str, object], one: Mapping[str, Any]) -> None:
        name = one["name"]
        if one.get("removed"):
            scope.pop(name, None)
        elif "index" in one:
            known = scope.get(name)
            # A list whose value was erased cannot take an entry.
            if isinstance(known, list | tuple):
                scope[name] = [*known[: one["index"]], one["value"], *known[one["index"] + 1 :]]
        else:
            scope[name] = one["value"]

    def _move(self, transition: Mapping[str, Any]) -> None:
        instance, place = transition["instance"], (transition.get("process", ""), transition["element"])
        match transition["kind"]:
            case "activated":
                self.tokens[instance] = Token(process=place[0], element=place[1], type=transition["type"])
            case "completed":
                self.tokens.pop(instance, None)
                self.visits[place] = self.visits.get(place, 0) + 1
            case "terminated":
                self.tokens.pop(instance, None)
                self.cancelled[place] = self.cancelled.get(place, 0) + 1
            case "failed":
                # It goes on waiting: a failed job or decision is completed once somebody has mended it.
                self.tokens[instance] = Token(process=place[0], element=place[1], type=transition["type"], failed=True)
            case "flow_taken":
                self.flows[place] = self.flows.get(place, 0) + 1


class Film:
    """A whole trace, to be looked at in any order. `at` costs `EVERY` entries at most."""

    def __init__(self, entries: Iterable[tuple[int, Mapping[str, Any]]], *, every: int = EVERY) -> None:
        self._entries: Sequence[tuple[int, Mapping[str, Any]]] = tuple(entries)
        self._every = every
        self._keyframes = [State()]
        state = State()
        for number, (seq, payload) in enumerate(self._entries, 1):
            state.apply(seq, payload)
            if number % every == 0:
                self._keyframes.append(state.copy())

    def __len__(self) -> int:
        return len(self._entries)

    def at(self, seq: int) -> State:
        """The state after entry `seq`; 0 is before the first. Entries are numbered without a gap from 1.

        The caller may keep the state, and must not change it.
        """
        seq = max(0, min(seq, len(self._entries)))
        state = self._keyframes[seq // self._every]
        if seq % self._every == 0:
            return state
        state = state.copy()
        for number, payload in self._entries[seq - seq % self._every : seq]:
            state.apply(number, payload)
        return state
