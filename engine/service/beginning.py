"""How a case begins, whoever or whatever begins it: run to its first wait states, judged, then written at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.model.actors import Actor, Client, Unit
from engine.model.findings import RiskLevel
from engine.model.ids import InstanceKey, PersonKey
from engine.model.trace_entries import EntryKind, Head
from engine.model.transitions import Step
from engine.model.views import InstanceState
from engine.runtime import live
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
from engine.service.advancing import Moved
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work
from engine.store import cases
from engine.store.cases import CaseRecord
from engine.store.definitions import DefinitionRow
from engine.trace.crypto import CaseCipher

DEFAULT_PREFIX = "AJ"
"""Prefix of case numbers where the model names none (案件)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a case comes from: the unit it belongs to, and who started it; None for one that an event began."""

    unit: Unit
    starter_key: PersonKey | None = None
    starter_name: str = ""

    @classmethod
    def of(cls, actor: Actor) -> "Origin":
        """A person starts it in their unit."""
        return cls(unit=actor.unit, starter_key=actor.person_key, starter_name=actor.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A case that may be written. `moved.prepared.case` has no number yet."""

    process: ExecutableProcess
    origin: Origin
    moved: Moved
    cipher: CaseCipher


def begin(
    uow: Work,
    found: DefinitionRow,
    variables: Mapping[str, object],
    origin: Origin,
    *,
    start_event: str | None = None,
    check: Callable[[ExecutableProcess, Step], None] = lambda *_: None,
) -> Begun:
    """Run a new instance to its first wait states. Writes nothing. Raises Refused as `stepping` and `check` do."""
    process = lookups.executable(uow, found.digest, found.id)
    now = uow.now()
    facts = CaseFacts(uow, now, business_type=found.id, unit_path=origin.unit.path)
    world = stepping.environment(uow, now, found.key, facts)
    alive = live.begin(process, variables, world, start_event=start_event)
    step = alive.step()
    stepping.refuse_blocked(step)
    check(process, step)
    data_key, wrapped = uow.equipment.provider.new_case_key()
    cipher = CaseCipher(uow.equipment.provider, data_key)
    blank = _blank(uow, found, origin, now, wrapped)
    held = states.begun(alive, blank)
    held.facts = facts
    prepared = stepping.prepare(uow, process, blank, step, cipher, held)
    return Begun(process=process, origin=origin, moved=Moved(step=step, held=held, prepared=prepared), cipher=cipher)


def write(uow: Work, begun: Begun, actor: Actor | None, client: Client, command_id: str) -> CaseRecord:
    """Number the case and write it with the first entry of its trace."""
    moved, prepared = begun.moved, begun.moved.prepared
    case = _numbered(uow, prepared.case, begun.process.definition.number_prefix or DEFAULT_PREFIX)
    payload = {
        "instance": str(case.key),
        "number": case.number,
        "business_unit": payloads.unit(begun.origin.unit),
        "definition": payloads.definition(case),
        "process_name": case.process_name,
        "subject": payloads.personal(stepping.subject(begun.process, moved.step)),
        **moved.payload(),
    }
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_STARTED, actor, client, command_id, payload)
    case, sealed = recording.sealed(case, begun.cipher, entry)
    cases.insert_case(uow, case, prepared.state, sealed, prepared.waiting, prepared.jobs, prepared.waits)
    actions.take(uow, case, moved.step, actor, begun.cipher, moved.held.facts)
    case = deadlines.follow(uow, case, moved.step, begun.cipher, first=True)
    later_checks.arm(uow, case, moved.step)
    case = incidents.of_starved(uow, case, moved.held.live)
    moved.held.keep(uow, ended=moved.step.ended)
    background_jobs.defer_jobs(uow, ((job.key, job.type) for job in prepared.jobs))
    if moved.step.ended:
        background_jobs.defer_verification(uow, case.key)
    return case


def _blank(uow: Work, found: DefinitionRow, origin: Origin, now: datetime, wrapped: bytes) -> CaseRecord:
    """A case before anything has happened in it; it has no number yet."""
    return CaseRecord(
        key=InstanceKey(uow.keys(1)[0]),
        definition_key=found.key,
        process_id=found.id,
        process_name=found.name,
        definition_version=found.version,
        digest=found.digest,
        number="",
        unit_key=origin.unit.key,
        unit_path=origin.unit.path,
        unit_name=origin.unit.name,
        starter_key=origin.starter_key,
        subject=b"",
        state=InstanceState.ACTIVE,
        level=RiskLevel.NONE.value,
        current=(),
        started_at=now,
        ended_at=None,
        version=0,
        head=Head(seq=0, hash=b""),
        wrapped_key=wrapped,
        starter_name=origin.starter_name,
    )


def _numbered(uow: Work, case: CaseRecord, prefix: str) -> CaseRecord:
    year = case.started_at.astimezone(uow.equipment.zone).year
    return replace(case, number=f"{prefix}-{year}-{cases.next_number(uow, prefix, year):06d}")
