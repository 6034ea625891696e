"""What starting and completing share: the interpreter's environment, assignment of what waits now, and the tail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.feel import FeelError, compile_expression
from engine.identity import assignment
from engine.model.errors import Detail, Refused
from engine.model.findings import Judgement, RiskLevel
from engine.model.ids import PersonKey, UnitKey
from engine.model.transitions import Step
from engine.model.views import InstanceState, UserTaskState, WarningView
from engine.runtime.environment import Decided, Environment
from engine.runtime.interpreter import ExecutableProcess
from engine.service import lookups
from engine.service.equipment import Work
from engine.service.judging import judge_with
from engine.store import cases, people
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.supervision import policy
from engine.trace.crypto import CaseCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A step that may be written: the case after it, its new user tasks, its encrypted state."""

    case: CaseRecord
    waiting: tuple[UserTaskRecord, ...]
    state: bytes


def environment(uow: Work, now: datetime) -> Environment:
    """The world of one step: decisions by their newest version, checks by `engine.supervision`."""

    def decide(decision_id: str, variables: Mapping[str, object], at: datetime) -> Decided:
        return lookups.decide(uow, decision_id, dict(variables), at)

    return Environment(now=now, decide=decide, judge=judge_with(decide, now))


def refuse_blocked(step: Step) -> None:
    """Raise Refused when a blocking check was hit; the details name the checks."""
    blocked = [result for judgement in step.judgements for result in policy.blocking(judgement.results)]
    if blocked:
        details = [Detail(place=r.element_id, code="blocked", message=r.reason) for r in blocked]
        raise Refused("supervision.blocked", "a supervision check forbids this step", details=details)


def prepare(
    uow: Work,
    process: ExecutableProcess,
    case: CaseRecord,
    step: Step,
    cipher: CaseCipher,
    before: Sequence[UserTaskRecord],
) -> Prepared:
    """Assign what waits now and put the case in the state after the step. Writes nothing.

    before: the user tasks that go on waiting. Raises Refused when nobody holds a position that is asked for.
    """
    waiting = _user_tasks(uow, process, case, step)
    names = [record.element_name for record in (*before, *waiting)]
    level = max([RiskLevel(case.level), *(j.level for j in step.judgements)], key=lambda found: found.rank)
    after = replace(
        case,
        version=case.version + 1,
        subject=cipher.encrypt(subject(process, step).encode(), context=subject_context(case.key)),
        state=InstanceState.COMPLETED if step.ended else InstanceState.ACTIVE,
        ended_at=uow.now() if step.ended else None,
        level=level.value,
        current=tuple(names),
    )
    state = cipher.encrypt(step.state, context=state_context(case.key))
    return Prepared(case=after, waiting=waiting, state=state)


def _user_tasks(uow: Work, process: ExecutableProcess, case: CaseRecord, step: Step) -> tuple[UserTaskRecord, ...]:
    if not step.waiting:
        return ()
    chain = [UnitKey(int(part)) for part in reversed(case.unit_path.strip("/").split("/"))]
    wanted = {position for found in step.waiting for position in found.candidate_positions}
    holders = people.holders(uow, wanted, chain) if wanted else set()
    elements = {found.element: process.definition.elements[found.element] for found in step.waiting}
    fresh = cases.fresh_user_tasks(uow, [elements[found.element].form_id for found in step.waiting])
    now = uow.now()
    made = []
    for (key, form), found in zip(fresh, step.waiting, strict=True):
        element = elements[found.element]
        candidates = assignment.nearest_candidates(found.candidate_positions, chain, holders)
        assignee = _assignee(uow, found.assignee)
        if assignee is None and not candidates:
            raise Refused(
                "assignment.nobody",
                f"nobody can be found for {element.name or element.id}: no unit from {case.unit_name} upwards has a "
                f"holder of {', '.join(found.candidate_positions) or 'a position'}",
                params={"element": element.name or element.id, "positions": ", ".join(found.candidate_positions)},
            )
        made.append(
            UserTaskRecord(
                key=key,
                instance_key=case.key,
                element_id=found.element,
                element_instance=found.instance,
                element_name=element.name or element.id,
                form=form,
                state=UserTaskState.CREATED,
                version=1,
                assignee_key=assignee,
                created_at=now,
                candidates=tuple(candidates),
            )
        )
    return tuple(made)


def _assignee(uow: Work, username: str | None) -> PersonKey | None:
    if not username:
        return None
    account = people.account_by_username(uow, username.lower())
    if account is None or account.disabled:
        raise Refused(
            "assignment.unknown_person",
            f"the model assigns {username}, who is not a person that can sign in",
            params={"person": username},
        )
    return account.key


def subject(process: ExecutableProcess, step: Step) -> str:
    """The subject that the model's expression gives; empty when it gives none."""
    text = process.definition.subject
    if not text:
        return ""
    try:
        value = compile_expression(text)(step.variables)
    except FeelError:
        return ""
    return value if isinstance(value, str) else ""


def warnings(process: ExecutableProcess, judgements: Sequence[Judgement]) -> tuple[WarningView, ...]:
    """What the clerk is told about a step: hits and open questions that are not report-only."""
    return tuple(
        WarningView(
            element_id=result.element_id,
            element_name=process.definition.elements[result.element_id].name,
            code=result.code,
            name=result.name,
            outcome=result.outcome.value,
            level=result.level,
            reason=result.reason,
            parameters=result.parameters,
            evidence=result.evidence,
        )
        for judgement in judgements
        for result in judgement.results
        if result.warns
    )


def subject_context(key: int) -> bytes:
    """What ties an encrypted subject to its case."""
    return f"mingjing.subject.v1:{key}".encode()


def state_context(key: int) -> bytes:
    """What ties an encrypted state to its case."""
    return f"mingjing.state.v1:{key}".encode()
