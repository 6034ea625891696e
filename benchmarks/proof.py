"""What proof costs: entries verified per second beside bare SHA-256, and an entry's way into the log.

Verifying and hashing are measured in memory over one chain of entries of a usual size; the sequencer on a real
database with fsync on, tiles and commit included. No act waits for the sequencer.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.runtime.house import CITY, House, house
from engine.model.actors import Client
from engine.model.classes import Classified, DataClass
from engine.model.ids import CommandId
from engine.model.trace_entries import EntryKind, SealedEntry, TraceDraft
from engine.service import proof_log
from engine.service.equipment import Equipment, Work
from engine.store import entries as stored
from engine.store.work import DatabaseSession, open_engine
from engine.trace import chain, merkle
from engine.trace.crypto import CaseCipher, DefaultProvider
from engine.trace.keys import KeyFolder

ENTRIES = 5000
STREAM = 9_000_000_000


def rows() -> list[dict[str, Any]]:
    """Verified and hashed per second, then microseconds of the sequencer for an entry."""
    sealed = _chain()
    size = sum(len(entry.body) for entry in sealed) // len(sealed)
    bare = _per_second(lambda: [hashlib.sha256(b"\0" + entry.body).digest() for entry in sealed])
    verified = _per_second(lambda: chain.verify(STREAM, sealed, chain.head_after(sealed[-1])))
    grown = _per_second(lambda: merkle.root([entry.hash for entry in sealed]))
    found = [
        {"name": "SHA-256 over the bodies", "engine": "hashlib", "value": round(bare), "unit": "entries/s"},
        {"name": "chain verified", "engine": "Mingjing", "value": round(verified), "unit": "entries/s"},
        {"name": "Merkle root in memory", "engine": "Mingjing", "value": round(grown), "unit": "entries/s"},
    ]
    with house() as made:
        micros = _sequenced(made, sealed)
    found.append(
        {"name": "into the log, committed", "engine": "sequencer", "value": round(micros, 1), "unit": "µs/entry"}
    )
    return [{**row, "bytes": size, "entries": len(sealed)} for row in found]


def ratios(found: list[dict[str, Any]]) -> dict[str, float]:
    """How far verifying is from the bare hash."""
    return {"verified_beside_sha256": found[1]["value"] / found[0]["value"]}


def _per_second(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return ENTRIES / best


def _chain() -> list[SealedEntry]:
    with TemporaryDirectory() as place:
        provider = DefaultProvider(KeyFolder(Path(place) / "keys"))
        cipher = CaseCipher(provider, provider.new_case_key()[0])
    head, made = chain.EMPTY_HEAD, []
    fields = [
        {"path": f"field_{n}", "class": "personal", "old": None, "new": Classified("某" * 40, DataClass.PERSONAL)}
        for n in range(8)
    ]
    for number in range(ENTRIES):
        draft = TraceDraft(
            kind=EntryKind.USER_TASK_COMPLETED,
            at=datetime(2026, 1, 5, tzinfo=UTC),
            actor=None,
            client=Client(channel="api"),
            command_id=CommandId(f"c{number}"),
            payload={"fields": fields, "judgements": []},
        )
        entry = chain.seal(draft, stream=STREAM, head=head, cipher=cipher)
        head = chain.head_after(entry)
        made.append(entry)
    return made


def _sequenced(made: House, sealed: list[SealedEntry]) -> float:
    """Microseconds for an entry: found, appended with its share of tiles, committed."""
    engine, equipment = open_engine(made.app(made.copy(CITY))), Equipment.open(made.var)
    with DatabaseSession(engine) as session, Work(session, equipment) as uow:
        proof_log.sequence(uow, everything=True)
        for entry in sealed:
            stored.append(uow, entry)
        uow.commit()
        began = time.perf_counter()
        count = proof_log.sequence(uow, everything=True)
        took = time.perf_counter() - began
    engine.dispose()
    if count != len(sealed):
        raise ValueError(f"{count} entries came into the log, not {len(sealed)}")
    return took / count * 1e6
