"""What a check is: a code of the catalogue, where it comes from, and one pure function from facts to an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.feel import compile_expression
from engine.model.definitions import CheckDefinition
from engine.model.findings import CheckOutcome, RiskLevel


class Phase(StrEnum):
    """When a check looks: before the act, during it, after it (事前、事中、事后)."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a check may know: the case's variables at this moment, and the moment. Nothing else is looked up."""

    variables: Mapping[str, object]
    now: datetime

    def evaluate(self, text: str) -> object:
        """The value of FEEL text (a leading ``=`` is taken off) over the variables; null for what is not there.

        Raises FeelError. The compiled text is cached by `engine.feel`.
        """
        return compile_expression(text.removeprefix("="))(self.variables, now=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """reason: one Chinese sentence. parameters: what the rule was judged with. evidence: what it looked at."""

    outcome: CheckOutcome
    reason: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule of the catalogue.

    kind: threshold, ratio, deadline, … level: the usual one; a model may choose another.
    source: the law, standard or published practice that the rule comes from.
    judge: pure; may raise, which is then itself a finding (CANNOT_SAY).
    """

    code: str
    name: str
    kind: str
    phases: frozenset[Phase]
    level: RiskLevel
    source: str
    judge: Callable[[CheckDefinition, Facts], Answer]
