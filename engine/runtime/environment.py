"""What the interpreter may ask of the world: the time, decisions, and the checks. All three are arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.definitions import ElementDefinition
from engine.model.findings import Judgement
from engine.model.ids import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision said.

    digest: of the DMN file that was used. matched: 1-based numbers of the rules that matched.
    """

    digest: Digest
    matched: tuple[int, ...]
    inputs: Mapping[str, object]
    output: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The world of one step.

    now: aware, the instant of the command; every expression of the step sees this one.
    decide: called with decision id, all variables and `now`.
    judge: called when a token arrives at an element that has checks, with all variables at that moment.
    """

    now: datetime
    decide: Callable[[str, Mapping[str, object], datetime], Decided]
    judge: Callable[[ElementDefinition, Mapping[str, object]], Judgement]
