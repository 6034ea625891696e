"""The checks of a node with what this installation can give them: facts of the case, datasets, decisions, the calendar.

Without facts (a simulation, a look before a case exists) whatever needs them answers CANNOT_SAY by name.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from engine.feel import FeelError
from engine.model.definitions import ElementDefinition
from engine.model.errors import MingjingError
from engine.model.findings import Judgement
from engine.model.lookups import DecisionNeed, Found, Need, Unavailable
from engine.runtime.environment import Decided
from engine.service.case_facts import PLAIN, CaseFacts
from engine.supervision import gateway

Decide = Callable[[str, Mapping[str, object], datetime], Decided]


def judge_with(
    decide: Decide, now: datetime, facts: CaseFacts | None = None
) -> Callable[[ElementDefinition, Mapping[str, object]], Judgement]:
    """What `Environment.judge` is in one step. decide: may raise for a decision that is not there or fails."""

    def judge(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
        def fetch(need: Need) -> Found | Unavailable:
            if not isinstance(need, DecisionNeed):
                return facts.rows(need) if facts is not None else Unavailable(reason="尚未接入")
            try:
                decided = decide(need.decision_id, variables, now)
            except (MingjingError, FeelError, KeyError) as error:
                return Unavailable(reason=str(error))
            return Found(value=decided.output, version=decided.digest)

        given = facts.given(element.checks) if facts is not None else PLAIN
        return gateway.judge(element, variables, now=now, given=given, fetch=fetch)

    return judge
