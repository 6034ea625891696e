"""What the clients deploy: a job, then a user task; and a job with an error, then a message, then a signal."""

NAMES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'targetNamespace="https://mingjing.test/clients"'
)


def job_then_user_task(process_id: str) -> str:
    """A process whose job has the type ``work-<process id>``, and whose user task a street officer completes."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {NAMES}>
  <bpmn:process id="{process_id}" name="客户端" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="to_work" sourceRef="start" targetRef="work"/>
    <bpmn:serviceTask id="work" name="核对">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="work-{process_id}" retries="3"/>
        <zeebe:taskHeaders><zeebe:header key="source" value="民政"/></zeebe:taskHeaders>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="to_look" sourceRef="work" targetRef="look"/>
    <bpmn:userTask id="look" name="查看">
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:assignmentDefinition candidateGroups="street_officer"/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="to_end" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>
"""


def job_then_events(process_id: str) -> str:
    """A process whose job may end with the error ``no_such_person``; then it waits for a message, then for a signal."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {NAMES}>
  <bpmn:message id="answer" name="answer-{process_id}">
    <bpmn:extensionElements><zeebe:subscription correlationKey="=reference"/></bpmn:extensionElements>
  </bpmn:message>
  <bpmn:signal id="holiday" name="holiday-{process_id}"/>
  <bpmn:error id="missing" errorCode="no_such_person"/>
  <bpmn:process id="{process_id}" name="等待" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="to_work" sourceRef="start" targetRef="work"/>
    <bpmn:serviceTask id="work">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="work-{process_id}" retries="1"/>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="caught" attachedToRef="work">
      <bpmn:errorEventDefinition errorRef="missing"/>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="to_nobody" sourceRef="caught" targetRef="nobody"/>
    <bpmn:endEvent id="nobody"/>
    <bpmn:sequenceFlow id="to_wait" sourceRef="work" targetRef="wait"/>
    <bpmn:intermediateCatchEvent id="wait">
      <bpmn:messageEventDefinition messageRef="answer"/>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="to_rest" sourceRef="wait" targetRef="rest"/>
    <bpmn:intermediateCatchEvent id="rest">
      <bpmn:signalEventDefinition signalRef="holiday"/>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="to_end" sourceRef="rest" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>
"""
