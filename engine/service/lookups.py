"""Compiled definitions by digest, and the newest decision by id."""

from datetime import datetime

from engine.feel import FeelError, dmn
from engine.feel.dmn import DecisionModel
from engine.forms import schema as form_schema
from engine.forms.schema import FormSchema
from engine.model.definitions import ElementDefinition
from engine.model.errors import Refused
from engine.runtime import interpreter
from engine.runtime.environment import CalledProcess, Decided
from engine.runtime.interpreter import ExecutableProcess
from engine.service.equipment import Work, required
from engine.store import definitions
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.definitions import ProcessReference


def executable(uow: Work, digest: str, process_id: str) -> ExecutableProcess:
    """The executable process of a deployed BPMN file."""

    def make() -> ExecutableProcess:
        return interpreter.load(required(definitions.resource(uow, digest), f"resource {digest}"), process_id)

    return uow.equipment.compiled.get(("process", digest, process_id), make)


def reference(uow: Work, process_id: str, digest: str) -> ProcessReference:
    """The version of a process that was made of these bytes."""

    def find() -> ProcessReference:
        row = required(definitions.of_digest(uow, process_id, digest), f"process {process_id} of {digest}")
        return ProcessReference(key=row.key, id=row.id, name=row.name, version=row.version, digest=row.digest)

    return uow.equipment.compiled.get(("reference", digest, process_id), find)


def process_of(uow: Work, case: CaseRecord, called: ProcessReference | None) -> ExecutableProcess:
    """The process that a user task or job of a case belongs to: a called one, or the case's own."""
    if called is not None:
        return executable(uow, called.digest, called.id)
    return executable(uow, case.digest, case.process_id)


def element(uow: Work, case: CaseRecord, task: UserTaskRecord) -> ElementDefinition:
    """What the model says about a user task."""
    return process_of(uow, case, task.called).definition.elements[task.element_id]


def called(uow: Work, wanted: CalledProcess, definition_key: int) -> ExecutableProcess:
    """The process of a call activity, by its binding; of a running call exactly the one it began with.

    definition_key: of the case's own process. Raises Refused, naming the process, when it is not deployed so.
    """
    if wanted.digest is not None:
        return executable(uow, wanted.digest, wanted.process_id)
    match wanted.binding:
        case "versionTag":
            found = definitions.tagged(uow, wanted.process_id, wanted.version_tag or "")
            how = f" with the version tag {wanted.version_tag}"
        case "deployment":
            caller = reference(uow, *wanted.caller).key if wanted.caller[0] else definition_key
            found = definitions.deployed_with(uow, wanted.process_id, caller)
            how = " together with its caller"
        case _:
            found = definitions.latest(uow, "process", [wanted.process_id]).get(wanted.process_id)
            how = ""
    if found is None:
        raise Refused(
            "process.not_called",
            f"the process {wanted.process_id} that is called is not deployed{how}",
            params={"process": wanted.process_id},
        )
    return executable(uow, found.digest, found.id)


def form(uow: Work, digest: str) -> FormSchema:
    """The form of a deployed form file."""

    def make() -> FormSchema:
        return form_schema.parse(required(definitions.resource(uow, digest), f"resource {digest}"), resource=digest)

    return uow.equipment.compiled.get(("form", digest), make)


def decide(uow: Work, decision_id: str, variables: dict[str, object], now: datetime) -> Decided:
    """Take a decision by its newest version (late binding).

    Raises Refused when it is not deployed or its tables cannot decide; the message quotes the rule numbers.
    """
    found = definitions.latest(uow, "decision", [decision_id]).get(decision_id)
    if found is None:
        raise Refused(
            "decision.unknown", f"the decision {decision_id} is not deployed", params={"decision": decision_id}
        )

    try:
        result = decision_model(uow, found.digest).evaluate(decision_id, variables, now=now)
    except FeelError as error:
        raise _undecided(decision_id, str(error)) from error
    if result.errors:
        raise _undecided(decision_id, "; ".join(result.errors))
    return Decided(digest=found.digest, matched=result.matched, inputs=result.inputs, output=result.value)


def decision_model(uow: Work, digest: str) -> DecisionModel:
    """The compiled document of a deployed DMN file."""

    def make() -> DecisionModel:
        return dmn.load(required(definitions.resource(uow, digest), f"resource {digest}"))

    return uow.equipment.compiled.get(("decision", digest), make)


def _undecided(decision_id: str, reason: str) -> Refused:
    return Refused(
        "decision.failed",
        f"the decision {decision_id} cannot be taken: {reason}",
        params={"decision": decision_id, "reason": reason},
    )
