"""Words for the codes that the engine speaks in, in the reader's language."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from engine.model.views import VerificationView

_RISKS: Mapping[str, LazyString] = {
    "none": lazy_gettext("No warning"),
    "low": lazy_gettext("Low risk"),
    "medium": lazy_gettext("Medium risk"),
    "high": lazy_gettext("High risk"),
    "critical": lazy_gettext("Critical risk"),
}

_STATES: Mapping[str, LazyString] = {
    "ACTIVE": lazy_gettext("In progress"),
    "SUSPENDED": lazy_gettext("Suspended"),
    "COMPLETED": lazy_gettext("Completed"),
    "TERMINATED": lazy_gettext("Terminated"),
    "CREATED": lazy_gettext("Waiting"),
    "CANCELED": lazy_gettext("Cancelled by the system"),
    "FAILED": lazy_gettext("Failed"),
}

_KINDS: Mapping[str, LazyString] = {
    "process_instance.started.v1": lazy_gettext("Case started"),
    "process_instance.suspended.v1": lazy_gettext("Case suspended"),
    "process_instance.resumed.v1": lazy_gettext("Case resumed"),
    "process_instance.cancelled.v1": lazy_gettext("Case cancelled"),
    "process_instance.started.v2": lazy_gettext("Case started"),
    "process_instance.erased.v1": lazy_gettext("Personal data erased"),
    "user_task.assigned.v1": lazy_gettext("Task assigned"),
    "user_task.completed.v1": lazy_gettext("Task completed"),
    "user_task.completed.v2": lazy_gettext("Task completed"),
    "user_task.sent_back.v1": lazy_gettext("Sent back"),
    "user_task.withdrawn.v1": lazy_gettext("Withdrawn"),
    "user_task.transferred.v1": lazy_gettext("Transferred"),
    "user_task.signers_added.v1": lazy_gettext("Signers added"),
    "user_task.signed.v1": lazy_gettext("Signed as asked"),
    "user_task.signer_removed.v1": lazy_gettext("Signer removed"),
    "process_instance.urged.v1": lazy_gettext("Urged"),
    "process_instance.copied.v1": lazy_gettext("Copy sent"),
    "job.completed.v1": lazy_gettext("Job completed"),
    "job.completed.v2": lazy_gettext("Job completed"),
    "job.failed.v1": lazy_gettext("Job failed"),
    "timer.fired.v1": lazy_gettext("Timer fired"),
    "message.correlated.v1": lazy_gettext("Message arrived"),
    "signal.caught.v1": lazy_gettext("Signal caught"),
    "job.error_thrown.v1": lazy_gettext("Job ended with an error"),
    "job.updated.v1": lazy_gettext("Attempts of a job set"),
    "element.routed_around.v1": lazy_gettext("Completed by an operator"),
    "variables.changed.v1": lazy_gettext("Data changed by an operator"),
    "incident.created.v1": lazy_gettext("The case cannot go on here"),
    "incident.resolved.v1": lazy_gettext("The case can go on"),
    "alert.handled.v1": lazy_gettext("Alert handled"),
    "alert.climbed.v1": lazy_gettext("Alert climbed"),
    "check.judged.v1": lazy_gettext("Checked again"),
    "deadline.turned.v1": lazy_gettext("Time limit"),
    "clock.paused.v1": lazy_gettext("Clock stopped"),
    "clock.resumed.v1": lazy_gettext("Clock goes on"),
    "command.refused.v1": lazy_gettext("Attempt refused"),
    "command.refused.v2": lazy_gettext("Attempt refused"),
    "indicator.proposed.v1": lazy_gettext("Indicator version proposed"),
    "indicator.decided.v1": lazy_gettext("Indicator version decided"),
    "deployment.created.v1": lazy_gettext("Deployment"),
    "session.signed_in.v1": lazy_gettext("Signed in"),
    "session.sign_in_failed.v1": lazy_gettext("Sign-in failed"),
    "session.signed_out.v1": lazy_gettext("Signed out"),
    "token.issued.v1": lazy_gettext("Access token issued"),
    "person.created.v1": lazy_gettext("Person created"),
    "person.changed.v1": lazy_gettext("Person changed"),
    "case.read.v1": lazy_gettext("Case read"),
    "case.read_refused.v1": lazy_gettext("Reading a case refused"),
    "cases.searched.v1": lazy_gettext("Cases searched"),
    "cases.exported.v1": lazy_gettext("Cases exported"),
    "file.read.v1": lazy_gettext("File read"),
    "case.exported.v1": lazy_gettext("Evidence package made"),
    "erasure.proposed.v1": lazy_gettext("Erasure proposed"),
    "erasure.declined.v1": lazy_gettext("Erasure declined"),
    "system_trace.read.v1": lazy_gettext("System trace read"),
    "trace.verified.v1": lazy_gettext("Trace verified"),
    "exemption.granted.v1": lazy_gettext("Exemption granted"),
    "exemption.ended.v1": lazy_gettext("Exemption ended"),
    "sweep.ended.v1": lazy_gettext("Sweep over running cases"),
    "calendar.changed.v1": lazy_gettext("Working calendar edited"),
    "demonstration.loaded.v1": lazy_gettext("Demonstration data loaded"),
}

_ALARMS: Mapping[str, LazyString] = {
    "missing": lazy_gettext("An entry is missing"),
    "repeated": lazy_gettext("An entry is there twice"),
    "surplus": lazy_gettext("An entry was put in"),
    "hash": lazy_gettext("An entry was changed"),
    "body": lazy_gettext("An entry cannot be read"),
    "column": lazy_gettext("A column was changed"),
    "chain": lazy_gettext("An entry was rewritten"),
    "file": lazy_gettext("A file is missing or changed"),
    "head": lazy_gettext("The log was rewritten"),
}
"""What an alarm of the integrity page is about, by `engine.trace.verify.Fault`."""

_INCIDENTS: Mapping[str, LazyString] = {
    "job_failed": lazy_gettext("A system outside failed and has no attempts left"),
    "expression_failed": lazy_gettext("An expression of the model cannot be evaluated"),
    "assignment_failed": lazy_gettext("Nobody can be found for the next task"),
    "decision_missing": lazy_gettext("A decision is not deployed"),
    "decision_failed": lazy_gettext("A decision cannot be taken"),
    "called_process_missing": lazy_gettext("A called process is not deployed"),
    "error_unhandled": lazy_gettext("An error that nothing in the model catches"),
    "step_refused": lazy_gettext("A rule forbids the next step"),
    "nothing_waits": lazy_gettext("Nothing moves this case any more"),
}
"""Kinds of incidents, by `engine.model.incidents.IncidentKind`."""

_PARAMETERS: Mapping[str, LazyString] = {
    "value": lazy_gettext("Actual value"),
    "indicator": lazy_gettext("Indicator"),
    "law": lazy_gettext("Legal basis"),
    "district": lazy_gettext("District"),
    "limit": lazy_gettext("Limit"),
    "operator": lazy_gettext("Must be"),
    "unit": lazy_gettext("Measured in"),
    "persons": lazy_gettext("People looked up"),
    "payees": lazy_gettext("Publicly paid people found"),
    "kin": lazy_gettext("Filed relatives found"),
    "with_kin": lazy_gettext("Relatives looked at"),
    "declared": lazy_gettext("Declared by the applicant"),
    "vehicles": lazy_gettext("Vehicles found"),
    "count": lazy_gettext("Number found"),
    "total": lazy_gettext("Total value"),
    "most": lazy_gettext("At most"),
    "value_expression": lazy_gettext("How the value is found"),
    "limit_expression": lazy_gettext("How the limit is found"),
}

_ALERT_STATES: Mapping[str, LazyString] = {
    "open": lazy_gettext("Open"),
    "overdue": lazy_gettext("Overdue"),
    "all": lazy_gettext("All"),
    "raised": lazy_gettext("To be signed for"),
    "signed": lazy_gettext("To be verified"),
    "verified": lazy_gettext("Verified"),
    "rectified": lazy_gettext("Rectified"),
    "fed_back": lazy_gettext("To be reviewed"),
    "reviewed": lazy_gettext("Reviewed"),
    "cleared": lazy_gettext("Cleared"),
}

_ALERT_STEPS: Mapping[str, LazyString] = {
    "sign": lazy_gettext("Sign for it"),
    "verify": lazy_gettext("Verify the facts"),
    "rectify": lazy_gettext("Rectify"),
    "feed_back": lazy_gettext("Feed back"),
    "review": lazy_gettext("Review: pass"),
    "return": lazy_gettext("Review: return"),
    "clear": lazy_gettext("Clear"),
}

_VERDICTS: Mapping[str, LazyString] = {
    "true": lazy_gettext("Found true"),
    "false": lazy_gettext("Found false"),
    "cannot_tell": lazy_gettext("Cannot tell"),
}

_OPERATORS: Mapping[str, LazyString] = {
    "<": lazy_gettext("below the limit"),
    "<=": lazy_gettext("not above the limit"),
    ">": lazy_gettext("above the limit"),
    ">=": lazy_gettext("not below the limit"),
    "=": lazy_gettext("equal to the limit"),
    "!=": lazy_gettext("other than the limit"),
}

_ROLES: Mapping[str, LazyString] = {
    "clerk": lazy_gettext("Clerk"),
    "reviewer": lazy_gettext("Reviewer"),
    "approver": lazy_gettext("Approver"),
    "designer": lazy_gettext("Process designer"),
    "inspector": lazy_gettext("Inspector"),
    "operator": lazy_gettext("Case operator"),
    "system_admin": lazy_gettext("System administrator"),
    "security_admin": lazy_gettext("Security administrator"),
    "audit_admin": lazy_gettext("Audit administrator"),
    "service": lazy_gettext("Service"),
    "supervisor": lazy_gettext("Supervisor"),
    "policy": lazy_gettext("Indicator keeper"),
    "discipline": lazy_gettext("Discipline inspection"),
}

_LIGHTS: Mapping[str, LazyString] = {
    "green": lazy_gettext("In time"),
    "yellow": lazy_gettext("Near the limit"),
    "red": lazy_gettext("Over the limit"),
    "red_again": lazy_gettext("Over the limit again"),
}

PHRASES = (
    lazy_gettext("Agreed."),
    lazy_gettext("Checked; the facts are as stated. Agreed."),
    lazy_gettext("The materials are not complete; please supply them."),
    lazy_gettext("Not agreed."),
)
"""Offered for opinions to those who have written no phrases of their own."""

_TABS: Mapping[str, LazyString] = {
    "todo": lazy_gettext("To do"),
    "unclaimed": lazy_gettext("To claim"),
    "done": lazy_gettext("Done"),
    "started": lazy_gettext("Started by me"),
    "copied": lazy_gettext("Copied to me"),
}

_NOT_WORKABLE: Mapping[str, LazyString] = {
    "user_task.sign_only": lazy_gettext("You were asked for an opinion. Give it under “Other actions”."),
    "user_task.not_open": lazy_gettext("This task has already been handled. You can read it here."),
    "user_task.cancelled": lazy_gettext(
        "The system cancelled this task: the case no longer needs it. You can read it here."
    ),
    "user_task.not_yours": lazy_gettext("This task waits for somebody else. You can read it here."),
    "case.suspended": lazy_gettext(
        "This case is suspended. You can read it here; nothing can be done until it is resumed."
    ),
    "case.erased": lazy_gettext("The personal data of this case was erased. The trace still holds."),
}

_FAULTS: Mapping[str, LazyString] = {
    "missing": lazy_gettext("An entry was taken out here."),
    "repeated": lazy_gettext("There is more than one entry of this number."),
    "surplus": lazy_gettext("This entry was put in at the end."),
    "hash": lazy_gettext("What this entry says was changed: it does not belong to its seal."),
    "body": lazy_gettext("What this entry says can no longer be read."),
    "column": lazy_gettext("The register says something else about this entry than the entry itself."),
    "chain": lazy_gettext("This entry, or one before it, was rewritten: its neighbours vouch for another one."),
    "file": lazy_gettext("An attachment or photo of this entry is missing or was changed."),
    "head": lazy_gettext("The last entry, or one before it, was rewritten: the stored head vouches for another one."),
}
"""What is wrong with the first bad entry, by `engine.trace.verify.Fault`."""

_ABOUT: Mapping[str, LazyString] = {
    "view": lazy_gettext("Looked at"),
    "file": lazy_gettext("File, SHA-256"),
    "result": lazy_gettext("Result"),
    "models": lazy_gettext("Models"),
    "person": lazy_gettext("Person"),
    "entries": lazy_gettext("Entries"),
    "stream": lazy_gettext("Stream"),
    "streams": lazy_gettext("Streams"),
    "reason": lazy_gettext("Reason"),
    "cases": lazy_gettext("Cases found"),
    "search_number": lazy_gettext("Case number"),
    "search_person": lazy_gettext("Person who acted"),
    "search_subject": lazy_gettext("Subject"),
    "search_opinion": lazy_gettext("Opinion"),
    "search_file": lazy_gettext("Name of a file"),
    "search_unit": lazy_gettext("Unit"),
    "search_process": lazy_gettext("Process"),
    "search_node": lazy_gettext("Node"),
    "search_outcome": lazy_gettext("Outcome"),
    "search_level": lazy_gettext("Risk"),
    "search_state": lazy_gettext("State"),
    "search_since": lazy_gettext("Started from"),
    "search_until": lazy_gettext("Started until"),
    "search_longer": lazy_gettext("Took at least (days)"),
    "search_shorter": lazy_gettext("Took at most (days)"),
}

_VALUES: Mapping[tuple[str, str], LazyString] = {
    ("view", "case"): lazy_gettext("the case"),
    ("view", "replay"): lazy_gettext("the replay of the case"),
    ("view", "file"): lazy_gettext("a file of the case"),
    ("view", "print"): lazy_gettext("the case, to print it"),
    ("view", "operations"): lazy_gettext("how the case runs"),
    ("view", "variables"): lazy_gettext("the variables of the case"),
    ("view", "user_task"): lazy_gettext("a task of the case"),
    ("view", "check"): lazy_gettext("a check tried on the case"),
    ("result", "ok"): lazy_gettext("Not altered"),
    ("result", "altered"): lazy_gettext("Altered"),
    ("stream", "system"): lazy_gettext("System trace"),
}
"""Values of `_ABOUT` that are codes themselves."""

_ADVICE: Mapping[str, LazyString] = {
    "not_found": lazy_gettext("It may not exist, or it is outside your unit and position."),
    "not_allowed": lazy_gettext("If you need this for your work, ask the security administrator of your unit."),
    "refused": lazy_gettext("The attempt was noted in the trace."),
    "conflict": lazy_gettext("Somebody else was quicker, or you pressed twice. Look at the newest state first."),
    "invalid": lazy_gettext("Go back, correct what is named and send it again."),
    "unavailable": lazy_gettext("Nothing was changed. Try again in a moment."),
    "broken": lazy_gettext("Nothing was changed. Please give the reference below to your administrator."),
    "unauthenticated": lazy_gettext("What you typed is kept on this computer and comes back after you sign in."),
}


def reader(words: Mapping[str, LazyString], code: str) -> str:
    return str(words[code]) if code in words else code


def risk_label(code: str) -> str:
    """A risk level in words."""
    return reader(_RISKS, code)


def state_label(code: str) -> str:
    """A state of a process instance or user task in words."""
    return reader(_STATES, code)


def alarm_label(fault: str) -> str:
    """What an alarm is about."""
    return str(_ALARMS.get(fault, fault))


def kind_label(code: str) -> str:
    """A kind of trace entry in words."""
    return reader(_KINDS, code)


def incident_label(code: str) -> str:
    """A kind of incident in words."""
    return reader(_INCIDENTS, code)


def parameter_label(code: str) -> str:
    """A parameter of a check in words."""
    return reader(_PARAMETERS, code)


def operator_label(code: str) -> str:
    """How a value must stand to its limit, in words."""
    return reader(_OPERATORS, code)


def alert_state_label(code: str) -> str:
    """A state of an alert, or a filter of the alert centre, in words."""
    return reader(_ALERT_STATES, code)


def alert_step_label(code: str) -> str:
    """A step of an alert's life in words."""
    return reader(_ALERT_STEPS, code)


def verdict_label(code: str) -> str:
    """What a verification found, in words."""
    return reader(_VERDICTS, code)


def role_label(code: str) -> str:
    """A role in words."""
    return reader(_ROLES, code)


def tab_label(code: str) -> str:
    """A list of the workbench in words."""
    return reader(_TABS, code)


def light_label(code: str) -> str:
    """How time stands, in words."""
    return reader(_LIGHTS, code)


def not_workable_text(code: str) -> str:
    """Why the reader cannot work a user task."""
    return reader(_NOT_WORKABLE, code)


def fault_text(found: VerificationView) -> str:
    """What a verification found wrong."""
    return reader(_FAULTS, found.fault) if found.fault else found.reason


def about_label(code: str) -> str:
    """What a value of an entry of the system stream is."""
    return reader(_ABOUT, code)


def about_value(code: str, value: str) -> str:
    """Such a value in words."""
    return str(_VALUES.get((code, value), value))


def family_advice(family: str) -> str:
    """What to do about an error of a family."""
    return reader(_ADVICE, family)
