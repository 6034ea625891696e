"""Words of the operators' pages."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from engine.model.incidents import IncidentRow
from engine.model.operations import FailedStart
from web import problems

_FIGURES: Mapping[str, LazyString] = {
    "running": lazy_gettext("Running cases"),
    "waiting": lazy_gettext("Waiting for others"),
    "overdue": lazy_gettext("Overdue"),
    "incident": lazy_gettext("With incidents"),
    "suspended": lazy_gettext("Suspended"),
}

_WAITS: Mapping[str, LazyString] = {
    "timer": lazy_gettext("Timer"),
    "message": lazy_gettext("Message"),
    "signal": lazy_gettext("Signal"),
}

_TYPES: Mapping[str, LazyString] = {
    "startEvent": lazy_gettext("Start event"),
    "endEvent": lazy_gettext("End event"),
    "intermediateCatchEvent": lazy_gettext("Catch event"),
    "intermediateThrowEvent": lazy_gettext("Throw event"),
    "boundaryEvent": lazy_gettext("Boundary event"),
    "userTask": lazy_gettext("User task"),
    "serviceTask": lazy_gettext("Service task"),
    "sendTask": lazy_gettext("Send task"),
    "receiveTask": lazy_gettext("Receive task"),
    "scriptTask": lazy_gettext("Script task"),
    "businessRuleTask": lazy_gettext("Business rule task"),
    "manualTask": lazy_gettext("Manual task"),
    "task": lazy_gettext("Task"),
    "callActivity": lazy_gettext("Call activity"),
    "subProcess": lazy_gettext("Subprocess"),
    "exclusiveGateway": lazy_gettext("Exclusive gateway"),
    "inclusiveGateway": lazy_gettext("Inclusive gateway"),
    "parallelGateway": lazy_gettext("Parallel gateway"),
    "eventBasedGateway": lazy_gettext("Event-based gateway"),
}

_CURES: Mapping[str, LazyString] = {
    "job_failed": lazy_gettext("Mend what the system outside says, give the job attempts again and retry."),
    "expression_failed": lazy_gettext("Correct the variable that the expression reads, then retry."),
    "assignment_failed": lazy_gettext("Fill the position, or correct the variable that names the person; then retry."),
    "decision_missing": lazy_gettext("Have the decision deployed, then retry."),
    "decision_failed": lazy_gettext("Correct the variables that the decision reads, then retry."),
    "called_process_missing": lazy_gettext("Have the called process deployed, then retry."),
    "error_unhandled": lazy_gettext("Correct what led to the error and retry, or complete the element in its place."),
    "step_refused": lazy_gettext("Correct what the rule names, then retry."),
    "nothing_waits": lazy_gettext(
        "Tell the designer of the process. A join can be completed in its place: it goes on with what has come."
    ),
}


def figure_label(code: str) -> str:
    """A number of the overview in words."""
    return str(_FIGURES.get(code, code))


def wait_label(code: str) -> str:
    """A kind of wait in words."""
    return str(_WAITS.get(code, code))


def element_type_label(code: str) -> str:
    """A type of element in words."""
    return str(_TYPES.get(code, code))


def incident_cure(kind: str) -> str:
    """What to do about a kind of incident."""
    return str(_CURES.get(kind, ""))


def incident_text(found: IncidentRow) -> str:
    """Why a case cannot go on. What a system outside said is told as it said it."""
    if found.kind == "job_failed" and found.reason:
        return found.reason
    return problems.translated(f"problem.{found.code}", found.reason, found.params)


def start_problem(found: FailedStart) -> str:
    """Why a case could not begin."""
    return problems.translated(f"problem.{found.code}", found.code, found.params)
