"""What happens in one step, written down by the hooks in which it happens. Nothing is inferred afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckResult, Judgement, RiskLevel
from engine.model.ids import ElementId, ElementInstanceId
from engine.model.transitions import (
    DecisionEvaluation,
    Published,
    Subscription,
    Transition,
    TransitionKind,
    WaitingJob,
    WaitingTimer,
    WaitingUserTask,
)


@dataclass(slots=True, kw_only=True)
class Journal:
    """Grows while the step runs. `counters` holds how often each element was activated so far in the instance.

    counted: the elements that were activated in this step. armed: timers and subscriptions as they are now; fresh: the
    ids of those that were not there before the step.
    """

    counters: dict[str, int]
    counted: dict[str, None] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    waiting: dict[ElementInstanceId, WaitingUserTask | WaitingJob] = field(default_factory=dict)
    closed: list[ElementInstanceId] = field(default_factory=list)
    decisions: list[DecisionEvaluation] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    results: dict[ElementInstanceId, list[CheckResult]] = field(default_factory=dict)
    supervision: dict[ElementInstanceId, Mapping[str, object]] = field(default_factory=dict)
    armed: dict[ElementInstanceId, WaitingTimer | Subscription] = field(default_factory=dict)
    fresh: set[ElementInstanceId] = field(default_factory=set)
    published: list[Published] = field(default_factory=list)

    def activated(self, element: ElementDefinition, process_id: str = "") -> ElementInstanceId:
        """Count a new visit and give its element instance id. process_id: see `Transition`, here and below."""
        instance = ElementInstanceId(f"{element.id}#{self._count(element.id)}")
        self._add(TransitionKind.ACTIVATED, element, instance, process_id)
        return instance

    def looping(self, element: ElementDefinition) -> ElementInstanceId:
        """An id for a loop as a whole, or for the wait of an event that has not occurred.

        It is no element instance, so nothing is written down.
        """
        return ElementInstanceId(f"{element.id}@{self._count(f'{element.id}@')}")

    def waits(self, task: WaitingUserTask | WaitingJob) -> None:
        """A user task or a job began to wait."""
        self.waiting[task.instance] = task

    def listens(self, wait: WaitingTimer | Subscription, *, again: bool = False) -> None:
        """A timer or subscription began to wait, or goes on `again` with another due time."""
        self.armed[wait.instance] = wait
        if not again:
            self.fresh.add(wait.instance)

    def deaf(self, instance: ElementInstanceId) -> None:
        """A timer or subscription waits no longer."""
        self.armed.pop(instance, None)
        if instance in self.fresh:
            self.fresh.remove(instance)
        else:
            self.closed.append(instance)

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
        """Keep the judgement, and what of all of them the outgoing conditions of this element instance may see."""
        self.judgements.append(judgement)
        self.results.setdefault(instance, []).extend(judgement.results)
        self.supervision[instance] = {"supervision": _visible(self.results[instance])}

    def _count(self, key: str) -> int:
        self.counters[key] = self.counters.get(key, 0) + 1
        self.counted[key] = None
        return self.counters[key]

    def _add(
        self, kind: TransitionKind, element: ElementDefinition, instance: ElementInstanceId, process_id: str
    ) -> None:
        self.transitions.append(
            Transition(kind=kind, element=element.id, instance=instance, type=element.type, process_id=process_id)
        )


def _visible(results: Iterable[CheckResult]) -> dict[str, object]:
    """Report-only results shape neither level nor results: a flow must not betray them to the unit."""
    shown = [result for result in results if not result.silent]
    open_levels = (result.level for result in shown if result.warns)
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
