"""What to mark on the diagrams of a case, folded from the recorded transitions: its own process and called ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.findings import RiskLevel
from engine.model.ids import DefinitionKey, ElementId
from engine.model.views import DiagramView
from engine.runtime.interpreter import ExecutableProcess
from engine.service import lookups, timeline
from engine.service.equipment import Work
from engine.store import entries
from engine.store.cases import CaseRecord
from engine.trace import chain

_WITHIN = frozenset({"subProcess", "sequenceFlow"})
"""Types that are never the place where a case stands: it stands at something within."""


@dataclass(slots=True, kw_only=True)
class _Marks:
    """Of one process, growing. active: elements by the instance that is at work."""

    process: ExecutableProcess
    completed: dict[str, None] = field(default_factory=dict)
    flows: dict[str, None] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    levels: dict[str, RiskLevel] = field(default_factory=dict)
    active: dict[str, str] = field(default_factory=dict)

    def add(self, transition: Mapping[str, Any]) -> None:
        element, instance = transition["element"], transition["instance"]
        match transition["kind"]:
            case "activated" if transition["type"] not in _WITHIN:
                self.active[instance] = element
            case "flow_taken":
                self.flows[element] = None
            case "completed":
                self.completed[element] = None
                self.visits[element] = self.visits.get(element, 0) + 1
                self.active.pop(instance, None)
            case _:
                self.active.pop(instance, None)

    def view(self, key: DefinitionKey, version: int, called: tuple[DiagramView, ...] = ()) -> DiagramView:
        return DiagramView(
            definition_key=key,
            completed=tuple(self.completed),
            current=tuple(dict.fromkeys(self.active.values())),
            flows=tuple(self.flows),
            levels=self.levels,
            visits=self.visits,
            name=self.process.definition.name,
            version=version,
            called=called,
        )


def of_case(uow: Work, case: CaseRecord) -> DiagramView:
    """The diagram of the case's own process, and in it those of the processes that it has called."""
    own = _Marks(process=lookups.executable(uow, case.digest, case.process_id))
    called: dict[str, tuple[str, _Marks]] = {}
    for entry in entries.stream_entries(uow, case.key):
        payload = chain.read_body(entry)["payload"]
        for process_id, digest in timeline.called_in(payload):
            if called.get(process_id, ("",))[0] != digest:
                called[process_id] = (digest, _Marks(process=lookups.executable(uow, digest, process_id)))
        for transition in payload.get("transitions", ()):
            process_id = transition.get("process", "")
            marks = called[process_id][1] if process_id in called else None if process_id else own
            if marks is not None:
                marks.add(transition)
        everywhere = [own, *(marks for _, marks in called.values())]
        for judgement in payload.get("judgements", ()):
            for marks in everywhere:
                if ElementId(judgement["element"]) in marks.process.definition.elements:
                    marks.levels[judgement["element"]] = RiskLevel(judgement["level"])
                    break
    views = []
    for process_id, (digest, marks) in called.items():
        found = lookups.reference(uow, process_id, digest)
        views.append(marks.view(found.key, found.version))
    return own.view(case.definition_key, case.definition_version, tuple(views))


def around(diagram: DiagramView, key: int) -> DiagramView:
    """The diagram of one of the processes of a case, by its definition; the case's own when it is none of them."""
    return next((called for called in diagram.called if called.definition_key == key), diagram)
