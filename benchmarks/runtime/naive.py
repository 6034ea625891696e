"""(a) Raw SpiffWorkflow as its documentation begins: the whole instance as one JSON blob, read and written every step.

A step reads the blob, makes the workflow of it, runs, serialises, updates the row, adds a line of audit and commits,
on the same PostgreSQL as ours. No access rules, no forms, no encryption, no sealed trace.
"""

import json
import time
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks.runtime.house import House
from benchmarks.runtime.service_layer import Taken, first
from benchmarks.runtime.shapes import Shape

_TABLES = """
    create table naive_instance (key bigint primary key, body text not null);
    create table naive_audit (key bigint generated always as identity primary key, instance bigint, at timestamptz
                              default now(), element text, body text);
"""


def run(house: House, shape: Shape, *, limit: int | None = None, times: int = 1) -> Taken:
    """Play a shape `times`, each completion measured."""
    limit = min(limit or shape.naive_limit or 10**9, shape.naive_limit or 10**9)
    database = house.copy()
    serializer = BpmnWorkflowSerializer()
    taken = Taken()
    with psycopg.connect(house.owner(database)) as connection:
        connection.execute(_TABLES)
        for key in range(times):
            workflow = _begun(shape)
            connection.execute("insert into naive_instance values (%s, %s)", (key, serializer.serialize_json(workflow)))
            connection.commit()
            for element, values in first(shape.play(), limit):
                data = json.loads(json.dumps(dict(values)))
                began, cpu = time.perf_counter(), time.process_time()
                _complete(connection, serializer, key, element, data)
                taken.wall.append(time.perf_counter() - began)
                taken.cpu.append(time.process_time() - cpu)
    return taken


def _begun(shape: Shape) -> Any:
    parser = BpmnParser()
    parser.add_bpmn_str(shape.naive().encode())
    workflow = BpmnWorkflow(parser.get_spec(shape.name), parser.get_subprocess_specs(shape.name))
    workflow.do_engine_steps()
    return workflow


def _complete(
    connection: psycopg.Connection[Any], serializer: Any, key: int, element: str, data: dict[str, Any]
) -> None:
    row = connection.execute("select body from naive_instance where key = %s for update", (key,)).fetchone()
    if row is None:
        raise LookupError("the instance is gone")
    workflow = serializer.deserialize_json(row[0])
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    task = next(one for one in ready if one.task_spec.name.split(" ")[0] == element)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()
    connection.execute("update naive_instance set body = %s where key = %s", (serializer.serialize_json(workflow), key))
    connection.execute(
        "insert into naive_audit (instance, element, body) values (%s, %s, %s)", (key, element, json.dumps(data))
    )
    connection.commit()
