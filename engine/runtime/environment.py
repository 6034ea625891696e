"""What the interpreter may ask of the world: the time, decisions, the checks, called processes. All are arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.definitions import ElementDefinition
from engine.model.errors import Refused
from engine.model.findings import Judgement
from engine.model.ids import Digest
from engine.runtime.executable import ExecutableProcess


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
class CalledProcess:
    """What a call activity asks for. binding: ``latest``, ``deployment`` or ``versionTag``.

    digest: set when the called instance is running already and must go on with exactly that definition.
    caller: process id and digest of the called process that calls; empty for the process of the instance itself.
    """

    process_id: str
    binding: str = "latest"
    version_tag: str | None = None
    digest: Digest | None = None
    caller: tuple[str, str] = ("", "")


def calls_nothing(called: CalledProcess) -> ExecutableProcess:
    """The resolver of a world in which no process can be called."""
    raise Refused(
        "process.not_called",
        f"The process {called.process_id!r} that is called is not deployed.",
        params={"process": called.process_id},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The world of one step.

    now: aware, the instant of the command; every expression of the step sees this one.
    decide: called with decision id, all variables and `now`.
    judge: called when a token arrives at an element that has checks, with all variables at that moment.
    call: finds the process of a call activity when a token arrives there (late binding), and again by its digest
        in every later step. Raises `Refused` when there is none.
    """

    now: datetime
    decide: Callable[[str, Mapping[str, object], datetime], Decided]
    judge: Callable[[ElementDefinition, Mapping[str, object]], Judgement]
    call: Callable[[CalledProcess], ExecutableProcess] = calls_nothing
