"""Payloads of trace entries, built from what a command decided. Their shapes are frozen in `engine/trace/schemas`."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from engine.model.actors import Unit
from engine.model.classes import Classified, DataClass
from engine.model.definitions import ElementDefinition, Outcome
from engine.model.findings import CheckResult, Exemption, Fence, Judgement
from engine.model.transitions import DecisionEvaluation, InnerScope, Step, VariableChange
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.definitions import ProcessReference
from engine.store.drafts import AttachmentRecord
from engine.store.jobs import NewJob
from engine.trace.crypto import CaseCipher

PERSONAL = DataClass.PERSONAL

NO_STEP: Mapping[str, object] = MappingProxyType(
    {"variables": [], "judgements": [], "decisions": [], "transitions": [], "next": [], "ended": False}
)
"""The step of an entry that tells none."""


def personal(value: object) -> Classified:
    """A value that rests encrypted under the case's key."""
    return Classified(value, PERSONAL)


def definition(case: CaseRecord, called: ProcessReference | None = None) -> dict[str, object]:
    """Which version the case runs on, or which called one."""
    if called is not None:
        return {
            "process_id": called.id,
            "version": called.version,
            "digest": called.digest,
            "key": str(called.key),
        }
    return {
        "process_id": case.process_id,
        "version": case.definition_version,
        "digest": case.digest,
        "key": str(case.definition_key),
    }


def step(
    taken: Step,
    waiting: Sequence[UserTaskRecord],
    jobs: Sequence[NewJob],
    shown: Collection[str] = (),
) -> dict[str, object]:
    """What the interpreter did: transitions, judgements, decisions, who is next, other variables that changed.

    shown: root variables that the entry has already among its form fields. What is empty and rare is left out.
    """
    optional = {
        "jobs": [_job(job) for job in jobs],
        "scopes": [_scope(scope) for scope in taken.opened],
        "left": sorted(taken.left),
    }
    return {
        "judgements": judgements(taken.judgements),
        "decisions": [decision(found) for found in taken.decisions],
        "transitions": [
            {
                "kind": t.kind,
                "element": t.element,
                "instance": t.instance,
                "type": t.type,
                **({"process": t.process_id} if t.process_id else {}),
            }
            for t in taken.transitions
        ],
        "next": [_next(record) for record in waiting],
        "variables": [
            _variable(one)
            for one in sorted(taken.changed, key=lambda one: (one.scope, one.name, one.index or 0))
            if (one.scope or one.name not in shown) and (one.new or not same(one.old, one.value))
        ],
        "ended": taken.ended,
        **{name: value for name, value in optional.items() if value},
    }


def _variable(one: VariableChange) -> dict[str, object]:
    inside = {"scope": one.scope} if one.scope else {}
    place = {"index": one.index} if one.index is not None else {}
    return {"name": one.name, **inside, **place, "value": personal(one.value)}


def _scope(scope: InnerScope) -> dict[str, object]:
    called = {"process": scope.process_id, "digest": scope.digest} if scope.process_id else {}
    return {"scope": scope.id, "parent": scope.parent, "variables": personal(dict(scope.variables)), **called}


def _next(record: UserTaskRecord) -> dict[str, object]:
    return {
        "user_task": str(record.key),
        "element": record.element_id,
        "instance": record.element_instance,
        "candidates": [{"position": position, "unit": str(unit_key)} for position, unit_key in record.candidates],
        **({"assignee": str(record.assignee_key)} if record.assignee_key else {}),
        **({"process": record.called.id} if record.called else {}),
        **({"item_number": record.item_number} if record.item_number else {}),
    }


def _job(job: NewJob) -> dict[str, object]:
    return {
        "job": str(job.key),
        "element": job.element_id,
        "instance": job.element_instance,
        "type": job.type,
        **({"process": job.called.id} if job.called else {}),
    }


def same(old: object, new: object) -> bool:
    """Equal and of one type, so that 1 turning into true is a change."""
    if type(old) is not type(new):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(same(old[name], new[name]) for name in old)
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(same, old, new))
    return old == new


def judgements(found: Sequence[Judgement]) -> list[dict[str, object]]:
    """What checks said, without those that only report."""
    return [shown for one in found if (shown := judgement(one))["results"]]


def person(key: int, username: str, name: str) -> dict[str, object]:
    """A person in an entry's payload."""
    return {"person": str(key), "username": username, "name": name}


def unit(found: Unit) -> dict[str, object]:
    """A unit in an entry's payload."""
    return {"key": str(found.key), "code": found.code, "name": found.name, "level": found.level}


def judgement(found: Judgement) -> dict[str, object]:
    """What the checks of an element said; report-only results are never part of a case's trace."""
    return {
        "element": found.element_id,
        "level": found.level,
        "results": [check(result) for result in found.results if not result.silent],
    }


def check(result: CheckResult) -> dict[str, object]:
    """One check's answer. The reason quotes values of the case, so it is personal. What is empty is left out."""
    optional: dict[str, object] = {
        "light": result.light,
        "fences": [_fence(one) for one in result.fences],
        "data_versions": dict(result.data_versions),
        "loophole": result.loophole,
        "given_reason": personal(result.given_reason) if result.given_reason else None,
        "exemption": _exemption(result.exemption) if result.exemption else None,
    }
    return {
        "check": result.check_id,
        "code": result.code,
        "name": result.name,
        "outcome": result.outcome,
        "level": result.level,
        "actions": sorted(result.actions),
        "blocking": result.blocking,
        "reason": personal(result.reason),
        "parameters": dict(result.parameters),
        "evidence": personal(dict(result.evidence)),
        "phase": result.phase,
        "reason_code": result.reason_code,
        **{name: value for name, value in optional.items() if value},
    }


def _fence(one: Fence) -> dict[str, object]:
    ends = {"low": one.low, "high": one.high}
    return {"name": one.name, **{name: value for name, value in ends.items() if value is not None}}


def _exemption(one: Exemption) -> dict[str, object]:
    until = one.until.isoformat() if one.until else None
    return {"id": one.id, "basis": one.basis, "author": one.author, "until": until}


def decision(found: DecisionEvaluation) -> dict[str, object]:
    """A decision table's answer."""
    return {
        "element": found.element,
        "decision": found.decision_id,
        "digest": found.decision_digest,
        "matched": list(found.matched_rules),
        "inputs": personal(dict(found.inputs)),
        "output": personal(found.output),
    }


def file(record: AttachmentRecord, name: str) -> dict[str, object]:
    """An attachment or photo by its hashes; its name is personal."""
    return {
        "key": str(record.key),
        "code": record.code,
        "sha256": record.sha256,
        "stored": record.stored_digest,
        "size": record.size_bytes,
        "media_type": record.media_type,
        "name": personal(name),
        "uploaded_at": record.uploaded_at,
        "uploaded_by": str(record.uploaded_by),
    }


def element_of(element: ElementDefinition, instance: str, item_number: str = "") -> dict[str, object]:
    """An element instance in an entry's payload."""
    return {
        "id": element.id,
        "name": element.name,
        "type": element.type,
        "instance": instance,
        **({"item_number": item_number} if item_number else {}),
    }


def event_of(element: ElementDefinition) -> dict[str, object]:
    """Where an event was waited for."""
    return {"id": element.id, "name": element.name, "type": element.type}


def completion(
    *,
    case: CaseRecord,
    task: UserTaskRecord,
    element: ElementDefinition,
    outcome: Outcome | None,
    opinion: str,
    changes: Sequence[tuple[str, str, DataClass, object, object]],
    shown: Collection[str],
    files: Sequence[tuple[AttachmentRecord, str]],
    result: Mapping[str, object],
) -> dict[str, object]:
    """Everything about one completed user task. `result` is `step(...)`, `shown` as there."""
    return {
        "element": element_of(element, task.element_instance, task.item_number),
        "user_task": str(task.key),
        "definition": definition(case, task.called),
        "form": {"id": task.form.id, "digest": task.form.digest} if task.form else None,
        "law": element.basis.law,
        "post": element.basis.post,
        "outcome": {"code": outcome.code, "name": outcome.name, "negative": outcome.negative} if outcome else None,
        "opinion": personal(opinion),
        "fields": [
            {
                "path": path,
                "class": data_class,
                "old": Classified(old, data_class),
                "new": Classified(new, data_class),
                **({} if path in shown or "." in path or "[" in path else {"local": True}),
            }
            for path, _, data_class, old, new in changes
        ],
        "attachments": [file(record, name) for record, name in files if record.kind == "attachment"],
        "photos": [file(record, name) for record, name in files if record.kind == "photo"],
        **result,
    }


def name_context(stream: int, sha256: str) -> bytes:
    """What ties an encrypted file name to its case and file."""
    return f"mingjing.file-name.v1:{stream}:{sha256}".encode()


def decrypt_name(cipher: CaseCipher | None, record: AttachmentRecord) -> str:
    """The name of a file; empty once the case's key is destroyed."""
    if cipher is None:
        return ""
    return cipher.decrypt(record.name, context=name_context(record.instance_key, record.sha256)).decode()
