"""A designer in a browser: draws, is told what is wrong, numbers a version, deploys; two windows lose nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.desk import Desk

UNTRANSLATED = "[...(window.mingjingUntranslated || [])]"


def edit(desk: Desk, process: str) -> Page:
    """Open a draft of a deployed process in the editor."""
    page = desk.open("/definitions")
    page.get_by_role("link", name=process).first.click()
    page.get_by_role("button", name="编辑草稿").click()
    page.locator("[data-ready=process-editor]").wait_for()
    return page


def begin(desk: Desk, kind: str, name: str) -> Page:
    """Begin an empty draft."""
    page = desk.open("/designer")
    page.get_by_label("草稿名称", exact=True).fill(name)
    page.get_by_label("类型").select_option(kind)
    page.get_by_role("button", name="新建草稿").click()
    page.locator(f"[data-ready={kind}-editor]").wait_for()
    return page


def rename(page: Page, name: str) -> None:
    """Give the selected element another name in the properties panel."""
    page.locator("[data-group-id=group-general] .bio-properties-panel-group-header").click()
    field = page.locator("#bio-properties-panel-name")
    field.fill(name)
    field.press("Tab")


def test_drawing_numbering_and_deploying(desk: Callable[..., Desk]) -> None:
    """Choosing an element by its problem, changing it, saving by itself, a version with a reason, a deployment."""
    du = desk("du")
    page = edit(du, "低保审核确认")
    place = page.locator(".designer-problems li button").first
    page.locator("[data-element-id=Acceptance] .djs-hit").first.click(force=True)
    rename(page, "受理审查（新）")
    expect(page.locator("[data-save-state]")).to_contain_text("已保存")
    expect(page.locator(".designer-properties")).to_contain_text("监督：权责依据")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert page.evaluate(UNTRANSLATED) == []
    expect(place.or_(page.get_by_text("没有问题"))).to_be_visible()
    page.get_by_role("button", name="发布").click()
    page.get_by_label("修改原因").fill("明确受理环节")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("[data-save-state]")).to_contain_text("已发布 dibao v2")


def test_a_broken_drawing_is_not_deployed(desk: Callable[..., Desk]) -> None:
    """A new process ends nowhere: the list says so in Chinese, and deploying is refused in the dialog."""
    page = begin(desk("du"), "process", "空流程")
    expect(page.locator(".designer-problems")).to_contain_text("没有后续流向")
    page.get_by_role("button", name="发布").click()
    page.get_by_label("修改原因").fill("试")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("[data-version-problem]")).to_contain_text("No sequence flow leaves")


def test_two_windows_lose_nothing(desk: Callable[..., Desk]) -> None:
    """Who saves second keeps theirs as a copy with a link to it; the first one's drawing stays."""
    first = begin(desk("du"), "process", "共同绘制")
    second = desk("du").open(first.url.removeprefix(desk("").url))
    second.locator("[data-ready=process-editor]").wait_for()
    for page, name in ((first, "甲的起点"), (second, "乙的起点")):
        page.locator("[data-element-id^=Start_] .djs-hit").first.click(force=True)
        rename(page, name)
        expect(page.locator("[data-save-state]")).to_contain_text("已保存")
    second.get_by_role("link", name="打开我的副本").click()
    second.locator("[data-ready=process-editor]").wait_for()
    expect(second.locator("svg", has_text="乙的起点").first).to_be_visible()
    first.reload()
    first.locator("[data-ready=process-editor]").wait_for()
    expect(first.locator("svg", has_text="甲的起点").first).to_be_visible()


def test_decisions_and_forms_have_their_editors(desk: Callable[..., Desk]) -> None:
    """A row in a table and the editor's own words; both are saved by themselves."""
    du = desk("du")
    page = begin(du, "decision", "限额")
    page.locator(".add-rule-add").click()
    expect(page.locator("[data-save-state]")).to_contain_text("已保存")
    assert page.evaluate(UNTRANSLATED) == []
    page = begin(du, "form", "申请表")
    expect(page.locator(".designer-form")).to_contain_text("单行文本")
