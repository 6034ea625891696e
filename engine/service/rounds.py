"""Rounds of verification: everything, or what is new; in steps that are kept, so that a round goes on where it stopped.

``all`` reads every entry and every file again. ``new`` reads the streams that have grown since the last round that came
to its end, each from the entry at which that round stood; for what lies before it the hashes in the log are enough,
because every round compares the whole log with the heads that were signed and handed out (`proof_check`).

What is wrong raises an alarm, which the audit administrator finds at their first page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from engine.model.actors import Actor, Client
from engine.model.errors import Conflict, Invalid
from engine.model.trace_entries import EntryKind, Head
from engine.service import handing_out, proof_check, proof_log, recording, verification
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.proof_check import Handed, LogReport
from engine.service.verification import StreamReport
from engine.store import entries, proof, rounds

STEP_STREAMS = 50
EVERYTHING_EVERY = timedelta(days=7)
NIGHT_S = 4 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a round has come; faults as the trace writes them."""

    key: int
    kind: str
    started_at: datetime
    streams: int
    entries: int
    files: int
    faults: tuple[dict[str, Any], ...]
    finished: bool
    log: LogReport | None = None


Telling = Callable[[Progress], None]


def nightly(uow: Work, client: Client) -> Progress:
    """What the clock does each night: go on with what was interrupted; everything once a week, else what is new."""
    open_one = rounds.open_round(uow)
    last = rounds.last_finished(uow, "all")
    everything = last is None or uow.now() - last.started_at >= EVERYTHING_EVERY
    kind = open_one.kind if open_one is not None else "all" if everything else "new"
    return run(uow, kind, None, client, resume=True, limit_s=NIGHT_S)


def run(
    uow: Work,
    kind: str,
    actor: Actor | None,
    client: Client,
    *,
    resume: bool = False,
    heads: Path | None = None,
    limit_s: float | None = None,
    tell: Telling = lambda _: None,
) -> Progress:
    """Take a round to its end (or to the limit), each step committed. Raises Conflict when somebody else is at it.

    kind: ``all`` or ``new``. resume: go on with an unfinished round of the kind. heads: a folder of heads that others
    keep, beside those that we handed out ourselves. tell: hears of each step.
    """
    proof_log.sequence(uow, everything=True)
    began = monotonic()
    key = _round(uow, kind, resume=resume)
    uow.commit()
    while limit_s is None or monotonic() - began < limit_s:
        row = rounds.lock_round(uow, key)
        if row is None:
            raise Conflict("verification.running", "this round of verification is being worked on by somebody else")
        done = _step(uow, row)
        uow.commit()
        tell(_progress(required(rounds.lock_round(uow, key), "the round")))
        if done:
            return _finish(uow, key, actor, client, heads)
    return _progress(required(rounds.lock_round(uow, key), "the round"))


def _round(uow: Work, kind: str, *, resume: bool) -> int:
    unfinished = rounds.open_round(uow, kind) if resume else None
    if unfinished is not None:
        return int(unfinished.key)
    last = rounds.last_finished(uow)
    since = last.position if kind == "new" and last is not None else 0
    return rounds.begin(uow, kind, uow.now(), proof.size(uow), since)


def _step(uow: Work, row: Any) -> bool:
    """Verify some streams; True when none is left."""
    if row.kind == "all":
        found = entries.streams(uow, after=row.after_stream, limit=STEP_STREAMS)
    else:
        found = entries.streams_in_log(uow, after=row.after_stream, since=row.since_position, limit=STEP_STREAMS)
    reports = [_report(uow, stream, row.since_position) for stream in found]
    if reports:
        rounds.advance(
            uow,
            row.key,
            after=found[-1],
            streams=len(reports),
            entries=sum(one.report.entries for one in reports),
            files=sum(one.report.files for one in reports),
            faults=[verification.fault(one) for one in reports if not one.report.ok],
        )
    return len(found) < STEP_STREAMS


def _report(uow: Work, stream: int, since: int) -> StreamReport:
    before = proof.logged_before(uow, stream, since) if since else None
    start = Head(seq=before[0], hash=before[1]) if before else None
    return verification.stream_report(uow, stream, start=start)


def _finish(uow: Work, key: int, actor: Actor | None, client: Client, heads: Path | None) -> Progress:
    log = compare_log(uow, heads)
    if log.fault is not None:
        wrong = log.fault
        found = {"stream": str(wrong.stream), "seq": wrong.seq, "fault": wrong.fault, "reason": wrong.reason}
        row = required(rounds.lock_round(uow, key), "the round")
        known = any(one["stream"] == found["stream"] and one["seq"] <= wrong.seq for one in row.faults)
        if not known:
            rounds.advance(uow, key, after=row.after_stream, streams=0, entries=0, files=0, faults=[found])
    row = required(rounds.lock_round(uow, key), "the round")
    rounds.finish(uow, key, uow.now())
    for one in row.faults:
        rounds.raise_alarm(uow, uow.now(), {**one, "stream": int(one["stream"]), "fault": str(one["fault"])})
    payload = {
        "stream": None,
        "ok": not row.faults,
        "streams": row.streams,
        "entries": row.entries,
        "files": row.files,
        "faults": row.faults,
    }
    entry = recording.draft(uow, EntryKind.TRACE_VERIFIED, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    uow.commit()
    return _progress(row, finished=True, log=log)


def compare_log(uow: Work, folder: Path | None = None) -> LogReport:
    """Compare with the heads of a folder, else with what we handed out ourselves, and always with our own table.

    The first of these comparisons that finds something counts.
    """
    places = [folder] if folder is not None else [uow.equipment.heads]
    reports = []
    for place in places:
        if place is not None and place.is_dir():
            reports.append(_compare_folder(uow, place))
    reports.append(proof_check.compare(uow, proof_check.own_heads(uow)))
    faulty = next((one for one in reports if one.fault is not None), None)
    return faulty or max(reports, key=lambda one: one.heads)


def _compare_folder(uow: Work, place: Path) -> LogReport:
    try:
        handed: list[Handed] = list(handing_out.read_folder(place))
    except Invalid as problem:
        return LogReport(entries=0, heads=0, fault=proof_check.unreadable(problem.message))
    return proof_check.compare(uow, handed)


def _progress(row: Any, *, finished: bool = False, log: LogReport | None = None) -> Progress:
    return Progress(
        key=row.key,
        kind=row.kind,
        started_at=row.started_at,
        streams=row.streams,
        entries=row.entries,
        files=row.files,
        faults=tuple(row.faults),
        finished=finished,
        log=log,
    )
