"""An operator in a browser: finds the case that cannot go on, looks, mends, retries; suspends, resumes, cancels."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import expect

from tests.e2e.caller import Caller
from tests.e2e.desk import PASSWORD, Desk
from tests.e2e.serving import Server
from tests.e2e.test_elements import drawn
from tests.integration.models import ask, form, job, line
from tests.unit.runtime.builder import script

NAMES = {"find": "确定签收人", "send": "送达通知", "look": "确认签收", "stuck_s": "决定作出", "stuck_e": "送达"}
PLAIN = line(
    "stuck",
    script("find", '"nobody-there"', "who"),
    job("send", "stuck-send"),
    ask("look", assignee="=who"),
    ids=("find", "send", "look"),
)
MODEL = re.sub(
    r'(<bpmn:\w+ id="(\w+)")',
    lambda found: f'{found[1]} name="{NAMES[found[2]]}"' if found[2] in NAMES else found[1],
    PLAIN.decode().replace('name="P"', 'name="决定书送达"'),
).encode()
"""A job that fails; then a user task for somebody whom nobody knows, until the variable is mended."""

Begin = Callable[[], tuple[str, str]]


@pytest.fixture(scope="module")
def begin(server: Server) -> Begin:
    """Starts a case of the model: its number and its key."""
    Caller(server.url, "du").deploy({"stuck.bpmn": drawn(MODEL), "note.form": form("note")})
    lin = Caller(server.url, "lin")

    def start() -> tuple[str, str]:
        case = lin.call("POST", "/v2/process-instances", {"processDefinitionId": "stuck"})
        return case["caseNumber"], case["processInstanceKey"]

    return start


@pytest.fixture(scope="module")
def robot(server: Server) -> Caller:
    """A program that works on the jobs of the district."""
    order = [sys.executable, "-m", "engine.cli", "users", "create", "stuck-robot", "--name", "接口程序"]
    where = ["--unit", "JH-QH", "--role", "service:subtree", "--password-stdin", "--var", str(server.folder / "var")]
    subprocess.run([*order, *where], input=f"{PASSWORD}\n", text=True, check=True)
    return Caller(server.url, "stuck-robot")


def work(robot: Caller) -> str:
    """The key of the job that the robot is handed."""
    order = {"type": "stuck-send", "timeout": 60_000, "maxJobsToActivate": 1}
    return str(robot.call("POST", "/v2/jobs/activation", order)["jobs"][0]["jobKey"])


def act(luo: Desk, name: str, reason: str, fields: Mapping[str, str] | None = None) -> None:
    """Open the form of an action, fill in what it asks, say why, do it."""
    luo.page.locator("details.act > summary").filter(has_text=re.compile(rf"^\s*{name}\s*$")).first.click()
    panel = luo.page.locator("details.act[open] form")
    for label, value in (fields or {}).items():
        panel.get_by_label(label, exact=True).fill(value)
    panel.get_by_label("理由").fill(reason)
    with luo.page.expect_navigation():
        panel.get_by_role("button", name=name).click()
    expect(luo.page.locator(".flashes[role=status] .notice")).to_have_attribute("data-tone", "success")


def test_find_look_mend_and_retry(desk: Callable[..., Desk], begin: Begin, robot: Caller) -> None:
    """From the red number to the case that goes on; its trace tells who did what and why."""
    number, _ = begin()
    job = work(robot)
    robot.call("POST", f"/v2/jobs/{job}/failure", {"retries": 0, "errorMessage": "通知系统无响应"})

    luo = desk("luo")
    expect(luo.page.get_by_role("heading", name="流程运行")).to_be_visible()
    luo.shoot("operator-overview")
    row = luo.page.locator("tr").filter(has=luo.page.locator('a[href*="process=stuck"]'))
    row.locator('a[href*="figure=incident"]').click()
    luo.page.get_by_role("link", name=number).click()
    expect(luo.page.locator('[data-ready="diagram"]')).to_be_attached()
    expect(luo.page.locator("[data-element-id=send].mj-incident")).to_be_visible()
    expect(luo.page.get_by_text("通知系统无响应").first).to_be_visible()
    luo.shoot("operator-case")

    luo.page.locator('.tree [data-pick="find"]').click()
    expect(luo.page.locator("[data-element-id=find].mj-selected")).to_be_visible()
    luo.page.locator("[data-element-id=send] .djs-hit").first.click(force=True)
    expect(luo.page.locator('.tree .node[data-element="send"][data-selected]')).to_be_visible()
    expect(luo.page.locator('.incidents [data-element="send"][data-selected]')).to_be_visible()
    expect(luo.page.locator('.tree [data-pick="send"]')).to_have_attribute("aria-pressed", "true")

    act(luo, "重试", "通知系统已恢复", {"可重试次数": "2"})
    expect(luo.page.locator(".incidents")).to_have_count(0)
    robot.call("POST", f"/v2/jobs/{work(robot)}/completion", {})
    luo.page.reload()
    expect(luo.page.locator(".incidents")).to_contain_text("nobody-there")

    act(luo, "修改变量", "经办人登记有误", {"变量名": "who", "新值": "lin"})
    act(luo, "重试", "已更正经办人")
    expect(luo.page.locator(".incidents")).to_have_count(0)
    expect(luo.page.locator('.tree .node[data-element="look"][data-state="ACTIVE"]')).to_be_visible()
    luo.page.get_by_role("link", name="行权痕迹").click()
    for text in ("通知系统已恢复", "经办人登记有误", "已更正经办人", "罗平"):
        expect(luo.page.locator(".trace").get_by_text(text).first).to_be_visible()
    desk("lin").task(number, "确认签收")


UNREADABLE = """() => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (text) => rgb(text).slice(0, 3).map((c) => c / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = (at) => {
        const found = getComputedStyle(at).backgroundColor;
        return rgb(found)[3] === 0 && at.parentElement ? behind(at.parentElement) : found;
    };
    const texts = [...document.querySelectorAll('#main *')].filter((at) =>
        at.checkVisibility() && [...at.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
    return texts.filter((at) => !at.closest('svg, .bjs-container, .djs-container')).filter((at) => {
        const [a, b] = [light(getComputedStyle(at).color), light(behind(at))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05) < 4.5;
    }).map((at) => at.textContent.trim());
}"""
"""Texts of the page with less contrast than WCAG 2.1 AA asks for."""

UNNAMED = """() => [...document.querySelectorAll('#main :is(input:not([type=hidden]), textarea, select)')]
    .filter((field) => !field.labels.length && !field.getAttribute('aria-label')).map((field) => field.name)"""


def test_everything_can_be_read_and_has_a_name(desk: Callable[..., Desk], begin: Begin, robot: Caller) -> None:
    """Contrast of texts, on an incident and on what is selected too; a label for every field."""
    _, key = begin()
    order = {"type": "stuck-send", "timeout": 60_000, "maxJobsToActivate": 100}
    for one in robot.call("POST", "/v2/jobs/activation", order)["jobs"]:
        robot.call("POST", f"/v2/jobs/{one['jobKey']}/failure", {"retries": 0, "errorMessage": "x"})
    luo = desk("luo")
    for path in ("/operations", "/operations/cases?figure=incident", f"/operations/cases/{key}"):
        luo.open(path)
        if path.endswith(key):
            expect(luo.page.locator(".incidents")).to_be_visible()
            luo.page.locator('.tree [data-pick="send"]').click()
        assert luo.page.evaluate(UNREADABLE) == []
        assert luo.page.evaluate(UNNAMED) == []


def test_values_are_shown_for_a_reason(desk: Callable[..., Desk], begin: Begin) -> None:
    """The page has the names; the values come after a reason, which stands in the system trace."""
    _, key = begin()
    luo = desk("luo")
    luo.open(f"/operations/cases/{key}")
    expect(luo.page.locator("#variables .names")).to_contain_text("who")
    expect(luo.page.locator("#variables")).not_to_contain_text("nobody-there")
    luo.page.locator("#variables summary").filter(has_text="查看变量值").click()
    panel = luo.page.locator("details.act[open] form")
    panel.get_by_label("理由").fill("排查通知失败")
    panel.get_by_role("button").click()
    expect(luo.page.locator("#variables")).to_contain_text("nobody-there")
    auditor = desk("auditor")
    auditor.open("/system-trace")
    expect(auditor.page.get_by_text("办件的变量").first).to_be_visible()


def test_suspend_resume_and_cancel_by_keyboard(desk: Callable[..., Desk], begin: Begin) -> None:
    """Escape closes a form and gives the focus back; Enter opens it; without a reason nothing is sent."""
    _, key = begin()
    luo = desk("luo")
    luo.open(f"/operations/cases/{key}")
    luo.page.locator("summary").filter(has_text="挂起").focus()
    luo.page.keyboard.press("Enter")
    expect(luo.page.locator("details.act[open]")).to_have_count(1)
    luo.page.keyboard.press("Escape")
    expect(luo.page.locator("details.act[open]")).to_have_count(0)
    luo.page.keyboard.press("Enter")
    luo.page.locator("details.act[open] form").get_by_role("button", name="挂起").click()
    assert luo.page.evaluate("document.querySelector('details.act[open] textarea').matches(':invalid')")
    luo.page.keyboard.press("Escape")
    act(luo, "挂起", "等待上级答复")
    expect(luo.page.locator(".pagehead")).to_contain_text("已挂起")
    luo.open("/operations/cases?figure=suspended&process=stuck")
    expect(luo.page.locator(f'a[href$="/operations/cases/{key}"]')).to_be_visible()
    luo.open(f"/operations/cases/{key}")
    act(luo, "恢复", "已获答复")
    act(luo, "撤销办件", "申请人撤回申请")
    expect(luo.page.locator(".pagehead")).to_contain_text("已终止")
    expect(luo.page.locator("summary").filter(has_text="挂起")).to_have_count(0)
