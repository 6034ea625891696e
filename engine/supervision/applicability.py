"""Rules that hold for some kinds of procedure only: two parameters that several checks share."""

from engine.model.findings import CheckOutcome
from engine.supervision.check import Answer
from engine.supervision.question import Kind, Parameter, Question
from engine.supervision.sentences import plain

PARAMETERS = (
    Parameter(name="type", kind=Kind.TEXT, zh="业务类型", meaning="the kind of procedure of the case"),
    Parameter(
        name="types",
        kind=Kind.LIST,
        zh="适用类型",
        meaning="the kinds for which the rule holds; nothing drawn: for all",
    ),
)


def elsewhere(question: Question) -> Answer | None:
    """CLEAR ``not-applicable`` for a case of another kind, None when the rule holds. Raises CannotSay."""
    types = question.words("types")
    if not types:
        return None
    kind = question.text("type")
    if kind in types:
        return None
    return Answer(
        outcome=CheckOutcome.CLEAR,
        code="not-applicable",
        parameters={"types": plain(types)},
        evidence={"type": kind},
    )
