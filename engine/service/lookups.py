"""Compiled definitions by digest, and the newest decision by id."""

from datetime import datetime

from engine.feel import FeelError, dmn
from engine.feel.dmn import DecisionModel
from engine.forms import schema as form_schema
from engine.forms.schema import FormSchema
from engine.model.errors import Refused
from engine.runtime import interpreter
from engine.runtime.environment import Decided
from engine.runtime.interpreter import ExecutableProcess
from engine.service.equipment import Work, required
from engine.store import definitions


def executable(uow: Work, digest: str, process_id: str) -> ExecutableProcess:
    """The executable process of a deployed BPMN file."""

    def make() -> ExecutableProcess:
        return interpreter.load(required(definitions.resource(uow, digest), f"resource {digest}"), process_id)

    return uow.equipment.compiled.get(("process", digest, process_id), make)


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

    def make() -> DecisionModel:
        return dmn.load(required(definitions.resource(uow, found.digest), f"resource {found.digest}"))

    model = uow.equipment.compiled.get(("decision", found.digest), make)
    try:
        result = model.evaluate(decision_id, variables, now=now)
    except FeelError as error:
        raise _undecided(decision_id, str(error)) from error
    if result.errors:
        raise _undecided(decision_id, "; ".join(result.errors))
    return Decided(digest=found.digest, matched=result.matched, inputs=result.inputs, output=result.value)


def _undecided(decision_id: str, reason: str) -> Refused:
    return Refused(
        "decision.failed",
        f"the decision {decision_id} cannot be taken: {reason}",
        params={"decision": decision_id, "reason": reason},
    )
