"""From a drawn process to a SpiffWorkflow specification made of our own elements only.

Corrects: SpiffWorkflow's parser follows the flows recursively (600 elements in a chain overflow the stack, a cycle of
tasks never ends), sorts flows by their height in the diagram, and reads data associations as copies of variables.
"""

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


class ElementParser(TaskParser):
    """Makes one element and follows no flow."""

    def parse_node(self) -> TokenSpec:
        """The specification of this node, not yet connected."""
        self.task = self.create_task()
        return self.task

    def create_task(self) -> TokenSpec:
        """Without data associations and io specifications: they are decoration in this dialect."""
        drawn = self.process_parser.parser
        activity = read(drawn.nodes[self.bpmn_id])
        spec_class = JobTask if activity.job is not None else self.spec_class
        spec: TokenSpec = spec_class(
            self.spec,
            self.bpmn_id,
            definition=drawn.definition.elements[ElementId(self.bpmn_id)],
            activity=activity,
            bpmn_name=self.node.get("name"),
            lane=self.lane,
            **self.more(),
        )
        return spec

    def more(self) -> dict[str, Any]:
        """Further arguments of the specification."""
        return {}


class EndEventParser(ElementParser):
    """Tells a terminate end event from a none end event."""

    def more(self) -> dict[str, Any]:
        """Whether the other tokens are removed."""
        return {"terminate": bool(children(self.node, BPMN, "terminateEventDefinition"))}


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
        self.spec.flow_sources = {flow.id: flow.source for flow in process.flows}
        containers = [process.id, *(node.id for node in process.nodes if node.type == "subProcess")]
        self.spec.firsts = {name: firsts(process, name) for name in containers}


def firsts(process: DrawnProcess, container: str) -> tuple[str, ...]:
    """Where tokens begin: the first start event; without any, everything that no sequence flow leads to."""
    inside = [node for node in process.nodes if node.parent == container]
    for node in inside:
        if node.type == "startEvent":
            return (node.id,)
    incoming = process.incoming()
    return tuple(node.id for node in inside if not incoming.get(node.id))


def _flow(node: DrawnNode, drawn: Any) -> Flow:
    default = drawn.id == node.default
    return Flow(id=drawn.id, target=drawn.target, condition=None if default else drawn.condition, default=default)


class DialectParser(BpmnParser):
    """Knows the elements that we run and no other: SpiffWorkflow's own classes are out of reach."""

    PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("startEvent"): (ElementParser, StartEvent),
        full_tag("endEvent"): (EndEventParser, EndEvent),
        full_tag("task"): (ElementParser, PassingTask),
        full_tag("manualTask"): (ElementParser, PassingTask),
        full_tag("userTask"): (ElementParser, UserTask),
        full_tag("serviceTask"): (ElementParser, JobTask),
        full_tag("scriptTask"): (ElementParser, ScriptTask),
        full_tag("subProcess"): (ElementParser, SubProcess),
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
