"""What a new model begins with: the smallest file that the editors open and the gate can read."""

from xml.sax.saxutils import quoteattr

from engine.model.modelling import ModelKind

_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
                  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
                  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
                  xmlns:supervision="urn:mingjing:supervision:1"
                  id="Definitions_{key}" targetNamespace="urn:mingjing:model">
  <bpmn:process id="Process_{key}" name={name} isExecutable="true">
    <bpmn:startEvent id="Start_{key}" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_{key}">
    <bpmndi:BPMNPlane id="Plane_{key}" bpmnElement="Process_{key}">
      <bpmndi:BPMNShape id="Start_{key}_di" bpmnElement="Start_{key}">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
             xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
             xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
             id="Definitions_{key}" name={name} namespace="urn:mingjing:model">
  <decision id="Decision_{key}" name={name}>
    <variable id="Variable_{key}" name="Decision_{key}" typeRef="string" />
    <decisionTable id="Table_{key}" hitPolicy="UNIQUE">
      <input id="Input_{key}" label="">
        <inputExpression id="InputExpression_{key}" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="Output_{key}" label="" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="Diagram_{key}">
      <dmndi:DMNShape id="Shape_{key}" dmnElementRef="Decision_{key}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""

_FORM = """{{
  "id": "form_{key}",
  "type": "default",
  "schemaVersion": 19,
  "components": []
}}
"""

_FILES = {ModelKind.PROCESS: _BPMN, ModelKind.DECISION: _DMN, ModelKind.FORM: _FORM}


def blank(kind: ModelKind, key: int, name: str) -> bytes:
    """The bytes of a new file; its ids end with the draft's key, so that no two drafts collide."""
    return _FILES[kind].format(key=key, name=quoteattr(name)).encode()
