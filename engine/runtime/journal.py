"""What happens in one step, written down by the hooks in which it happens. Nothing is inferred afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckOutcome, Judgement, RiskLevel
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import DecisionEvaluation, Transition, TransitionKind, WaitingJob, WaitingUserTask


@dataclass(slots=True, kw_only=True)
class Journal:
    """Grows while the step runs. `counters` holds how often each element was activated so far in the instance."""

    counters: dict[str, int]
    transitions: list[Transition] = field(default_factory=list)
    waiting: dict[ElementInstanceId, WaitingUserTask | WaitingJob] = field(default_factory=dict)
    closed: list[ElementInstanceId] = field(default_factory=list)
    decisions: list[DecisionEvaluation] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    supervision: dict[ElementInstanceId, Mapping[str, object]] = field(default_factory=dict)

    def activated(self, element: ElementDefinition, process_id: str = "") -> ElementInstanceId:
        """Count a new visit and give its element instance id. process_id: see `Transition`, here and below."""
        instance = ElementInstanceId(f"{element.id}#{self._count(element.id)}")
        self._add(TransitionKind.ACTIVATED, element, instance, process_id)
        return instance

    def looping(self, element: ElementDefinition) -> ElementInstanceId:
        """An id for a loop as a whole. It is no element instance, so nothing is written down."""
        return ElementInstanceId(f"{element.id}@{self._count(f'{element.id}@')}")

    def waits(self, task: WaitingUserTask | WaitingJob) -> None:
        """A user task or a job began to wait."""
        self.waiting[task.instance] = task

    def completed(self, element: ElementDefinition, instance: ElementInstanceId, process_id: str = "") -> None:
        """An element did its work."""
        self.waiting.pop(instance, None)
        self._add(TransitionKind.COMPLETED, element, instance, process_id)

    def failed(self, element: ElementDefinition, instance: ElementInstanceId, process_id: str = "") -> None:
        """An element could not do its work."""
        self.waiting.pop(instance, None)
        self._add(TransitionKind.FAILED, element, instance, process_id)

    def terminated(
        self, element: ElementDefinition, instance: ElementInstanceId, process_id: str = "", *, waits: bool = False
    ) -> None:
        """An element was stopped. waits: it is one that waits for somebody."""
        if self.waiting.pop(instance, None) is None and waits:
            self.closed.append(instance)
        self._add(TransitionKind.TERMINATED, element, instance, process_id)

    def flow_taken(self, flow: str, instance: ElementInstanceId, process_id: str = "") -> None:
        """A token left an element instance over a sequence flow."""
        self.transitions.append(
            Transition(
                kind=TransitionKind.FLOW_TAKEN,
                element=ElementId(flow),
                instance=instance,
                type="sequenceFlow",
                process_id=process_id,
            )
        )

    def judged(self, instance: ElementInstanceId, judgement: Judgement) -> None:
        """Keep the judgement, and what of it the outgoing conditions of this element instance may see."""
        self.judgements.append(judgement)
        self.supervision[instance] = {"supervision": _visible(judgement)}

    def _count(self, key: str) -> int:
        self.counters[key] = self.counters.get(key, 0) + 1
        return self.counters[key]

    def _add(
        self, kind: TransitionKind, element: ElementDefinition, instance: ElementInstanceId, process_id: str
    ) -> None:
        self.transitions.append(
            Transition(kind=kind, element=element.id, instance=instance, type=element.type, process_id=process_id)
        )


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
