"""Stored rows as the frozen views that lists and pages show; subjects are decrypted here."""

from typing import Any

from engine.model.findings import RiskLevel
from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey, JobKey, UserTaskKey
from engine.model.views import CaseRow, InstanceState, JobRow, JobState, UserTaskRow, UserTaskState
from engine.service import items, timings
from engine.service.equipment import Work
from engine.service.stepping import subject_context
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.definitions import called

ERASED = ""
"""What stands for a subject whose case key was destroyed."""


def subject(uow: Work, instance_key: int, sealed: bytes, wrapped: bytes | None) -> str:
    """The subject of a case in plain; empty once its key is destroyed."""
    cipher = uow.cipher(wrapped)
    return cipher.decrypt(sealed, context=subject_context(instance_key)).decode() if cipher else ERASED


def case_row(uow: Work, case: CaseRecord) -> CaseRow:
    """A stored case as a list shows it."""
    return CaseRow(
        key=case.key,
        number=case.number,
        process_id=case.process_id,
        process_name=case.process_name,
        definition_version=case.definition_version,
        definition_key=case.definition_key,
        subject=subject(uow, case.key, case.subject, case.wrapped_key),
        unit_name=case.unit_name,
        state=case.state,
        current=case.current,
        level=RiskLevel(case.level),
        starter_name=case.starter_name,
        started_at=case.started_at,
        ended_at=case.ended_at,
        suspended_at=case.suspended_at,
    )


def listed_case(uow: Work, row: Any) -> CaseRow:
    """A row of `store.worklists` as a list shows it."""
    return CaseRow(
        key=InstanceKey(row.key),
        number=row.number,
        process_id=row.process_id,
        process_name=row.process_name,
        definition_version=row.definition_version,
        definition_key=DefinitionKey(row.definition_key),
        subject=subject(uow, row.key, row.subject, row.wrapped),
        unit_name=row.unit_name,
        state=InstanceState(row.state),
        current=tuple(row.current),
        level=RiskLevel(row.level),
        starter_name=row.starter_name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        has_incident=row.has_incident,
        suspended_at=row.suspended_at,
        timing=timings.of_row(row, uow.now()),
    )


def listed_user_task(uow: Work, row: Any) -> UserTaskRow:
    """A row of `store.worklists` as a list shows it."""
    return UserTaskRow(
        key=UserTaskKey(row.key),
        instance_key=InstanceKey(row.instance_key),
        number=row.number,
        **process_of(row),
        case_process_name=row.process_name,
        called_name=row.called_name or "",
        item_number=row.item_number,
        item=items.read(row.item, row.key, uow.cipher(row.wrapped)) if row.item else "",
        subject=subject(uow, row.instance_key, row.subject, row.wrapped),
        element_id=ElementId(row.element_id),
        element_instance=ElementInstanceId(row.element_instance),
        element_name=row.element_name,
        unit_name=row.unit_name,
        state=UserTaskState(row.state),
        version=row.version,
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        candidate_positions=tuple(row.positions or ()),
        form_id=row.form_id,
        form_key=row.form_key,
        form_version=row.form_version,
        level=RiskLevel(row.level),
        created_at=row.created_at,
        completed_at=row.completed_at,
        outcome_name=row.outcome_name,
        suspended=row.suspended,
        timing=timings.of_row(row, uow.now()),
    )


def process_of(row: Any) -> dict[str, Any]:
    """The process that a user task, job or incident is drawn in: a called one, or the case's own."""
    found = called(row)
    return {
        "process_id": found.id if found else row.process_id,
        "process_name": found.name if found else row.process_name,
        "definition_key": found.key if found else DefinitionKey(row.definition_key),
        "definition_version": found.version if found else row.definition_version,
    }


def job_row(uow: Work, row: Any, **newer: Any) -> JobRow:
    """A row of `store.jobs` as a list shows it; `newer` replaces what changed since it was read."""
    cipher = uow.cipher(row.wrapped) if row.message is not None else None
    return JobRow(
        key=JobKey(row.key),
        instance_key=InstanceKey(row.instance_key),
        number=row.number,
        **process_of(row),
        element_id=ElementId(row.element_id),
        element_instance=ElementInstanceId(row.element_instance),
        element_name=row.element_name,
        kind=row.type,
        headers=row.headers,
        state=JobState(row.state),
        retries=row.retries,
        worker=newer.get("worker", row.worker),
        locked_until=newer.get("locked_until", row.locked_until),
        message=cipher.decrypt(row.message, context=message_context(row.key)).decode() if cipher else "",
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def message_context(key: int) -> bytes:
    """What ties the encrypted message of a failure to its job."""
    return f"mingjing.job-message.v1:{key}".encode()


def user_task_row(uow: Work, case: CaseRecord, task: UserTaskRecord) -> UserTaskRow:
    """A stored user task of a case as a list shows it, without the assignee's name."""
    return UserTaskRow(
        key=task.key,
        instance_key=case.key,
        number=case.number,
        process_id=task.called.id if task.called else case.process_id,
        process_name=task.called.name if task.called else case.process_name,
        definition_key=task.called.key if task.called else case.definition_key,
        case_process_name=case.process_name,
        called_name=task.called.name if task.called else "",
        item_number=task.item_number,
        item=items.read(task.item, task.key, uow.cipher(case.wrapped_key)) if task.item else "",
        subject=subject(uow, case.key, case.subject, case.wrapped_key),
        element_id=task.element_id,
        element_instance=task.element_instance,
        element_name=task.element_name,
        unit_name=case.unit_name,
        state=task.state,
        version=task.version,
        assignee=None,
        assignee_name=None,
        candidate_positions=tuple(sorted({position for position, _ in task.candidates})),
        form_id=task.form.id if task.form else None,
        form_key=task.form.key if task.form else None,
        form_version=task.form.version if task.form else None,
        definition_version=task.called.version if task.called else case.definition_version,
        level=RiskLevel(case.level),
        created_at=task.created_at,
        completed_at=task.completed_at,
        outcome_name=task.outcome_name,
        suspended=case.state is InstanceState.SUSPENDED,
    )
