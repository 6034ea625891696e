"""Two people at the same task, and files that are not what they say."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests import samples
from tests.e2e.desk import Desk


def test_of_two_browsers_one_completes_and_the_other_is_told(desk: Callable[..., Desk]) -> None:
    """Both press the button on the same task: one is done, the other reads why not; the inspector sees both."""
    first, second = desk("wang"), desk("wang")
    number = first.start()
    second.page.goto(first.page.url)
    second.ready()
    first.fill("申请人姓名", "先到")
    first.fill("公民身份号码", "210190199001011239")
    first.choose("户籍类别", "城镇")
    first.fill("姓名", "先到")
    first.choose("与申请人关系", "本人")
    first.fill("公民身份号码", "210190199001011239", 1)
    first.fill("申报月收入", "100")
    first.check("全体成员已签署家庭经济状况核对授权书")
    first.upload("申请书", "申请书.pdf", samples.application())
    first.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    expect(first.page.locator('[data-save-state][data-state="saved"]').first).to_be_visible()
    second.page.reload()
    second.ready()
    first.page.locator("[data-submit]").click(no_wait_after=True)
    second.page.locator("[data-submit]").click(no_wait_after=True)
    told = None
    for desk_ in (first, second):
        desk_.page.wait_for_load_state("networkidle")
    for desk_ in (first, second):
        if desk_.page.locator("#problem").count():
            told = desk_
    assert told is not None, "both were told that they succeeded"
    expect(told.page.locator("#problem")).to_contain_text(re.compile("已|先"))
    other = second if told is first else first
    assert other.page.locator("#problem").count() == 0
    gao = desk("gao")
    gao.open(f"/cases?text={number}")
    gao.page.get_by_role("link", name=number).first.click()
    items = gao.page.locator(".trace-item")
    expect(gao.page.locator('.trace-item[data-kind^="user_task.completed"]')).to_have_count(1)
    expect(items.filter(has_text="收件登记").filter(has_text="收件")).not_to_have_count(0)
    expect(
        items.filter(has_text="被拒绝").or_(items.filter(has_text="已拒绝")).or_(items.filter(has_text="拒绝"))
    ).to_have_count(1)


def test_a_program_named_as_a_photo_is_refused_with_the_reason(desk: Callable[..., Desk]) -> None:
    """An .exe named .jpg or .pdf is not taken, and the page says why; an HTML page is not taken either."""
    wang = desk("wang")
    wang.start()
    wang.offer("申请书", "申请书.pdf", samples.disguised_program(), "application/pdf")
    expect(wang.page.locator(".upload-list, .field-error").first).to_contain_text("没有接收")
    wang.offer("申请书", "页面.html", b"<html><script>alert(1)</script></html>", "text/html")
    expect(wang.page.locator("#materials .attachments")).to_have_count(0)


def test_a_download_is_an_attachment_and_anothers_file_is_not_found(desk: Callable[..., Desk]) -> None:
    """What was uploaded comes back as it was, never rendered; another street's clerk gets nothing by guessing."""
    wang, qian = desk("wang"), desk("qian")
    wang.start()
    wang.upload("申请书", "申请书.pdf", samples.application())
    link = wang.page.locator('#materials a[href*="/files/"]').first.get_attribute("href")
    assert link
    answer = wang.context.request.get(wang.url + link)
    assert answer.body() == samples.application()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert qian.context.request.get(qian.url + link).status == 404


def test_typing_fast_through_rows_loses_nothing(desk: Callable[..., Desk]) -> None:
    """Thirty milliseconds a key through three rows of the dynamic list: every character arrives."""
    wang = desk("wang")
    wang.start()
    for _ in range(2):
        wang.page.get_by_role("button", name=re.compile("新增")).click()
    names = ["甲乙丙丁戊", "Alexander", "B2y345678"]
    for row, name in enumerate(names):
        box = wang.field("姓名", row).locator("input")
        box.click()
        box.press_sequentially(name, delay=30)
    for row, name in enumerate(names):
        expect(wang.field("姓名", row).locator("input")).to_have_value(name)
