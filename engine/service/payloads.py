"""Payloads of trace entries, built from what a command decided. Their shapes are frozen in `engine/trace/schemas`."""

from collections.abc import Collection, Mapping, Sequence

from engine.model.actors import Unit
from engine.model.classes import Classified, DataClass
from engine.model.definitions import ElementDefinition, Outcome
from engine.model.findings import CheckResult, Judgement
from engine.model.transitions import DecisionEvaluation, Step
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.drafts import AttachmentRecord
from engine.trace.crypto import CaseCipher

PERSONAL = DataClass.PERSONAL


def personal(value: object) -> Classified:
    """A value that rests encrypted under the case's key."""
    return Classified(value, PERSONAL)


def definition(case: CaseRecord) -> dict[str, object]:
    """Which version the case runs on."""
    return {
        "process_id": case.process_id,
        "version": case.definition_version,
        "digest": case.digest,
        "key": str(case.definition_key),
    }


def step(
    taken: Step, waiting: Sequence[UserTaskRecord], before: Mapping[str, object], shown: Collection[str] = ()
) -> dict[str, object]:
    """What the interpreter did: transitions, judgements, decisions, who is next, other variables that changed.

    before: the variables as they were. shown: names that the entry has already among its form fields.
    """
    others = {
        name: value
        for name, value in taken.variables.items()
        if name not in shown and (name not in before or not _same(before[name], value))
    }
    removed = sorted(before.keys() - taken.variables.keys())
    return {
        "judgements": judgements(taken.judgements),
        "decisions": [decision(found) for found in taken.decisions],
        "transitions": [
            {"kind": t.kind, "element": t.element, "instance": t.instance, "type": t.type} for t in taken.transitions
        ],
        "next": [
            {
                "user_task": str(record.key),
                "element": record.element_id,
                "instance": record.element_instance,
                "candidates": [
                    {"position": position, "unit": str(unit_key)} for position, unit_key in record.candidates
                ],
                **({"assignee": str(record.assignee_key)} if record.assignee_key else {}),
            }
            for record in waiting
        ],
        "variables": [
            *({"name": name, "value": personal(others[name])} for name in sorted(others)),
            *({"name": name, "value": None, "removed": True} for name in removed),
        ],
        "ended": taken.ended,
    }


def _same(old: object, new: object) -> bool:
    """Equal and of one type, so that 1 turning into true is a change."""
    if type(old) is not type(new):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(_same, old, new))
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
    """One check's answer. The reason quotes values of the case, so it is personal."""
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
    }


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


def completion(
    *,
    case: CaseRecord,
    task: UserTaskRecord,
    element: ElementDefinition,
    outcome: Outcome | None,
    opinion: str,
    changes: Sequence[tuple[str, str, DataClass, object, object]],
    files: Sequence[tuple[AttachmentRecord, str]],
    result: Mapping[str, object],
) -> dict[str, object]:
    """Everything about one completed user task. `result` is `step(...)`."""
    return {
        "element": {
            "id": element.id,
            "name": element.name,
            "type": element.type,
            "instance": task.element_instance,
        },
        "user_task": str(task.key),
        "definition": definition(case),
        "form": {"id": task.form.id, "digest": task.form.digest} if task.form else None,
        "law": element.basis.law,
        "post": element.basis.post,
        "outcome": {"code": outcome.code, "name": outcome.name, "negative": outcome.negative} if outcome else None,
        "opinion": personal(opinion),
        "fields": [
            {"path": path, "class": data_class, "old": Classified(old, data_class), "new": Classified(new, data_class)}
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
