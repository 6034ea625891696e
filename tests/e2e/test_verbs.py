"""The verbs of approval by their page: ask a colleague for an opinion, who gives it, on a desk and on a phone."""

import os
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.desk import Desk


def test_a_colleague_is_asked_and_signs(desk: Callable[..., Desk]) -> None:
    """What the node allows is offered; the task waits for the signer, whose page asks for an opinion only."""
    lin = desk("lin")
    lin.start()
    lin.page.get_by_role("link", name="其他动作").click()
    expect(lin.page.get_by_role("heading", level=1)).to_have_text("其他动作")
    lin.page.locator("#verb-add-sign summary").click()
    lin.page.get_by_label("人员（及其手头任务数）").and_(lin.page.locator("#people-add-sign")).select_option("wang")
    _picture(lin, "verbs")
    address = lin.page.url
    lin.page.locator("#verb-add-sign button").click()
    expect(lin.page.get_by_text("已办理，并记入办件痕迹。")).to_be_visible()
    lin.page.goto(address)
    expect(lin.page.get_by_text("正在等待以下人员的意见：")).to_be_visible()
    wang = desk("wang", width=390)
    wang.page.locator('a[href*="/user-tasks/"]').first.click()
    expect(wang.page.get_by_text("您是被加签人").first).to_be_visible()
    wang.page.get_by_role("link", name="其他动作").click()
    wang.page.get_by_label("同意", exact=True).check()
    wang.page.locator("#opinion-sign").fill("情况属实")
    _picture(wang, "verbs-phone")
    wang.page.locator("#verb-sign button").click()
    expect(wang.page.get_by_text("已办理，并记入办件痕迹。")).to_be_visible()
    lin.page.goto(address)
    expect(lin.page.get_by_text("正在等待以下人员的意见：")).to_have_count(0)


def _picture(person: Desk, name: str) -> None:
    folder = os.environ.get("VERB_PICTURES")
    if folder:
        person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)
