"""The sample cases of the demonstration run through the shipped process as told: forms, decision, checks, ends."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import pytest

from engine.feel import dmn
from engine.forms import schema
from engine.forms.schema import FormSchema
from engine.identity.identifiers import FORMATS
from engine.model.definitions import ElementDefinition, FieldAccess
from engine.model.errors import Invalid
from engine.model.findings import CheckOutcome
from engine.model.ids import Digest, ElementInstanceId
from engine.model.transitions import Step, TransitionKind
from engine.runtime import interpreter
from engine.runtime.environment import Decided, Environment
from engine.service import demonstration_indicators
from engine.service.demonstration_city import SampleCase, SampleStep, build_city, sample_cases
from engine.supervision import gateway
from engine.supervision.facts import Given
from engine.supervision.indicators import IndicatorsOfTheDay, Library

FOLDER = Path(__file__).resolve().parents[2] / "processes" / "dibao"
LEFT = frozenset({TransitionKind.COMPLETED, TransitionKind.TERMINATED})
NOW = datetime(2026, 1, 25, 1, tzinfo=UTC)


@cache
def process() -> interpreter.ExecutableProcess:
    return interpreter.load((FOLDER / "dibao.bpmn").read_bytes(), "dibao")


def decide(decision: str, variables: Mapping[str, object], now: datetime) -> Decided:
    result = dmn.load((FOLDER / "dibao-limits.dmn").read_bytes()).evaluate(decision, variables, now=now)
    return Decided(digest=Digest("0" * 64), matched=result.matched, inputs=result.inputs, output=result.value)


LIBRARY = IndicatorsOfTheDay(library=Library.stored(demonstration_indicators.versions()), day=NOW.date())
WORLD = Environment(now=NOW, decide=decide, judge=partial(gateway.judge, now=NOW, given=Given(indicators=LIBRARY)))


def element(identifier: str) -> ElementDefinition:
    return next(one for key, one in process().definition.elements.items() if key == identifier)


def access(drawn: ElementDefinition, form: FormSchema) -> dict[str, FieldAccess]:
    return {path: drawn.field_access.get(path, FieldAccess.WRITE) for path in form.fields}


class Run:
    """One case on its way: which user tasks wait, and what the checks have said."""

    def __init__(self, forms: Mapping[str, FormSchema]) -> None:
        self.forms = forms
        self.waiting: dict[str, ElementInstanceId] = {}
        self.hits: set[str] = set()
        self.last = interpreter.start(process(), {}, WORLD)
        self.take(self.last)

    def take(self, step: Step) -> None:
        left = {one.instance for one in step.transitions if one.kind in LEFT}
        self.waiting = {key: one for key, one in self.waiting.items() if one not in left}
        self.waiting |= {one.element: one.instance for one in step.waiting}
        results = [one for judgement in step.judgements for one in judgement.results if one.reason_code != "no-source"]
        self.hits |= {result.check_id for result in results if result.outcome is not CheckOutcome.CLEAR}
        self.last = step

    def complete(self, sample: SampleStep) -> None:
        drawn = element(sample.element)
        form = self.forms[drawn.form_id or ""]
        existing = interpreter.variables(self.last.state)
        clean = schema.validate(
            form,
            sample.variables,
            existing=existing,
            access=access(drawn, form),
            now=NOW,
            formats=FORMATS,
            outcome=sample.action,
        )
        answers = {**clean, drawn.result_variable or "": sample.action}
        self.take(interpreter.complete(process(), self.last.state, self.waiting[sample.element], answers, WORLD))


@pytest.mark.parametrize("case", sample_cases(), ids=lambda case: case.code)
def test_sample_case_ends_as_told(case: SampleCase, forms: dict[str, FormSchema]) -> None:
    """Every step is accepted by its form and possible in its place; the checks that hit and the end are as told."""
    run = Run(forms)
    for step in case.steps:
        assert step.element in run.waiting
        run.complete(step)
    assert run.hits == set(case.hits)
    assert run.last.ended
    ends = [one.element for one in run.last.transitions if one.kind is TransitionKind.COMPLETED]
    assert ends[-1] == case.end


@pytest.mark.parametrize("case", sample_cases(), ids=lambda case: case.code)
def test_sample_case_keeps_the_rules_of_its_nodes(case: SampleCase) -> None:
    """Outcomes exist, demanded opinions and materials are there, and a holder of the position does the work."""
    people = {person.username: person for person in build_city().people}
    for step in case.steps:
        drawn = element(step.element)
        (outcome,) = [one for one in drawn.outcomes if one.code == step.action]
        assert step.opinion or not outcome.opinion_required
        demanded = {
            one.code for one in drawn.materials if one.minimum and step.action in (one.outcomes or {step.action})
        }
        assert demanded <= set(step.materials) <= {one.code for one in drawn.materials}
        assert set(people[step.username].positions) & set(drawn.candidate_positions)


def test_missing_data_goes_to_the_collective_review(forms: dict[str, FormSchema]) -> None:
    """What cannot be judged is no pass: without a figure of the data check the case is not reviewed by one person."""
    case = sample_cases()[0]
    run = Run(forms)
    for step in case.steps:
        if step.element == "DataCheck":
            break
        run.complete(step)
    answers = {"savings": 0, "vehicle_value": 0}
    run.take(interpreter.complete(process(), run.last.state, run.waiting["DataCheck"], answers, WORLD))
    assert set(run.waiting) == {"CollectiveReview"}


def test_refused_application_ends(forms: dict[str, FormSchema]) -> None:
    """不予受理 ends the case before anybody visits or compares."""
    case = sample_cases()[0]
    run = Run(forms)
    run.complete(case.steps[0])
    refusal = SampleStep(
        element="Acceptance",
        username="zhao",
        action="reject",
        opinion="不属于本街道受理范围，请向户籍所在地申请；不服的可以申请行政复议。",
        variables={"in_jurisdiction": False, "identity_verified": True, "materials_complete": True},
    )
    run.complete(refusal)
    assert run.last.ended
    assert run.last.transitions[-1].element == "End_NotAccepted"


def test_accepting_without_the_ticks_is_refused(forms: dict[str, FormSchema]) -> None:
    """受理 needs scope, identity and materials, whatever an earlier round left in the correction list."""
    case = sample_cases()[0]
    run = Run(forms)
    run.complete(case.steps[0])
    careless = SampleStep(
        element="Acceptance",
        username="zhao",
        action="accept",
        opinion="材料齐备，予以受理。",
        variables={"materials_complete": False, "correction_list": "上一轮的清单"},
    )
    with pytest.raises(Invalid) as caught:
        run.complete(careless)
    assert {one.place for one in caught.value.details} == {"in_jurisdiction", "identity_verified", "materials_complete"}
