"""What starting and completing share: the interpreter's environment, assignment of what waits now, and the tail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.feel import FeelError, compile_expression
from engine.identity import assignment
from engine.model.approval import SelfApproval
from engine.model.definitions import ElementDefinition
from engine.model.errors import Detail, Refused
from engine.model.findings import CheckResult, Judgement, RiskLevel
from engine.model.ids import JobKey, PersonKey, UnitKey, UserTaskKey
from engine.model.transitions import Step, WaitingJob, WaitingUserTask
from engine.model.views import InstanceState, UserTaskState, WarningView
from engine.runtime.environment import CalledProcess, Decided, Environment
from engine.runtime.interpreter import ExecutableProcess
from engine.service import calendars, items, lookups, waits, working_days
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work
from engine.service.judging import judge_with
from engine.service.states import HeldInstance
from engine.store import cases, people
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.definitions import ProcessReference
from engine.store.jobs import NewJob
from engine.store.states import WrittenState
from engine.store.waits import StepWaits
from engine.supervision import policy
from engine.trace.crypto import CaseCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A step that may be written: the case after it, its new user tasks, jobs and waits, its encrypted state."""

    case: CaseRecord
    waiting: tuple[UserTaskRecord, ...]
    jobs: tuple[NewJob, ...]
    state: WrittenState
    waits: StepWaits


def environment(uow: Work, now: datetime, definition_key: int, facts: CaseFacts | None = None) -> Environment:
    """The world of one step: decisions and called processes as they are deployed, checks by `engine.supervision`.

    Its time is that of the office: a model that says "09:00" or ``today()`` means the office's.
    definition_key: of the case's own process. Within one step the same call gives the same process. facts: what its
    checks may be handed; None when there is no case to speak of.
    """
    answered: dict[CalledProcess, ExecutableProcess] = {}

    def decide(decision_id: str, variables: Mapping[str, object], at: datetime) -> Decided:
        return lookups.decide(uow, decision_id, dict(variables), at)

    def judge(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
        return replace(judge_checks(element, variables), element_name=element.name)

    def call(wanted: CalledProcess) -> ExecutableProcess:
        if wanted not in answered:
            answered[wanted] = lookups.called(uow, wanted, definition_key)
        return answered[wanted]

    judge_checks = judge_with(decide, now, facts)
    return Environment(
        now=now.astimezone(uow.equipment.zone),
        decide=decide,
        judge=judge,
        call=call,
        working_days=lambda start, days: working_days.after(calendars.current(uow), start, days),
    )


def refuse_blocked(step: Step) -> None:
    """Raise Refused when a blocking check was hit; the details name the checks."""
    blocked = [result for judgement in step.judgements for result in policy.blocking(judgement.results)]
    if blocked:
        details = [_stopped(result) for result in blocked]
        raise Refused("supervision.blocked", "a supervision check forbids this step", details=details)


def _stopped(result: CheckResult) -> Detail:
    """Why a check stopped the step; where a reason lets it pass, the place is where to give it."""
    params = {"reason": result.reason}
    if result.may_go_on:
        place = f"reasons.{result.check_id}"
        return Detail(place=place, code="blocked_until_reason", message=result.reason, params=params)
    return Detail(place=result.element_id, code="blocked", message=result.reason, params=params)


def prepare(
    uow: Work,
    process: ExecutableProcess,
    case: CaseRecord,
    step: Step,
    cipher: CaseCipher,
    held: HeldInstance,
) -> Prepared:
    """Assign what waits now and put the case in the state after the step. Writes nothing.

    Raises Refused when nobody holds a position that is asked for.
    """
    waiting, jobs = _waiting(uow, process, case, step, cipher)
    listens = waits.of_step(uow, case, step)
    names = [element.name or element.id for element in step.stands_at]
    level = max([RiskLevel(case.level), *(j.level for j in step.judgements)], key=lambda found: found.rank)
    after = replace(
        case,
        version=case.version + 1,
        subject=cipher.encrypt(subject(process, step).encode(), context=subject_context(case.key)),
        state=InstanceState.COMPLETED if step.ended else InstanceState.ACTIVE,
        ended_at=uow.now() if step.ended else None,
        level=level.value,
        current=tuple(dict.fromkeys(names)),
    )
    return Prepared(case=after, waiting=waiting, jobs=jobs, state=held.write(step, cipher), waits=listens)


def _waiting(
    uow: Work, process: ExecutableProcess, case: CaseRecord, step: Step, cipher: CaseCipher
) -> tuple[tuple[UserTaskRecord, ...], tuple[NewJob, ...]]:
    """Records of the user tasks and jobs that begin to wait. One statement gives their keys, however many."""
    if not step.waiting and not step.jobs:
        return (), ()
    found_here: list[WaitingUserTask | WaitingJob] = [*step.waiting, *step.jobs]
    elements = [_element(uow, process, found) for found in found_here]
    forms = [element.form_id if element.type == "userTask" else None for _, element in elements]
    named = [found.assignee.lower() if found.assignee else None for found in step.waiting] + [None] * len(step.jobs)
    fresh = cases.fresh_user_tasks(uow, forms, named)
    fallbacks = [element.approval.fallback for _, element in elements if element.type == "userTask"]
    offers = _Offers.of(uow, case, step.waiting, fallbacks)
    made = []
    for new, found, (called, element) in zip(fresh, step.waiting, elements, strict=False):
        assignee, candidates = offers.find(found, element, new.person)
        made.append(
            UserTaskRecord(
                key=new.key,
                instance_key=case.key,
                element_id=found.element,
                element_instance=found.instance,
                element_name=element.name or element.id,
                form=new.form,
                state=UserTaskState.CREATED,
                version=1,
                assignee_key=assignee,
                created_at=uow.now(),
                candidates=candidates,
                called=called,
                item_number=found.item_number,
                item=items.seal(items.label(found.item), new.key, cipher),
            )
        )
    rest = len(step.waiting)
    jobs = [
        _job(new.key, job, called, element)
        for new, job, (called, element) in zip(fresh[rest:], step.jobs, elements[rest:], strict=True)
    ]
    return tuple(made), tuple(jobs)


def _element(
    uow: Work, process: ExecutableProcess, found: WaitingUserTask | WaitingJob
) -> tuple[ProcessReference | None, ElementDefinition]:
    """The called process that something belongs to (None for the case's own), and its definition there."""
    if not found.process_id:
        return None, process.definition.elements[found.element]
    called = lookups.executable(uow, found.digest, found.process_id)
    return lookups.reference(uow, found.process_id, found.digest), called.definition.elements[found.element]


def _job(key: UserTaskKey, job: WaitingJob, called: ProcessReference | None, element: ElementDefinition) -> NewJob:
    return NewJob(
        key=JobKey(key),
        called=called,
        element_id=job.element,
        element_instance=job.instance,
        element_name=element.name or element.id,
        type=job.type,
        headers=job.headers,
        retries=max(job.retries, 1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offers:
    """Who may be given the user tasks of one step: looked up once for all of them."""

    case: CaseRecord
    chain: Sequence[UnitKey]
    holders: set[tuple[str, UnitKey]]

    @classmethod
    def of(
        cls, uow: Work, case: CaseRecord, waiting: Sequence[WaitingUserTask], fallbacks: Sequence[Sequence[str]]
    ) -> "_Offers":
        chain = [UnitKey(int(part)) for part in reversed(case.unit_path.strip("/").split("/"))]
        wanted = {position for found in waiting for position in found.candidate_positions}
        wanted |= {position for fallback in fallbacks for position in fallback}
        return cls(
            case=case,
            chain=chain,
            holders=people.holders(uow, wanted, chain) if wanted else set(),
        )

    def find(
        self, found: WaitingUserTask, element: ElementDefinition, person: PersonKey | None
    ) -> tuple[PersonKey | None, tuple[tuple[str, int], ...]]:
        """The assignee that the model names (`person`), and the candidates. Raises Refused when there is nobody."""
        candidates = tuple(assignment.nearest_candidates(found.candidate_positions, self.chain, self.holders))
        if found.assignee:
            assigned = self._assigned(found.assignee, person)
            own = assigned == self.case.starter_key and element.approval.self_approval is SelfApproval.REFUSE
            if not own:
                return assigned, candidates
        if not candidates:
            candidates = tuple(assignment.nearest_candidates(element.approval.fallback, self.chain, self.holders))
        if not candidates:
            raise Refused(
                "assignment.nobody",
                f"nobody can be found for {element.name or element.id}: no unit from {self.case.unit_name} upwards has "
                f"a holder of {', '.join(found.candidate_positions) or 'a position'}",
                params={"element": element.name or element.id, "positions": ", ".join(found.candidate_positions)},
            )
        return None, candidates

    def _assigned(self, username: str, person: PersonKey | None) -> PersonKey:
        if person is None:
            raise Refused(
                "assignment.unknown_person",
                f"the model assigns {username}, who is not a person that can sign in",
                params={"person": username},
            )
        return person


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


def warnings(judgements: Sequence[Judgement]) -> tuple[WarningView, ...]:
    """What the clerk is told about a step: hits and open questions that are not report-only."""
    return tuple(
        WarningView(
            element_id=result.element_id,
            element_name=judgement.element_name,
            code=result.code,
            name=result.name,
            outcome=result.outcome.value,
            level=result.level,
            reason=result.reason,
            parameters=result.parameters,
            evidence=result.evidence,
            given_reason=result.given_reason,
            data_versions=result.data_versions,
        )
        for judgement in judgements
        for result in judgement.results
        if result.warns
    )


def subject_context(key: int) -> bytes:
    """What ties an encrypted subject to its case."""
    return f"mingjing.subject.v1:{key}".encode()
