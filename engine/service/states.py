"""The state of a process instance between its encrypted bytes in the database and the interpreter.

A step writes its delta. When the deltas have outgrown the snapshot (and 64 KB), the step writes a new snapshot instead
and the deltas go; so reading a state costs at most about twice its size, and snapshots cost each step a constant share.
A command holds the live instance of a locked case: out of memory (`engine.service.live_instances`), brought up to date
by the deltas of steps that other processes made, or read anew.
"""

from collections.abc import Sequence

from engine.model.errors import Broken, Conflict
from engine.model.transitions import Step
from engine.model.views import InstanceState
from engine.runtime import interpreter, live
from engine.runtime.environment import Environment
from engine.runtime.interpreter import ExecutableProcess
from engine.runtime.live import LiveInstance
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work, required
from engine.service.live_instances import KeptInstance
from engine.store import states
from engine.store.cases import CaseRecord
from engine.store.states import StoredState, WrittenState
from engine.trace.crypto import CaseCipher

MIN_LOG_BYTES = 64 * 1024
"""A log that is shorter is never worth a snapshot."""


class HeldInstance:
    """The live instance of one case in one transaction. facts: what its checks are handed; who holds it sets them."""

    facts: CaseFacts

    def __init__(self, live_instance: LiveInstance, case: CaseRecord, *, snapshot_bytes: int, log_bytes: int) -> None:
        self.live = live_instance
        self._key = case.key
        self._before = case.version
        self._snapshot_bytes, self._log_bytes = snapshot_bytes, log_bytes

    def write(self, step: Step, cipher: CaseCipher) -> WrittenState:
        """The step as it is stored, under the case's next version. Writes nothing yet."""
        version = self._before + 1
        log_bytes = self._log_bytes + len(step.delta)
        if not self._snapshot_bytes or step.ended or log_bytes > max(MIN_LOG_BYTES, self._snapshot_bytes):
            whole = self.live.snapshot()
            self._snapshot_bytes, self._log_bytes = len(whole), 0
            return WrittenState(snapshot=cipher.encrypt(whole, context=_context(self._key)))
        self._log_bytes = log_bytes
        return WrittenState(delta=cipher.encrypt(step.delta, context=_delta_context(self._key, version)))

    def keep(self, uow: Work, *, ended: bool) -> None:
        """After everything is written: let the instance stay in memory once the transaction is committed."""
        if ended:
            return
        self.live.rest()
        kept = KeptInstance(
            live=self.live,
            version=self._before + 1,
            snapshot_bytes=self._snapshot_bytes,
            log_bytes=self._log_bytes,
        )
        uow.after_commit(lambda: uow.equipment.live.put(self._key, kept))

    def back(self, uow: Work) -> None:
        """Nothing moved it: let it stay in memory as it was."""
        self.live.rest()
        kept = KeptInstance(
            live=self.live,
            version=self._before,
            snapshot_bytes=self._snapshot_bytes,
            log_bytes=self._log_bytes,
        )
        uow.after_commit(lambda: uow.equipment.live.put(self._key, kept))


def begun(live_instance: LiveInstance, case: CaseRecord) -> HeldInstance:
    """The instance of a case that is just being started."""
    return HeldInstance(live_instance, case, snapshot_bytes=0, log_bytes=0)


def hold(
    uow: Work,
    process: ExecutableProcess,
    case: CaseRecord,
    cipher: CaseCipher,
    env: Environment,
    *,
    suspended: bool = False,
) -> HeldInstance:
    """The live instance of a locked case, ready to move. Broken when the case has no state.

    suspended: also when the case is, which Conflict says otherwise, whoever wants to move it.

    It is out of reach for everybody else until `HeldInstance.keep`; whoever raises in between has dropped it.
    """
    if case.state is InstanceState.SUSPENDED and not suspended:
        raise Conflict("case.suspended", "this case is suspended; nothing can be done in it until it is resumed")
    kept = uow.equipment.live.take(case.key, case.version)
    if kept is not None:
        kept.live.at(env)
        if kept.version == case.version:
            return HeldInstance(kept.live, case, snapshot_bytes=kept.snapshot_bytes, log_bytes=kept.log_bytes)
    known = kept.version if kept is not None else -1
    stored = required(states.read(uow, case.key, known=known), f"the state of case {case.key}")
    if stored.version + len(stored.deltas) != case.version:
        raise Broken("database.inconsistent", f"steps of the state of case {case.key} are missing")
    snapshot, deltas = _decrypted(case, stored, cipher)
    log_bytes = sum(map(len, deltas))
    if snapshot is None and kept is not None:
        kept.live.follow(deltas)
        snapshot_bytes = kept.snapshot_bytes
        return HeldInstance(kept.live, case, snapshot_bytes=snapshot_bytes, log_bytes=kept.log_bytes + log_bytes)
    whole = required(snapshot, f"the snapshot of case {case.key}")
    restored = live.restore(process, whole, env, deltas)
    return HeldInstance(restored, case, snapshot_bytes=len(whole), log_bytes=log_bytes)


def look(uow: Work, case: CaseRecord, cipher: CaseCipher | None) -> bytes | None:
    """The state of a case for whoever only looks; None when its key is destroyed."""
    stored = states.read(uow, case.key) if cipher is not None else None
    if cipher is None or stored is None:
        return None
    snapshot, deltas = _decrypted(case, stored, cipher)
    return interpreter.folded(required(snapshot, f"the snapshot of case {case.key}"), deltas)


def _decrypted(case: CaseRecord, stored: StoredState, cipher: CaseCipher) -> tuple[bytes | None, Sequence[bytes]]:
    """Snapshot and deltas in plain."""
    deltas = [
        cipher.decrypt(body, context=_delta_context(case.key, version))
        for version, body in enumerate(stored.deltas, stored.version + 1)
    ]
    snapshot = stored.snapshot
    return None if snapshot is None else cipher.decrypt(snapshot, context=_context(case.key)), deltas


def _context(key: int) -> bytes:
    """What ties an encrypted state to its case."""
    return f"mingjing.state.v1:{key}".encode()


def _delta_context(key: int, version: int) -> bytes:
    """What ties an encrypted step to its case and its place."""
    return f"mingjing.state-delta.v1:{key}:{version}".encode()
