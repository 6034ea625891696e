"""Loops and called processes as people meet them: equal tasks told apart, a link to the called process's diagram."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from engine.runtime import dialect, xml
from tests.e2e.caller import Caller
from tests.e2e.desk import Desk
from tests.e2e.serving import Server
from tests.integration.models import ask, ask_many, call, form, line
from tests.unit.runtime.builder import many, script

WHOLE = line(
    "survey",
    script("list", '["甲户", "乙户", "丙户"]', "items"),
    ask_many("household", many(completion="numberOfCompletedInstances >= 2")),
    call("summary", "summing-up"),
    ids=("list", "household", "summary"),
)
CALLED = line("summing-up", ask("write"), ids=("write",))


def drawn(model: bytes) -> bytes:
    """The model with a diagram: its elements in a row, its flows straight."""
    process = dialect.processes(xml.parse(model))[0]
    place = {node.id: 60 + 170 * column for column, node in enumerate(sorted(process.nodes, key=_row(process)))}
    shapes = "".join(
        f'<di:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="80" width="100" height="80"/>'
        "</di:BPMNShape>"
        for name, x in place.items()
    )
    edges = "".join(
        f'<di:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}"><dd:waypoint x="{place[flow.source] + 100}" y="120"/>'
        f'<dd:waypoint x="{place[flow.target]}" y="120"/></di:BPMNEdge>'
        for flow in process.flows
    )
    diagram = (
        '<di:BPMNDiagram id="d" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
        f'<di:BPMNPlane id="plane" bpmnElement="{process.id}">{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram>'
    )
    return model.replace(b"</bpmn:definitions>", diagram.encode() + b"</bpmn:definitions>")


def _row(process: dialect.DrawnProcess) -> Callable[[dialect.DrawnNode], int]:
    """Where a node stands in a process without branches."""
    after = {flow.source: flow.target for flow in process.flows}
    at = next(name for name in after if name not in after.values())
    order = [at]
    while at in after:
        at = after[at]
        order.append(at)
    return lambda node: order.index(node.id)


def test_a_loop_and_a_called_process_in_the_browser(server: Server, desk: Callable[..., Desk]) -> None:
    """Two of three households suffice, the third is cancelled; the case page leads into the called process."""
    files = {"survey.bpmn": drawn(WHOLE), "summary.bpmn": drawn(CALLED), "note.form": form("note")}
    Caller(server.url, "du").deploy(files)
    lin = Caller(server.url, "lin")
    case = lin.call("POST", "/v2/process-instances", {"processDefinitionId": "survey"})
    worker = desk("lin")
    number = case["caseNumber"]
    for item in ("乙户", "甲户"):
        worker.open("/")
        row = worker.page.locator("tr").filter(has_text=number).filter(has_text=item)
        row.get_by_role("link").first.click()
        worker.page.wait_for_url(re.compile(r"/user-tasks/\d+"))
        worker.ready()
        expect(worker.page.get_by_role("heading", level=1)).to_contain_text(item)
        worker.fill("note", f"{item}已走访")
        worker.complete()
        worker.done()
    worker.open(f"/cases/{case['processInstanceKey']}")
    expect(worker.page.locator("[data-ready=diagram]")).to_be_visible()
    expect(worker.page.get_by_text("1 项任务由系统取消")).to_be_visible()
    worker.page.get_by_role("link", name="调用子流程").click()
    worker.page.wait_for_url(re.compile(r"process=\d+"))
    expect(worker.page.locator("[data-element-id=write].mj-current")).to_be_visible()
