"""The state of a process instance between its encrypted bytes in the database and the interpreter."""

from engine.model.transitions import Step
from engine.service.equipment import Work, required
from engine.store import cases
from engine.store.cases import CaseRecord
from engine.trace.crypto import CaseCipher


def load(case: CaseRecord, stored: bytes | None, cipher: CaseCipher) -> bytes:
    """The state of a locked case as the interpreter takes it. Broken when the case has none."""
    return cipher.decrypt(required(stored, f"the state of case {case.key}"), context=_context(case.key))


def prepare(case: CaseRecord, step: Step, cipher: CaseCipher) -> bytes:
    """The state after a step as it is stored. Writes nothing."""
    return cipher.encrypt(step.state, context=_context(case.key))


def look(uow: Work, case: CaseRecord, cipher: CaseCipher | None) -> bytes | None:
    """The state of a case for whoever only looks; None when its key is destroyed."""
    stored = cases.state_body(uow, case.key) if cipher is not None else None
    return None if cipher is None or stored is None else load(case, stored, cipher)


def _context(key: int) -> bytes:
    """What ties an encrypted state to its case."""
    return f"mingjing.state.v1:{key}".encode()
