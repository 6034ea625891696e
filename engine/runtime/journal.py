"""What happens in one step, written down by the hooks in which it happens. Nothing is inferred afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckOutcome, Judgement, RiskLevel
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import DecisionEvaluation, Transition, TransitionKind, WaitingUserTask


@dataclass(slots=True, kw_only=True)
class Journal:
    """Grows while the step runs. `counters` holds how often each element was activated so far in the instance."""

    counters: dict[str, int]
    transitions: list[Transition] = field(default_factory=list)
    waiting: dict[ElementInstanceId, WaitingUserTask] = field(default_factory=dict)
    closed: list[ElementInstanceId] = field(default_factory=list)
    decisions: list[DecisionEvaluation] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    supervision: dict[ElementInstanceId, Mapping[str, object]] = field(default_factory=dict)

    def activated(self, element: ElementDefinition) -> ElementInstanceId:
        """Count a new visit and give its element instance id."""
        number = self.counters.get(element.id, 0) + 1
        self.counters[element.id] = number
        instance = ElementInstanceId(f"{element.id}#{number}")
        self._add(TransitionKind.ACTIVATED, element, instance)
        return instance

    def waits(self, task: WaitingUserTask) -> None:
        """A user task began to wait."""
        self.waiting[task.instance] = task

    def completed(self, element: ElementDefinition, instance: ElementInstanceId) -> None:
        """An element did its work."""
        self.waiting.pop(instance, None)
        self._add(TransitionKind.COMPLETED, element, instance)

    def terminated(self, element: ElementDefinition, instance: ElementInstanceId) -> None:
        """An element was stopped by a terminate end event."""
        if self.waiting.pop(instance, None) is None and element.type == "userTask":
            self.closed.append(instance)
        self._add(TransitionKind.TERMINATED, element, instance)

    def flow_taken(self, flow: str, instance: ElementInstanceId) -> None:
        """A token left an element instance over a sequence flow."""
        self.transitions.append(
            Transition(kind=TransitionKind.FLOW_TAKEN, element=ElementId(flow), instance=instance, type="sequenceFlow")
        )

    def judged(self, instance: ElementInstanceId, judgement: Judgement) -> None:
        """Keep the judgement, and what of it the outgoing conditions of this element instance may see."""
        self.judgements.append(judgement)
        self.supervision[instance] = {"supervision": _visible(judgement)}

    def _add(self, kind: TransitionKind, element: ElementDefinition, instance: ElementInstanceId) -> None:
        self.transitions.append(Transition(kind=kind, element=element.id, instance=instance, type=element.type))


def _visible(judgement: Judgement) -> dict[str, object]:
    """Report-only results shape neither level nor results: a flow must not betray them to the unit."""
    shown = [result for result in judgement.results if not result.silent]
    open_levels = (result.level for result in shown if result.outcome is not CheckOutcome.CLEAR)
    return {
        "level": _highest(open_levels).value,
        "results": [
            {
                "id": result.check_id,
                "code": result.code,
                "outcome": result.outcome.value,
                "level": result.level.value,
                "reason": result.reason,
            }
            for result in shown
        ],
    }


def _highest(levels: Iterable[RiskLevel]) -> RiskLevel:
    return max(levels, key=lambda level: level.rank, default=RiskLevel.NONE)
