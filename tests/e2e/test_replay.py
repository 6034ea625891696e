"""The replay as an inspector meets it: reason, play, seek, next alert, comparison, photos, subprocesses in place."""

import re
from collections.abc import Callable, Mapping, Sequence

from playwright.sync_api import Page, expect

from tests.e2e.caller import Caller
from tests.e2e.desk import Desk
from tests.e2e.serving import Server
from tests.e2e.test_elements import CALLED, drawn
from tests.e2e.test_pages import topmost
from tests.integration.models import ask, call, form, line
from tests.unit.runtime.builder import chain, end, start, sub

INSIDE = ("inspect_s", "look", "inspect_e")
NESTED = line(
    "nested",
    sub("inspect", start(INSIDE[0]), ask("look"), end(INSIDE[2]), chain(*INSIDE)),
    call("summary", "summing-up"),
    ids=("inspect", "summary"),
)


def planes(model: bytes, rows: Mapping[str, Sequence[str]]) -> bytes:
    """The model with a diagram for each plane, its elements in a row; subprocesses stay collapsed."""
    flows = re.findall(rb'<bpmn:sequenceFlow id="([^"]+)" sourceRef="([^"]+)" targetRef="([^"]+)"', model)
    text = ""
    for plane, ids in rows.items():
        place = {name: 60 + 170 * column for column, name in enumerate(ids)}
        shapes = "".join(
            f'<di:BPMNShape id="{name}_di" bpmnElement="{name}" isExpanded="false">'
            f'<dc:Bounds x="{x}" y="80" width="100" height="80"/></di:BPMNShape>'
            for name, x in place.items()
        )
        edges = "".join(
            f'<di:BPMNEdge id="{flow}_di" bpmnElement="{flow}"><dd:waypoint x="{place[source] + 100}" y="120"/>'
            f'<dd:waypoint x="{place[target]}" y="120"/></di:BPMNEdge>'
            for flow, source, target in ((a.decode(), b.decode(), c.decode()) for a, b, c in flows)
            if source in place
        )
        text += (
            f'<di:BPMNDiagram id="d_{plane}" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
            'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
            f'<di:BPMNPlane id="p_{plane}" bpmnElement="{plane}">{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram>'
        )
    return model.replace(b"</bpmn:definitions>", text.encode() + b"</bpmn:definitions>")


def stands_at(page: Page, count: int) -> None:
    expect(page.locator(f'.replay-box[data-count="{count}"]')).to_be_attached()


def test_an_inspector_replays_a_case(desk: Callable[..., Desk]) -> None:
    """The reason first; then every way to move through the case, and what stands at each moment."""
    gao = desk("gao", width=1280, height=720, reason="")
    page = gao.open("/cases?text=DB-2026-000003")
    page.locator(".list a[href*='/cases/']").first.click()
    expect(page.get_by_role("heading", name="请说明查看本办件的理由")).to_be_visible()
    gao.shoot("replay-reason")
    page.get_by_label("预警核查").check()
    page.get_by_role("button", name="继续查看").click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    page.get_by_role("link", name="回放").click()
    expect(page.locator("[data-ready=replay]")).to_be_visible()
    stands_at(page, 1)
    assert topmost(page, ".bjs-powered-by")
    box = page.locator(".replay-stage .diagram-canvas").bounding_box()
    assert box is not None
    assert (box["width"] > 640, box["height"] > 400) == (True, True)

    for _ in range(3):
        page.keyboard.press("ArrowRight")
    stands_at(page, 4)
    colours = page.locator(".token").evaluate_all("all => all.map(one => one.dataset.colour)")
    assert len(set(colours)) == 2, "the two branches have colours of their own"
    expect(page.locator("[data-element-id=DataCheck].mj-current")).to_be_attached()
    expect(page.locator(".event-row[aria-current] .event")).to_contain_text("入户调查")
    expect(page.locator(".detail-seal")).to_have_text("封存完好")
    page.locator(".replay-detail .photo a").click()
    expect(page.get_by_role("dialog")).to_contain_text("上传时间")
    gao.shoot("replay-photo")
    page.keyboard.press("Escape")

    page.keyboard.press("a")
    stands_at(page, 5)
    expect(page.locator(".replay-detail .warning")).to_contain_text("家庭车辆价值")
    expect(page).to_have_url(re.compile(r"\?t=5$"))
    gao.shoot("replay-alert")
    page.keyboard.press("c")
    page.keyboard.press("End")
    stands_at(page, 9)
    expect(page.locator(".detail-body .changes")).to_contain_text("决定书文号")
    expect(page.locator(".mj-between").first).to_be_attached()
    gao.shoot("replay-compare")
    page.keyboard.press("c")
    expect(page.locator(".mj-badge", has_text="×2").first).to_be_visible()

    page.keyboard.press("Home")
    page.get_by_label("速度").select_option("16")
    page.keyboard.press("Space")
    stands_at(page, 9)
    page.locator("[data-element-id=DataCheck]").click()
    stands_at(page, 5)
    page.goto(re.sub(r"t=\d+", "t=3", page.url))
    stands_at(page, 3)


def test_subprocesses_and_called_processes_open_in_place(server: Server, desk: Callable[..., Desk]) -> None:
    """The replay follows into the plane of a collapsed subprocess and into a called process, and back by its button."""
    rows = {"nested": ("nested_s", "inspect", "summary", "nested_e"), "inspect": INSIDE}
    Caller(server.url, "du").deploy(
        {"nested.bpmn": planes(NESTED, rows), "summary.bpmn": drawn(CALLED), "note.form": form("note")}
    )
    lin = Caller(server.url, "lin")
    case = lin.call("POST", "/v2/process-instances", {"processDefinitionId": "nested"})["processInstanceKey"]
    for element in ("look", "write"):
        lin.call("POST", f"/v2/user-tasks/{lin.find(case, element)}/completion", {"variables": {"note": element}})
    gao = desk("gao", width=1280, height=720)
    page = gao.open(f"/replay/{case}?t=2")
    expect(page.locator("[data-ready=replay]")).to_be_visible()
    expect(page.locator(".bjs-breadcrumbs-shown")).to_be_visible()
    expect(page.locator("[data-element-id=look].mj-done")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stage-tab").nth(1)).to_have_attribute("aria-current", "page")
    expect(page.locator("[data-element-id=write].mj-done")).to_be_visible()
    gao.shoot("replay-called")
    page.locator(".stage-tab").first.click()
    page.locator("a.bjs-crumb").first.click()
    page.get_by_role("button", name="打开被调用流程").click()
    expect(page.locator("[data-element-id=write].mj-done")).to_be_visible()
