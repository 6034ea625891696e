"""What checks would say if somebody's draft were submitted now: a prompt beforehand, nothing is written.

Asked are the checks ``on submit`` of the node alone, by the very objects that judge the step later. A check that only
reports is not among them: it is not asked here at all, so neither content nor time of the answer depend on it.
"""

from collections.abc import Mapping
from dataclasses import replace

from engine.forms import rights as form_rights
from engine.forms import schema as form_schema
from engine.identity import identifiers
from engine.model.actors import Actor
from engine.model.definitions import CheckDefinition, ElementDefinition, FieldAccess, Outcome
from engine.model.errors import MingjingError
from engine.model.findings import CheckOutcome, CheckPhase, CheckResult
from engine.model.views import DraftView, ForeseenWarning, WarningView
from engine.runtime import interpreter
from engine.service import drafts, lookups, states
from engine.service.case_facts import CaseFacts, act_of
from engine.service.check_uses import SILENT
from engine.service.drafts import Mine
from engine.service.equipment import Work
from engine.service.judging import judge_with


def checks(element: ElementDefinition) -> tuple[CheckDefinition, ...]:
    """The checks of a node that judge what is submitted and may be known of."""
    return tuple(check for check in element.at(CheckPhase.SUBMIT).checks if check.actions != SILENT)


def foreseen(uow: Work, actor: Actor, key: int) -> tuple[ForeseenWarning, ...]:
    """What would be found in the actor's draft of a user task; hits alone while the form is not whole.

    Raises NotFound, NotAllowed, Conflict as a draft does.
    """
    mine = drafts.workable(uow, actor, key)
    element = lookups.element(uow, mine.case, mine.task)
    asked = checks(element)
    state = states.look(uow, mine.case, mine.cipher) if asked else None
    if state is None:
        return ()
    draft = drafts.load(uow, mine.task, actor, mine.cipher)
    outcome = _outcome(element, draft)
    seen = interpreter.visible(state, mine.task.element_instance)
    values, whole = _values(uow, mine, element, draft, outcome, seen)
    if outcome is not None:
        values[element.result_variable or f"{element.id}_outcome"] = outcome.code
    now = uow.now()
    facts = CaseFacts(uow, now, mine.case, act_of(actor, element, outcome, now))
    judge = judge_with(lambda *wanted: lookups.decide(uow, wanted[0], dict(wanted[1]), wanted[2]), now, facts)
    results = judge(replace(element, checks=asked), {**seen, **values}).results
    return tuple(_shown(result) for result in results if result.warns and (whole or result.outcome is CheckOutcome.HIT))


def _outcome(element: ElementDefinition, draft: DraftView) -> Outcome | None:
    if len(element.outcomes) == 1:
        return element.outcomes[0]
    return next((one for one in element.outcomes if one.code == draft.outcome), None)


def _values(
    uow: Work,
    mine: Mine,
    element: ElementDefinition,
    draft: DraftView,
    outcome: Outcome | None,
    seen: Mapping[str, object],
) -> tuple[dict[str, object], bool]:
    """What the form would give, and whether it is whole: while it is not, what was typed into fields to be written."""
    if mine.task.form is None:
        return {}, True
    form = lookups.form(uow, mine.task.form.digest)
    try:
        clean = form_schema.validate(
            form,
            draft.data,
            existing=seen,
            access=element.field_access,
            now=uow.now().astimezone(uow.equipment.zone),
            formats=identifiers.FORMATS,
            outcome=outcome.code if outcome else "",
        )
    except MingjingError:
        access = element.field_access
        typed = {name: value for name, value in draft.data.items() if name in form.variables}
        return {
            name: value for name, value in typed.items() if form_rights.effective(access, name) is FieldAccess.WRITE
        }, False
    return clean, outcome is not None or not element.outcomes


def _shown(result: CheckResult) -> ForeseenWarning:
    stops = result.blocking and result.outcome is CheckOutcome.HIT
    warning = WarningView(
        element_id=result.element_id,
        element_name="",
        code=result.code,
        name=result.name,
        outcome=result.outcome.value,
        level=result.level,
        reason=result.reason,
        parameters=result.parameters,
        evidence=result.evidence,
        data_versions=result.data_versions,
    )
    return ForeseenWarning(warning=warning, stops=stops, may_go_on=result.may_go_on)
