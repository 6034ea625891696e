"""Sweeps: every running case is judged again where it stands, at night and on demand.

Each case in a transaction of its own, by key, in batches: memory does not grow with their number, a crash loses at most
a batch, and whoever begins the same sweep again within a day goes on where it stopped. A case that cannot be judged
never stops it: that is a finding of the sweep itself, and stands in its entry of the system stream. A case that
somebody works on right now is waited for; what happens in it is judged by its own gates anyway.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.model.actors import Actor, Client
from engine.model.errors import MingjingError
from engine.model.trace_entries import EntryKind
from engine.service import rechecks, recording
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.recording import CLOCK
from engine.store import cases, sweeps

log = logging.getLogger(__name__)

BATCH = 100
RESUMABLE = timedelta(days=1)
STALE = timedelta(minutes=10)
"""After so long without a step a sweep is taken for broken off."""
TOLD_FAULTS = 100

Working = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepView:
    """How far a sweep came. found: findings that are news; failed: cases that could not be judged."""

    key: int
    process_id: str
    started_at: datetime
    ended_at: datetime | None
    person_name: str
    total: int
    done: int
    found: int
    failed: int


def run(
    working: Working,
    *,
    process_id: str = "",
    unit_path: str = "",
    actor: Actor | None = None,
    client: Client = CLOCK,
    progress: Callable[[SweepView], None] = lambda _: None,
) -> SweepView:
    """Sweep to the end, or go on with one that was broken off. progress: told after each batch."""
    with working() as uow:
        key = key_of(uow, process_id, unit_path, actor)
    while True:
        with working() as uow:
            row = required(sweeps.one(uow, key), f"sweep {key}")
            batch = sweeps.batch(uow, process_id, unit_path, row.last_key, BATCH)
        found = failed = 0
        for instance in batch:
            fresh = _judge(working, key, instance)
            found += fresh or 0
            failed += fresh is None
        over = len(batch) < BATCH
        with working() as uow:
            last = batch[-1] if batch else row.last_key
            sweeps.move(uow, key, last=last, done=len(batch), found=found, failed=failed, at=uow.now(), over=over)
            view = shown(required(sweeps.one(uow, key), f"sweep {key}"))
            if over:
                _trace(uow, view, unit_path, actor, client)
        progress(view)
        if over:
            return view


def nightly(working: Working) -> None:
    """Everything, once a night."""
    view = run(working)
    log.info(
        "sweep %s: %s of %s cases, %s findings, %s failed", view.key, view.done, view.total, view.found, view.failed
    )


def key_of(uow: Work, process_id: str, unit_path: str, actor: Actor | None) -> int:
    """The sweep that is to go on, or a new one."""
    earlier = sweeps.unfinished(uow, process_id, unit_path, uow.now() - RESUMABLE)
    if earlier is not None:
        return int(earlier.key)
    count = sweeps.total(uow, process_id, unit_path)
    person, name = (actor.person_key, actor.name) if actor is not None else (None, "")
    return sweeps.begin(uow, process_id, unit_path, uow.now(), person, name, count)


def _judge(working: Working, key: int, instance: int) -> int | None:
    """How many findings of a case are news; None when it could not be judged, which is kept."""
    try:
        with working() as uow:
            case = cases.case(uow, instance, lock=True)
            if case is None or case.ended_at is not None:
                return 0
            return rechecks.sweep(uow, case)
    except MingjingError as problem:
        code = problem.code
    except Exception:
        log.exception("case %s cannot be judged", instance)
        code = "sweep.failed"
    with working() as uow:
        sweeps.fault(uow, key, instance, code, uow.now())
    return None


def _trace(uow: Work, view: SweepView, unit_path: str, actor: Actor | None, client: Client) -> None:
    payload = {
        "sweep": str(view.key),
        "process": view.process_id,
        "unit": unit_path,
        "total": view.total,
        "done": view.done,
        "found": view.found,
        "failed": view.failed,
        "faults": [
            {"instance": str(row.instance_key), "code": row.code} for row in sweeps.faults(uow, view.key, TOLD_FAULTS)
        ],
    }
    entry = recording.draft(uow, EntryKind.SWEEP_ENDED, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)


def shown(row: Any) -> SweepView:
    """A sweep as people see it."""
    return SweepView(
        key=row.key,
        process_id=row.process_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        person_name=row.person_name,
        total=row.total,
        done=row.done,
        found=row.found,
        failed=row.failed,
    )
