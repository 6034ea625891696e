"""From a drawn process to a SpiffWorkflow specification made of our own elements only.

Corrects: SpiffWorkflow's parser follows the flows recursively (600 elements in a chain overflow the stack, a cycle of
tasks never ends), sorts flows by their height in the diagram, and reads data associations as copies of variables.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.model.definitions import ProcessDefinition
from engine.model.errors import Broken
from engine.model.ids import ElementId
from engine.runtime.activities import read
from engine.runtime.dialect import BPMN, DrawnNode, DrawnProcess, children
from engine.runtime.elements.business_rule_task import BusinessRuleTask
from engine.runtime.elements.call_activity import CallActivity
from engine.runtime.elements.events.boundary import BoundaryEvent
from engine.runtime.elements.events.catch import CatchEvent, ReceiveTask
from engine.runtime.elements.events.event_gateway import EventGateway
from engine.runtime.elements.events.event_sub_process import EventSubProcess, EventSubProcessStart
from engine.runtime.elements.events.link import LinkCatch, LinkThrow
from engine.runtime.elements.events.throw import OutwardEvent, PublishEvent, ShoutEvent
from engine.runtime.elements.exclusive_gateway import ExclusiveGateway
from engine.runtime.elements.inclusive_gateway import InclusiveGateway
from engine.runtime.elements.job import JobTask
from engine.runtime.elements.none_events import EndEvent, StartEvent
from engine.runtime.elements.parallel_gateway import ParallelGateway
from engine.runtime.elements.passing_tasks import PassingTask
from engine.runtime.elements.script_task import ScriptTask
from engine.runtime.elements.sub_process import SubProcess
from engine.runtime.elements.token import Flow, TokenSpec
from engine.runtime.elements.user_task import UserTask
from engine.runtime.elements.workflow import TokenProcessSpec
from engine.runtime.events import Event, EventKind, definitions, is_first, named, triggered
from engine.runtime.events import read as read_event
from engine.runtime.returning import Map

_THROWS = {
    EventKind.MESSAGE: PublishEvent,
    EventKind.SIGNAL: ShoutEvent,
    EventKind.ERROR: OutwardEvent,
    EventKind.ESCALATION: OutwardEvent,
    EventKind.LINK: LinkThrow,
}


class ElementParser(TaskParser):
    """Makes one element and follows no flow."""

    def parse_node(self) -> TokenSpec:
        """The specification of this node, not yet connected."""
        self.task = self.create_task()
        return self.task

    def create_task(self) -> TokenSpec:
        """Without data associations and io specifications: they are decoration in this dialect."""
        drawn = self.process_parser.parser
        node: DrawnNode = drawn.nodes[self.bpmn_id]
        activity = read(node)
        event = read_event(node, drawn.named)
        spec_class = JobTask if activity.job is not None else self.class_of(node, event)
        spec: TokenSpec = spec_class(
            self.spec,
            self.bpmn_id,
            definition=drawn.definition.elements[ElementId(self.bpmn_id)],
            activity=activity,
            event=event,
            bpmn_name=self.node.get("name"),
            lane=self.lane,
            **self.more(),
        )
        return spec

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - subclasses need them
        """The class of the element."""
        return self.spec_class

    def more(self) -> dict[str, Any]:
        """Further arguments of the specification."""
        return {}


class EndEventParser(ElementParser):
    """Tells end events apart: a terminate end event ends the others, others throw something."""

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - the base's signature
        """By what it throws."""
        return _THROWS.get(event.kind, EndEvent) if event is not None else EndEvent

    def more(self) -> dict[str, Any]:
        """Whether the other tokens are removed."""
        terminate = bool(children(self.node, BPMN, "terminateEventDefinition"))
        return {"terminate": True} if terminate else {}


class ThrowEventParser(ElementParser):
    """Intermediate throw events."""

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - the base's signature
        """By what it throws."""
        return _THROWS[event.kind] if event is not None else PassingTask


class CatchEventParser(ElementParser):
    """Intermediate catch events."""

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - the base's signature
        """A link catch event waits for nothing."""
        return LinkCatch if event is not None and event.kind is EventKind.LINK else CatchEvent


class SubProcessParser(ElementParser):
    """Embedded and event subprocesses, and their start events."""

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - the base's signature
        """Whether an event begins it."""
        return EventSubProcess if triggered(node) else SubProcess


class StartEventParser(ElementParser):
    """Start events of processes and of event subprocesses."""

    def class_of(self, node: DrawnNode, event: Event | None) -> Any:  # noqa: ARG002 - the base's signature
        """By where it stands."""
        around = self.process_parser.parser.nodes.get(node.parent)
        return EventSubProcessStart if around is not None and triggered(around) else StartEvent


class TokenProcessParser(ProcessParser):
    """Makes all elements, then connects them."""

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()

    def create_spec(self) -> TokenProcessSpec:
        """An empty process."""
        return TokenProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        """All elements of the process, in document order, and the flows between them."""
        process: DrawnProcess = self.parser.drawn
        for node in process.nodes:
            self.parse_node(node.xml)
        outgoing = process.outgoing()
        for node in process.nodes:
            spec = self.spec.task_specs[node.id]
            spec.outgoing = tuple(_flow(node, flow) for flow in outgoing.get(node.id, ()))
        for target, flows in process.incoming().items():
            self.spec.task_specs[target].incoming = tuple(flow.id for flow in flows)
        connect(self.spec, process)
        self.spec.flow_sources = {flow.id: flow.source for flow in process.flows}
        incoming = process.incoming()
        self.spec.returns = Map.of(process)
        self.spec.firsts = {name: firsts(inside, incoming) for name, inside in process.inside().items()}


def firsts(inside: Sequence[DrawnNode], incoming: Mapping[str, object]) -> tuple[str, ...]:
    """Where tokens begin: the first none start event; without any start event, all that nothing leads to.

    Nothing where all start events wait for something: then an event says where.
    """
    starts = [node for node in inside if node.type == "startEvent"]
    for node in starts:
        if not definitions(node):
            return (node.id,)
    return () if starts else tuple(node.id for node in inside if is_first(node, incoming))


def connect(spec: TokenProcessSpec, process: DrawnProcess) -> None:
    """What is connected without a sequence flow: boundary events, event subprocesses, links."""
    specs = spec.task_specs
    catches: dict[tuple[str, str], str] = {}
    nodes = {node.id: node for node in process.nodes}
    for node in process.nodes:
        around = nodes.get(node.parent)
        one = specs[node.id]
        if node.type == "boundaryEvent":
            host = node.xml.get("attachedToRef", "")
            specs[host].boundaries = (*specs[host].boundaries, one)
            spec.ways_in.setdefault(node.id, []).append(host)
        elif isinstance(one, EventSubProcessStart) and around is not None:
            spec.handlers.setdefault(around.parent, []).append(one)
        elif isinstance(one, LinkCatch):
            catches[node.parent, link_name(one)] = node.id
        if around is not None:
            spec.around[node.id] = node.parent
    for node in process.nodes:
        one = specs[node.id]
        if isinstance(one, LinkThrow):
            spec.links[node.id] = catches[node.parent, link_name(one)]
            spec.ways_in.setdefault(spec.links[node.id], []).append(node.id)


def link_name(spec: TokenSpec) -> str:
    """The name of a link event."""
    return str(spec.event.name.constant) if spec.event is not None and spec.event.name is not None else ""


def _flow(node: DrawnNode, drawn: Any) -> Flow:
    default = drawn.id == node.default
    return Flow(id=drawn.id, target=drawn.target, condition=None if default else drawn.condition, default=default)


class DialectParser(BpmnParser):
    """Knows the elements that we run and no other: SpiffWorkflow's own classes are out of reach."""

    PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("startEvent"): (StartEventParser, StartEvent),
        full_tag("intermediateCatchEvent"): (CatchEventParser, CatchEvent),
        full_tag("intermediateThrowEvent"): (ThrowEventParser, PassingTask),
        full_tag("boundaryEvent"): (ElementParser, BoundaryEvent),
        full_tag("eventBasedGateway"): (ElementParser, EventGateway),
        full_tag("receiveTask"): (ElementParser, ReceiveTask),
        full_tag("sendTask"): (ElementParser, JobTask),
        full_tag("endEvent"): (EndEventParser, EndEvent),
        full_tag("task"): (ElementParser, PassingTask),
        full_tag("manualTask"): (ElementParser, PassingTask),
        full_tag("userTask"): (ElementParser, UserTask),
        full_tag("serviceTask"): (ElementParser, JobTask),
        full_tag("scriptTask"): (ElementParser, ScriptTask),
        full_tag("subProcess"): (SubProcessParser, SubProcess),
        full_tag("callActivity"): (ElementParser, CallActivity),
        full_tag("businessRuleTask"): (ElementParser, BusinessRuleTask),
        full_tag("exclusiveGateway"): (ElementParser, ExclusiveGateway),
        full_tag("parallelGateway"): (ElementParser, ParallelGateway),
        full_tag("inclusiveGateway"): (ElementParser, InclusiveGateway),
    }
    PROCESS_PARSER_CLASS = TokenProcessParser

    def __init__(self, definition: ProcessDefinition, drawn: DrawnProcess) -> None:
        super().__init__()
        self.definition = definition
        self.drawn = drawn
        self.nodes = {node.id: node for node in drawn.nodes}
        self.named = named(drawn.xml)

    def _add_data_stores(self, bpmn: etree._Element) -> None:
        """Data stores are decoration."""


def specification(definition: ProcessDefinition, drawn: DrawnProcess) -> TokenProcessSpec:
    """The immutable specification of a process that has passed the gate; threads may share it."""
    parser = DialectParser(definition, drawn)
    try:
        parser.create_parser(drawn.xml)
        spec: TokenProcessSpec = parser.get_spec(drawn.id)
    except ValidationException as error:
        raise Broken("runtime.parser", f"The model gate passed what the parser refuses: {error}") from error
    return spec
