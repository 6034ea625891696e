"""User tasks: show one, complete one, assign one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.forms import schema as form_schema
from engine.identity import identifiers
from engine.model.actors import Actor, Client, Permission
from engine.model.approval import SelfApproval
from engine.model.classes import DataClass
from engine.model.commands import AssignUserTask, CompleteUserTask, CompletionResult
from engine.model.definitions import ElementDefinition, Outcome
from engine.model.errors import Broken, Conflict, Detail, Invalid, NotAllowed, Refused
from engine.model.ids import InstanceKey
from engine.model.trace_entries import EntryKind
from engine.model.views import UserTaskState
from engine.service import advancing, drafts, lookups, payloads, recording, rights, stepping
from engine.service.advancing import Moved
from engine.service.case_facts import act_of
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.store import cases, people
from engine.store.cases import CaseRecord, UserTaskRecord, UserTaskWork
from engine.store.drafts import AttachmentRecord
from engine.trace.crypto import CaseCipher

MAX_OPINION = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A user task with its case, locked. element: the user task, maybe of a called process."""

    case: CaseRecord
    work: UserTaskWork
    element: ElementDefinition

    @property
    def task(self) -> UserTaskRecord:
        """The user task itself."""
        return self.work.task


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A completion that may be written."""

    outcome: Outcome | None
    opinion: str
    changes: Sequence[tuple[str, str, DataClass, object, object]]
    files: tuple[tuple[AttachmentRecord, str], ...]
    moved: Moved


def complete(uow: Work, command: CompleteUserTask, actor: Actor, client: Client) -> CompletionResult:
    """Complete a user task and run the case on to its next wait states, in one transaction.

    The story, in order: the same command id again gives the first result; lock the case; may this actor do this;
    outcome, opinion, materials and form fields are judged on the server; the interpreter runs on; supervision gates
    are asked. Nothing was written until then. Then the trace entry, state and rows; or, for a refusal, its entry only.

    Raises NotFound, NotAllowed, Conflict (completed already, changed meanwhile), Invalid (places to mend), Refused.
    """
    request: list[object] = [command.key, command.action, command.opinion, command.variables]
    request += [dict(command.reasons)] if command.reasons else []
    attempt = Attempt(uow, actor, client, "user_task.complete", command.command_id, request)
    found = lock(uow, attempt, command.key)
    if (earlier := attempt.recall(found.work.earlier)) is not None:
        return result_of(found, earlier)
    cipher = uow.required_cipher(found.case.wrapped_key)
    with attempt.deciding():
        refuse_unless_workable(found, actor, command.version)
        _refuse_while_signing(found)
        decided = _decide(uow, attempt, found, command, cipher)
    result = CompletionResult(
        instance_key=found.case.key,
        number=found.case.number,
        ended=decided.moved.step.ended,
        next=tuple(dict.fromkeys(record.element_name for record in decided.moved.prepared.waiting)),
        warnings=stepping.warnings(decided.moved.step.judgements),
    )
    _write(uow, attempt, found, decided, result, cipher)
    return result


def assign(uow: Work, command: AssignUserTask, actor: Actor, client: Client) -> None:
    """Take a user task oneself, give it back, or (with the right to assign) give it to another who may work it.

    Raises NotFound, Conflict when it is not open any more, NotAllowed, Invalid for an unknown person.
    """
    attempt = Attempt(uow, actor, client, "user_task.assign", command.command_id, [command.key, command.assignee])
    found = lock(uow, attempt, command.key)
    if attempt.recall(found.work.earlier) is not None:
        return
    with attempt.deciding():
        refuse_unless_open(found.task)
        assignee = _assignee(uow, found, command.assignee, actor)
    cases.assign_user_task(uow, found.task, assignee)
    payload = {
        "user_task": str(found.task.key),
        "element": payloads.element_of(found.element, found.task.element_instance, found.task.item_number),
        "old": person(uow, found.task.assignee_key),
        "new": person(uow, assignee),
    }
    entry = recording.draft(uow, EntryKind.USER_TASK_ASSIGNED, actor, client, command.command_id, payload)
    cases.move_head(uow, recording.to_case(uow, found.case, None, entry))
    attempt.keep({})


def lock(uow: Work, attempt: Attempt, key: int) -> Locked:
    """Lock the case of a user task and read it. NotFound when it is not the actor's to know."""
    attempt.target = {"user_task": key}
    case = cases.lock_case_of_user_task(uow, key)
    if case is None:
        raise attempt.unknown(rights.user_task_not_found())
    work = cases.work(uow, key, attempt.actor.person_key, attempt.command_id)
    if not _may_know(uow, attempt, case, work):
        raise attempt.unknown(rights.user_task_not_found())
    attempt.case, attempt.element = case, work.task.element_id
    attempt.target = {"instance": case.key, "user_task": key}
    return Locked(case=case, work=work, element=lookups.element(uow, case, work.task))


def _may_know(uow: Work, attempt: Attempt, case: CaseRecord, work: UserTaskWork) -> bool:
    """Whether the actor may see the case. Its other open tasks are only read when this one does not answer that."""
    if rights.may_read_case(attempt.actor, case, (work.task,), worked=work.worked):
        return True
    others = cases.user_tasks(uow, case.key, only_open=True)
    return rights.may_read_case(attempt.actor, case, others, worked=work.worked)


def refuse_unless_open(task: UserTaskRecord) -> None:
    """Raise Conflict when somebody was quicker."""
    if task.state is not UserTaskState.CREATED:
        raise Conflict(
            "user_task.not_open",
            f"{task.element_name} was already {task.state.value.lower()}; somebody was quicker",
            params={"element": task.element_name},
        )


def refuse_unless_workable(found: Locked, actor: Actor, version: int | None) -> None:
    """Raise NotAllowed or Conflict unless the actor may work the task now, as they saw it."""
    rights.require(actor, Permission.USER_TASK_WORK)
    refuse_unless_open(found.task)
    if not rights.offered(actor, found.task):
        raise NotAllowed("user_task.not_yours", "this task is not offered to you, or somebody else has taken it")
    refuse_own_case(found, actor)
    if version is not None and version != found.task.version:
        raise Conflict("user_task.changed", "this task was changed while you worked on it; open it again")


def refuse_own_case(found: Locked, person: Actor) -> None:
    """Raise NotAllowed when the node keeps the initiator from working it."""
    own = found.case.starter_key == person.person_key
    if own and found.element.approval.self_approval is SelfApproval.REFUSE:
        raise NotAllowed(
            "user_task.own_case",
            f"{person.name} started this case, so somebody else must work this task",
            params={"person": person.name},
        )


def _refuse_while_signing(found: Locked) -> None:
    """Added signers give an opinion and complete nothing; what they were added to waits for them."""
    if "+" in found.task.element_instance:
        raise Refused("sign.needed", "you were asked for an opinion; sign instead of completing")
    refuse_while_signed(found)


def refuse_while_signed(found: Locked) -> None:
    """Raise Conflict as long as added signers or a delegate have not answered."""
    if found.work.waits_for:
        names = "、".join(found.work.waits_for)
        raise Conflict("user_task.waits_for_signers", f"this task waits for {names}", params={"people": names})


def _decide(uow: Work, attempt: Attempt, found: Locked, command: CompleteUserTask, cipher: CaseCipher) -> Decided:
    """Judge the whole completion without writing anything."""
    outcome = _outcome(found.element, command.action)
    whole = command.opinion is not None and command.variables is not None
    draft = drafts.EMPTY if whole else drafts.opened(found.task.key, found.work.draft, cipher)
    opinion = (draft.opinion if command.opinion is None else command.opinion).strip()
    files = drafts.prepared_files(uow, found.task, attempt.actor, cipher) if found.work.has_files else ()
    details = _opinion_details(outcome, opinion) + _material_details(found.element, outcome, files)
    acting = act_of(attempt.actor, found.element, outcome, uow.now())
    held = advancing.hold(uow, found.case, cipher, acting=acting, reasons=command.reasons)
    seen = held.live.visible(found.task.element_instance)
    data = draft.data if command.variables is None else command.variables
    values, changes = _form_values(uow, found, outcome, data, seen, details)
    variables = dict(values)
    if outcome is not None:
        variables[found.element.result_variable or f"{found.element.id}_outcome"] = outcome.code
    held.live.complete(found.task.element_instance, variables, found.work.onward)
    moved = advancing.judged(uow, found.case, held, cipher, attempt)
    return Decided(outcome=outcome, opinion=opinion, changes=changes, files=files, moved=moved)


def _form_values(
    uow: Work,
    found: Locked,
    outcome: Outcome | None,
    data: Mapping[str, object],
    before: Mapping[str, object],
    details: list[Detail],
) -> tuple[dict[str, object], Sequence[tuple[str, str, DataClass, object, object]]]:
    """Clean values of the form and what they change. Raises Invalid with these and the other `details` at once."""
    values: dict[str, object] = {}
    changes: Sequence[tuple[str, str, DataClass, object, object]] = ()
    if found.task.form is None:
        details += [
            Detail(place=name, code="undeclared", message=f"{name} is not a field of this task") for name in data
        ]
    else:
        form = lookups.form(uow, found.task.form.digest)
        try:
            values = form_schema.validate(
                form,
                data,
                existing=before,
                access=found.element.field_access,
                now=uow.now().astimezone(uow.equipment.zone),
                formats=identifiers.FORMATS,
                outcome=outcome.code if outcome else "",
            )
        except Invalid as wrong:
            details = [*wrong.details, *details]
        else:
            changes = form_schema.changes(form, before, values)
    if details:
        raise Invalid("user_task.invalid", "some input is missing or wrong; see the places", details=details)
    return values, changes


def _outcome(element: ElementDefinition, action: str | None) -> Outcome | None:
    if not element.outcomes:
        if action:
            raise Invalid("user_task.outcome_unknown", f"{element.name} offers no outcomes", params={"outcome": action})
        return None
    if not action and len(element.outcomes) == 1:
        return element.outcomes[0]
    for outcome in element.outcomes:
        if outcome.code == action:
            return outcome
    choices = ", ".join(outcome.code for outcome in element.outcomes)
    detail = Detail(place="action", code="outcome", message=f"choose one of {choices}", params={"choices": choices})
    raise Invalid("user_task.outcome_unknown", "choose how this task ends", details=[detail])


def _opinion_details(outcome: Outcome | None, opinion: str) -> list[Detail]:
    if len(opinion) > MAX_OPINION:
        params = {"max": str(MAX_OPINION)}
        return [Detail(place="opinion", code="max_length", message=f"at most {MAX_OPINION} characters", params=params)]
    if outcome is not None and outcome.opinion_required and not opinion:
        return [Detail(place="opinion", code="required", message=f"{outcome.name} needs an opinion")]
    return []


def _material_details(
    element: ElementDefinition, outcome: Outcome | None, files: Sequence[tuple[AttachmentRecord, str]]
) -> list[Detail]:
    details = []
    for material in element.materials:
        if material.outcomes and (outcome is None or outcome.code not in material.outcomes):
            continue
        have = sum(1 for record, _ in files if record.code == material.code and record.kind == material.kind.value)
        if have < material.minimum:
            details.append(
                Detail(
                    place=f"files.{material.code}",
                    code="material_missing",
                    message=f"{material.name}: {material.minimum} needed, {have} there",
                    params={"name": material.name, "minimum": str(material.minimum), "have": str(have)},
                )
            )
    return details


def _write(
    uow: Work, attempt: Attempt, found: Locked, decided: Decided, result: CompletionResult, cipher: CaseCipher
) -> None:
    """The only writes of a completion."""
    after = decided.moved.step.variables
    shown = {path for path, *_, new in decided.changes if path in after and payloads.same(after[path], new)}
    payload = payloads.completion(
        case=found.case,
        task=found.task,
        element=found.element,
        outcome=decided.outcome,
        opinion=decided.opinion,
        changes=decided.changes,
        shown=shown,
        files=decided.files,
        result=decided.moved.payload(shown),
    )
    entry = recording.draft(
        uow, EntryKind.USER_TASK_COMPLETED, attempt.actor, attempt.client, attempt.command_id, payload
    )
    advancing.write(
        uow,
        decided.moved,
        cipher,
        entry,
        attempt,
        user_task=found.task.key,
        outcome=(decided.outcome.code, decided.outcome.name) if decided.outcome else None,
        files=[record.key for record, _ in decided.files],
        result=attempt.stored({"result": {"ended": result.ended, "next": list(result.next)}}),
    )


def person(uow: Work, key: int | None) -> dict[str, object] | None:
    """A person in a payload; None for nobody."""
    found = people.actor(uow, key) if key else None
    return payloads.person(found[0].person_key, found[0].username, found[0].name) if found else None


def _assignee(uow: Work, found: Locked, username: str | None, actor: Actor) -> int | None:
    """The key of the new assignee, if the actor may make this assignment."""
    mine = rights.offered(actor, found.task)
    if username is None or username == actor.username:
        if not mine:
            raise NotAllowed("user_task.not_yours", "this task is not offered to you, or somebody else has taken it")
        return actor.person_key if username else None
    rights.require(actor, Permission.USER_TASK_ASSIGN)
    account = people.account_by_username(uow, username.lower())
    other = people.actor(uow, account.key) if account and not account.disabled else None
    if other is None:
        raise Invalid(
            "user_task.assignee_unknown",
            f"there is nobody with the sign-in name {username}",
            params={"person": username},
        )
    held = {(holding.position, holding.unit_key) for holding in other[0].positions}
    if held.isdisjoint(found.task.candidates):
        raise NotAllowed(
            "user_task.assignee_not_candidate", f"{other[0].name} holds no position that may work this task"
        )
    refuse_own_case(found, other[0])
    return other[0].person_key


def result_of(found: Locked, stored: Mapping[str, object]) -> CompletionResult:
    """The first result again; its warnings are read from the trace entry on the case page."""
    names = stored.get("next")
    if not isinstance(names, list):
        raise Broken("database.inconsistent", "a stored command result cannot be read")
    return CompletionResult(
        instance_key=InstanceKey(found.case.key),
        number=found.case.number,
        ended=bool(stored["ended"]),
        next=tuple(names),
        warnings=(),
    )
