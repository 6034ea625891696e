"""How a locked case moves on, whatever moves it: hold it, let something happen, judge, write everything at once.

::

    held = advancing.hold(uow, case, cipher)
    held.live.complete(…)                                  # or fire, correlate, signal, throw_error
    moved = advancing.judged(uow, case, held, cipher)      # raises Refused; nothing was written
    advancing.write(uow, moved, cipher, entry, …)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.model.ids import CommandId
from engine.model.trace_entries import TraceDraft
from engine.model.transitions import Step
from engine.runtime.interpreter import ExecutableProcess
from engine.service import (
    actions,
    background_jobs,
    deadlines,
    incidents,
    later_checks,
    lookups,
    payloads,
    recording,
    states,
    stepping,
)
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.service.states import HeldInstance
from engine.service.stepping import Prepared
from engine.store import cases
from engine.store.cases import CaseRecord, Completion
from engine.supervision.facts import Act
from engine.trace.crypto import CaseCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A step of a case that may be written."""

    step: Step
    held: HeldInstance
    prepared: Prepared

    def payload(self, shown: set[str] | None = None) -> dict[str, object]:
        """What every entry about a step tells; see `payloads.step`."""
        return payloads.step(self.step, self.prepared.waiting, self.prepared.jobs, shown or ())


def hold(
    uow: Work,
    case: CaseRecord,
    cipher: CaseCipher,
    *,
    acting: Act | None = None,
    reasons: Mapping[str, str] = MappingProxyType({}),
    suspended: bool = False,
) -> HeldInstance:
    """The live instance of a locked case, now.

    acting: what a person is about to do, for the checks. reasons: why they insist, by the id of the check. suspended:
    also when the case is; Conflict otherwise.
    """
    facts = CaseFacts(uow, uow.now(), case, acting, reasons)
    world = stepping.environment(uow, facts.now, case.definition_key, facts)
    held = states.hold(uow, process(uow, case), case, cipher, world, suspended=suspended)
    held.facts = facts
    return held


def judged(
    uow: Work, case: CaseRecord, held: HeldInstance, cipher: CaseCipher, attempt: Attempt | None = None
) -> Moved:
    """What has happened to the instance, judged and prepared. Writes nothing.

    attempt: learns the judgements before a refusal is raised. Raises Refused when a check forbids the step, or nobody
    can be found for what waits now.
    """
    step = held.live.step()
    if attempt is not None:
        attempt.judgements = step.judgements
    stepping.refuse_blocked(step)
    prepared = stepping.prepare(uow, process(uow, case), case, step, cipher, held)
    return Moved(step=step, held=held, prepared=prepared)


def write(
    uow: Work, moved: Moved, cipher: CaseCipher, entry: TraceDraft, attempt: Attempt | None = None, **more: Any
) -> CaseRecord:
    """Write a step with its entry; the case after it. attempt: the command that made it; more: as in `Completion`."""
    step, prepared = moved.step, moved.prepared
    case, sealed = recording.sealed(prepared.case, cipher, entry)
    if attempt is not None:
        more |= {"person": attempt.actor.person_key, "command_id": CommandId(attempt.command_id)}
    cases.write_completion(
        uow,
        Completion(
            case=case,
            state=prepared.state,
            entry=sealed,
            made=prepared.waiting,
            jobs=prepared.jobs,
            closed=step.closed,
            waits=prepared.waits,
            **more,
        ),
    )
    actions.take(uow, case, step, None if attempt is None else attempt.actor, cipher, moved.held.facts)
    case = deadlines.follow(uow, case, step, cipher)
    later_checks.arm(uow, case, step)
    case = incidents.of_starved(uow, case, moved.held.live)
    moved.held.keep(uow, ended=step.ended)
    background_jobs.defer_jobs(uow, ((job.key, job.type) for job in prepared.jobs))
    if step.ended:
        background_jobs.defer_verification(uow, case.key)
    return case


def process(uow: Work, case: CaseRecord) -> ExecutableProcess:
    """The case's own process."""
    return lookups.executable(uow, case.digest, case.process_id)
