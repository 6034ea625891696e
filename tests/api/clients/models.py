"""What the clients deploy: a job, then a user task."""

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
