"""What a check is: a code of the catalogue, where it comes from, and one pure function from a question to an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.model.definitions import CheckDefinition
from engine.model.findings import CheckOutcome, Fence, Light, RiskLevel
from engine.model.lookups import Need
from engine.supervision.calendar import UnknownYear
from engine.supervision.facts import Facts
from engine.supervision.question import CannotSay, Parameter, Question
from engine.supervision.sentences import COMMON, Sentence, render


class Phase(StrEnum):
    """When a check looks: before the act, during it, after it (事前、事中、事后)."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """code: which sentence is said, with params. parameters: what the rule was judged with, evidence: what it looked
    at; both plain values. raised: by how many levels this is worse than usual. data_versions: by source.
    """

    outcome: CheckOutcome
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, object] = field(default_factory=dict)
    fences: tuple[Fence, ...] = ()
    data_versions: Mapping[str, str] = field(default_factory=dict)
    light: Light | None = None
    raised: int = 0


def no_needs(question: Question) -> tuple[Need, ...]:  # noqa: ARG001 - the shape of `Check.needs`
    """Most checks need nothing looked up."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule of the catalogue.

    kind: threshold, ratio, deadline, … level: the usual one; a model may choose another.
    source: the law, standard or published practice that the rule comes from. rule: in words, for the reference;
        rule_zh: the same for the page of the check.
    parameters: what the model may say, with one of each group of `alternatives` at least. example: a
        ``supervision:check`` as drawn; example_variables: with which it is a HIT when all it needs is at hand.
    trace: whether it needs the case's trace (``none``, for ``some`` of its parameters); sources: whether datasets.
    needs: what is to be looked up first. judge: pure; may raise, which is then itself a finding (CANNOT_SAY).
    """

    code: str
    name: str
    kind: str
    phases: frozenset[Phase]
    level: RiskLevel
    source: str
    rule: str
    parameters: tuple[Parameter, ...]
    sentences: Mapping[str, Sentence]
    example: str
    judge: Callable[[Question], Answer]
    rule_zh: str = ""
    example_variables: Mapping[str, object] = field(default_factory=dict)
    alternatives: tuple[frozenset[str], ...] = ()
    needs: Callable[[Question], tuple[Need, ...]] = no_needs
    trace: str = "none"
    sources: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Parameter]:
        """The parameters by their names."""
        return {parameter.name: parameter for parameter in self.parameters}

    def answer(self, definition: CheckDefinition, facts: Facts) -> Answer:
        """HIT, CLEAR or CANNOT_SAY. Raises FeelError for an expression that fails, and whatever `judge` raises."""
        try:
            return self.judge(Question(definition, facts, self.by_name))
        except CannotSay as found:
            return Answer(
                outcome=CheckOutcome.CANNOT_SAY,
                code=found.code,
                params=found.params,
                evidence=found.evidence,
                parameters=found.parameters,
            )
        except UnknownYear as error:
            return Answer(outcome=CheckOutcome.CANNOT_SAY, code="unknown-year", params={"year": str(error.year)})

    def needed(self, definition: CheckDefinition, facts: Facts) -> tuple[Need, ...]:
        """What to look up before it is asked; nothing when that cannot be told. Raises FeelError."""
        try:
            return self.needs(Question(definition, facts, self.by_name))
        except CannotSay:
            return ()

    def say(self, answer: Answer, name: str, language: str = "zh") -> str:
        """The reason as one sentence. name: of the check in the model."""
        return render(self.sentences, answer.code, {**answer.params, "name": name}, language)

    def says(self, code: str) -> Sentence:
        """The sentence of a code, its own or a common one."""
        return self.sentences.get(code) or COMMON[code]
