"""Everything that the task page shows of one user task, for one reader."""

from collections.abc import Mapping
from dataclasses import replace

from engine.forms import rights as form_rights
from engine.forms.schema import FormSchema
from engine.model.actors import Actor, Client, Permission
from engine.model.definitions import ElementDefinition
from engine.model.trace_entries import EntryKind
from engine.model.views import DraftView, FileView, InstanceState, UserTaskState, UserTaskView
from engine.runtime import interpreter
from engine.service import (
    diagrams,
    draft_warnings,
    drafts,
    lookups,
    photo_hints,
    recording,
    rights,
    rows,
    sight,
    states,
    timeline,
)
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store import cases, worklists
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.drafts import AttachmentRecord
from engine.trace.crypto import CaseCipher

SIGN_ONLY = "user_task.sign_only"
"""Why an added signer cannot complete a task: they are asked for an opinion."""


def view(uow: Work, actor: Actor, client: Client, key: int) -> UserTaskView:
    """A user task with its form, the reader's draft, the case's story and diagram.

    Raises NotFound when there is no such task or its case is out of reach. An inspector's look is traced.
    """
    task = cases.user_task(uow, key)
    case = cases.case(uow, task.instance_key) if task else None
    if task is None or case is None:
        raise rights.user_task_not_found()
    tasks = cases.user_tasks(uow, case.key)
    open_tasks = [found for found in tasks if found.state is UserTaskState.CREATED]
    worked = any(found.completed_by == actor.person_key for found in tasks)
    if not rights.may_read_case(actor, case, (task, *open_tasks), worked=worked):
        raise rights.user_task_not_found()
    if rights.inspects(actor):
        payload = {"instance": str(case.key), "number": case.number, "view": "user_task", "reason": None}
        entry = recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload)
        recording.to_system(uow, entry)
    cipher = uow.cipher(case.wrapped_key)
    element = lookups.element(uow, case, task)
    reason = _why_not(actor, case, task, cipher)
    draft = drafts.load(uow, task, actor, cipher) if cipher and not reason else drafts.EMPTY
    files = drafts.prepared_files(uow, task, actor, cipher) if cipher and not reason else ()
    form = lookups.form(uow, task.form.digest) if task.form else None
    seen = sight.of_reader(uow, actor, case, tasks)
    values = _values(uow, case, task, cipher)
    if not sight.mine(actor, task):
        values = {name: value for name, value in values.items() if seen.reads(name)}
    story = timeline.of_case(uow, case, seen)
    return UserTaskView(
        task=rows.listed_user_task(uow, required(worklists.task(uow, key), f"user task {key}")),
        case=rows.case_row(uow, case),
        form=form_rights.project(form, element.field_access) if form else None,
        data=_shown(form, element, values, draft) if form else draft.data,
        outcomes=element.outcomes,
        materials=element.materials,
        files=tuple(_prepared(record, name, element, cipher) for record, name in files),
        draft=draft,
        law=element.basis.law,
        post=element.basis.post,
        timeline=story,
        diagram=diagrams.around(diagrams.of_case(uow, case), task.called.key if task.called else case.definition_key),
        warnings=timeline.warnings_of(story),
        workable=not reason,
        not_workable_reason=reason,
        foresees=not reason and bool(draft_warnings.checks(element)),
    )


def _shown(
    form: FormSchema, element: ElementDefinition, values: Mapping[str, object], draft: DraftView
) -> Mapping[str, object]:
    """What the form shows: of the case's values those that this node may see, with the reader's draft over them."""
    access = element.field_access
    return form_rights.overlaid(form, access, form_rights.readable(form, access, values), draft.data)


def _prepared(record: AttachmentRecord, name: str, element: ElementDefinition, cipher: CaseCipher | None) -> FileView:
    """A prepared file with the name of the material that it serves."""
    names = {material.code: material.name for material in element.materials}
    hints = photo_hints.opened(cipher, record.key, record.hints)
    return replace(drafts.file_view(record, name), material=names.get(record.code, ""), hints=hints)


def _why_not(actor: Actor, case: CaseRecord, task: UserTaskRecord, cipher: CaseCipher | None) -> str:
    """Why this reader cannot work the user task now, as a stable code; empty when they can."""
    if task.state is not UserTaskState.CREATED:
        return "user_task.cancelled" if task.state is UserTaskState.CANCELED else "user_task.not_open"
    if cipher is None:
        return "case.erased"
    if not rights.has(actor, Permission.USER_TASK_WORK) or not rights.offered(actor, task):
        return "user_task.not_yours"
    if case.state is InstanceState.SUSPENDED:
        return "case.suspended"
    return SIGN_ONLY if "+" in task.element_instance else ""


def _values(uow: Work, case: CaseRecord, task: UserTaskRecord, cipher: CaseCipher | None) -> Mapping[str, object]:
    """The variables that a user task sees; empty once the case's key is destroyed.

    One that is closed sees those of the case as it is now; in a called process, which may be gone, it sees none.
    """
    is_open = task.state is UserTaskState.CREATED
    state = states.look(uow, case, cipher) if is_open or task.called is None else None
    if state is None:
        return {}
    return interpreter.visible(state, task.element_instance) if is_open else interpreter.variables(state)
