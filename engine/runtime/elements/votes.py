"""Countersign: the votes of a multi-instance user task make one result (``supervision:approval``, countersign).

Each instance that completes is a vote with a weight (1 unless the model says otherwise); an outcome that is negative
or sends back is one against. The vote is over as soon as nothing can change its result, unless everybody is to be
heard; the instances that are left are terminated and stay visible as taken back by the system. The result variable of
the node then holds the outcome of the whole: that for agreeing, or the negative one. A tie never passes a majority,
and a vote without voters is refused, never passed.
"""

from decimal import Decimal
from typing import Any

from engine.model.approval import Countersign, Disagreement, Vote
from engine.model.definitions import ElementDefinition
from engine.model.errors import Refused
from engine.runtime.scopes import Rounds

Token = Any
"""`engine.runtime.elements.token.Token`, as in `loops`."""


def begin(token: Token, rounds: Rounds) -> None:
    """Weigh all votes before the first is cast. Raises `Refused` ``countersign.nobody``, ``expression.failed``."""
    element: ElementDefinition = token.task_spec.definition
    vote = element.approval.vote
    if vote is None:
        return
    if rounds.total == 0:
        raise Refused(
            "countersign.nobody",
            f"Nobody is there to vote at {element.name or element.id}; the vote cannot pass by itself.",
            params={"element": element.name or element.id},
        )
    rounds.weights = [_weight(token, vote, place, item) for place, item in enumerate(rounds.items or [])]


def cast(token: Token, rounds: Rounds, code: object) -> bool:
    """Count the vote of an instance that has completed; whether the vote is over."""
    element: ElementDefinition = token.task_spec.definition
    vote = element.approval.vote
    if vote is None or rounds.weights is None:
        return False
    weight = rounds.weights[token.local.index]
    against = next((one for one in element.outcomes if one.code == code and _negative(one)), None)
    if against is None:
        rounds.agreed += weight
    else:
        rounds.against += weight
    passed = _result(vote, rounds.agreed, rounds.against, sum(rounds.weights, Decimal()))
    if passed is None or (vote.everybody and rounds.completed < rounds.total):
        return False
    usual = next(one for one in element.outcomes if _negative(one) is not passed)
    rounds.verdict = against.code if against is not None and not passed else usual.code
    return True


def _result(vote: Vote, agreed: Decimal, against: Decimal, total: Decimal) -> bool | None:
    """Passed or not; None while that is open."""
    if vote.mode is Countersign.ANY:
        return agreed > 0
    if vote.disagreement is Disagreement.VETO and against > 0:
        return False
    if _enough(vote, agreed, total):
        return True
    return None if _enough(vote, total - against, total) else False


def _enough(vote: Vote, agreed: Decimal, total: Decimal) -> bool:
    needed = vote.share * total
    return agreed > needed if vote.over else agreed >= needed


def _negative(outcome: Any) -> bool:
    return bool(outcome.negative or outcome.returns)


def _weight(token: Token, vote: Vote, place: int, item: object) -> Decimal:
    if not vote.weight:
        return Decimal(1)
    loop = token.task_spec.activity.loop
    known = {"loopCounter": place + 1, **({loop.element: item} if loop.element else {})}
    found = token.task_spec.evaluate(token, vote.weight, token.scope, known)
    if isinstance(found, int | Decimal) and not isinstance(found, bool) and found > 0:
        return Decimal(found)
    raise Refused(
        "expression.failed",
        f"The weight {vote.weight!r} at {token.task_spec.name} is no number above 0.",
        params={"element": token.task_spec.name, "expression": vote.weight, "reason": "no number above 0"},
    )
