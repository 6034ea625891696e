"""Was anything altered? Verifies the chain of a case, of the system stream, or of everything."""

from dataclasses import dataclass

from engine.model.actors import Actor, Client, Permission
from engine.model.trace_entries import SYSTEM_STREAM, EntryKind, Head
from engine.model.views import VerificationView
from engine.service import recording, rights
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import cases, entries
from engine.store.cases import CaseRecord
from engine.trace import chain
from engine.trace.verify import VerifyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """The report of one stream with the stream it is about."""

    stream: int
    head: Head
    report: VerifyReport


def verify(uow: Work, actor: Actor, client: Client, key: int) -> VerificationView:
    """Verify one case now, files included; the verification itself is traced in the system stream.

    Raises NotFound when the case is out of the actor's reach, NotAllowed without the right to verify.
    """
    rights.require(actor, Permission.TRACE_VERIFY)
    case = cases.case(uow, key)
    if case is None or not rights.may_verify(actor, case):
        raise rights.case_not_found()
    found = stream_report(uow, key)
    record(uow, actor, client, [found])
    return VerificationView(
        ok=found.report.ok,
        entries=found.report.entries,
        files=found.report.files,
        checked_at=uow.now(),
        head_hash=found.head.hash.hex(),
        first_bad_seq=found.report.first_bad_seq,
        reason=found.report.reason,
        fault=found.report.fault or "",
    )


def last(uow: Work, case: CaseRecord) -> VerificationView | None:
    """What the last verification of a case found, whoever asked for it; None when there was none.

    A verification of everything at once names the cases that are not well, so only those count here.
    """
    needle = f'"stream":"{case.key}"'.encode()
    kind = EntryKind.TRACE_VERIFIED.value
    entry = entries.newest_naming(uow, SYSTEM_STREAM, kind=kind, needle=needle, since=case.started_at)
    if entry is None:
        return None
    payload = chain.read_body(entry)["payload"]
    fault = next((found for found in payload["faults"] if found["stream"] == str(case.key)), None)
    return VerificationView(
        ok=fault is None and payload["ok"],
        entries=payload["entries"],
        files=payload["files"],
        checked_at=entry.at,
        head_hash="",
        first_bad_seq=fault["seq"] if fault else None,
        reason=fault["reason"] if fault else "",
        fault=(fault["fault"] or "") if fault else "",
    )


def stream_report(uow: Work, stream: int, *, start: Head | None = None) -> StreamReport:
    """Verify one stream against its stored head. A case without an instance row has no head: all of it is surplus.

    start: where to go on from; entries before it are not read.

    The first look takes no lock, so that verifying never holds up work. Somebody may append meanwhile: a fault counts
    only when it is still there with the stream's head locked.
    """
    found = _look(uow, stream, entries.head(uow, stream), start)
    return found if found.report.ok else _look(uow, stream, entries.lock_head(uow, stream), start)


def _look(uow: Work, stream: int, stored: Head | None, start: Head | None) -> StreamReport:
    head = stored or chain.EMPTY_HEAD
    if start is None:
        start, found = chain.EMPTY_HEAD, entries.stream_entries(uow, stream)
    else:
        found = entries.stream_entries(uow, stream, after=start.seq)
    report = chain.verify(stream, found, head, blob=uow.equipment.blobs.fault, start=start)
    return StreamReport(stream=stream, head=head, report=report)


def fault(found: StreamReport) -> dict[str, object]:
    """The fault of a stream as the trace writes it."""
    return {
        "stream": str(found.stream),
        "seq": found.report.first_bad_seq,
        "fault": found.report.fault,
        "reason": found.report.reason,
    }


def record(uow: Work, actor: Actor | None, client: Client, reports: list[StreamReport]) -> None:
    """Write into the system stream that these streams were verified, and what was found."""
    payload = {
        "stream": str(reports[0].stream) if len(reports) == 1 else None,
        "ok": all(found.report.ok for found in reports),
        "streams": len(reports),
        "entries": sum(found.report.entries for found in reports),
        "files": sum(found.report.files for found in reports),
        "faults": [fault(found) for found in reports if not found.report.ok],
    }
    recording.to_system(uow, recording.draft(uow, EntryKind.TRACE_VERIFIED, actor, client, new_command_id(), payload))
