"""What a clerk is told while filling in: uploads, an unchosen result, a server that cannot be reached."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from engine.service.demonstration_city import sample_cases
from tests import samples
from tests.e2e.desk import Desk

ID_NUMBER = str(sample_cases()[2].steps[0].variables["id_number"])
PROGRAM = b"MZ\x90\x00" + bytes(600)


def test_what_may_be_uploaded_stands_beside_the_upload(desk: Callable[..., Desk]) -> None:
    """Types and size limit; what is too large is not even sent; a program is called one; old refusals go away."""
    lin = desk("lin")
    lin.start()
    material = lin.page.locator('[data-material="application"]')
    expect(material.locator(".upload-limit")).to_have_text(re.compile("pdf.*图片.*20 MB"))
    lin.offer("申请书", "太大.pdf", bytes(21 * 2**20), "application/pdf")
    expect(material.get_by_role("alert")).to_contain_text("超过 20 MB")
    lin.offer("申请书", "照片.jpg", PROGRAM, "image/jpeg")
    expect(material.get_by_role("alert")).to_have_count(1)
    expect(material.get_by_role("alert")).to_contain_text("程序")
    assert "application/" not in material.get_by_role("alert").inner_text()
    lin.upload("申请书", "申请书.pdf", samples.application())
    expect(material.get_by_role("alert")).to_have_count(0)


def test_an_upload_answers_the_complaint_and_is_listed_among_the_files(desk: Callable[..., Desk]) -> None:
    """The missing material is no longer red once it is there, and the tab of all files knows it."""
    lin = desk("lin")
    lin.start()
    fill_in(lin)
    lin.complete()
    problem = lin.page.locator("#problem")
    expect(problem).to_contain_text("申请书")
    expect(problem).to_contain_text("核对授权书")
    lin.upload("申请书", "申请书.pdf", samples.application())
    expect(problem.locator("li", has_text="申请书")).to_have_count(0)
    expect(problem).to_contain_text("核对授权书")
    lin.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    expect(problem).to_have_count(0)
    lin.page.get_by_role("tab", name="附件与照片").click()
    expect(lin.page.locator("#files").get_by_role("link", name="核对授权书.pdf")).to_be_visible()


def fill_in(lin: Desk) -> None:
    """The smallest receipt that the form accepts."""
    lin.fill("申请人姓名", "张三")
    lin.fill("公民身份号码", ID_NUMBER)
    lin.choose("户籍类别", "城镇")
    lin.fill("家庭住址", "柳荫路 1 号")
    lin.fill("姓名", "张三")
    lin.choose("与申请人关系", "本人")
    lin.fill("公民身份号码", ID_NUMBER, 1)
    lin.fill("申报月收入", "100")
    lin.check("全体成员已签署家庭经济状况核对授权书")


def test_a_row_is_removed_by_a_button_with_a_chinese_name(desk: Callable[..., Desk]) -> None:
    """form-js names it in English only."""
    lin = desk("lin")
    lin.start()
    expect(lin.page.get_by_role("button", name="删除第 1 行")).to_be_visible()


def test_an_unchosen_result_is_told_beside_the_choices(desk: Callable[..., Desk]) -> None:
    """In the reader's language, not by a bubble of the browser; choosing takes it away."""
    he = desk("zhao")
    he.open("/")
    if he.page.locator('a[href*="/user-tasks/"]').count() == 0:
        lin = desk("lin")
        number = receive(lin)
        he.task(number, "受理审查")
    else:
        he.page.locator('a[href*="/user-tasks/"]').first.click()
        he.ready()
    he.page.locator("[data-submit]").click()
    expect(he.page.locator(".outcomes .field-error")).to_have_text("请先选择办理结果。")
    assert he.page.evaluate("document.querySelector('#completion').noValidate")
    he.page.locator(".outcome-choice", has_text="不予受理").click()
    expect(he.page.locator(".outcomes .field-error")).to_have_count(0)


def receive(lin: Desk) -> str:
    number = lin.start()
    fill_in(lin)
    lin.upload("申请书", "申请书.pdf", samples.application())
    lin.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    lin.complete()
    lin.done()
    return number


def test_a_submission_without_a_connection_stays_on_the_form(desk: Callable[..., Desk]) -> None:
    """Nothing typed is lost, the reason is told, and the same button works once the server is there again."""
    lin = desk("lin")
    lin.start()
    fill_in(lin)
    lin.upload("申请书", "申请书.pdf", samples.application())
    lin.upload("核对授权书", "核对授权书.pdf", samples.authorisation())
    expect(lin.page.locator('[data-save-state][data-state="saved"]').first).to_be_attached()
    lin.context.set_offline(True)
    lin.complete(opinion="断网时写的。")
    expect(lin.page.locator("[data-unreachable]")).to_contain_text("暂时连不上服务器")
    expect(lin.page.locator("#opinion")).to_have_value("断网时写的。")
    lin.context.set_offline(False)
    lin.complete()
    lin.done()


def test_two_uploads_at_once_are_both_listed(desk: Callable[..., Desk]) -> None:
    """The second file is chosen while the first is still on its way; neither is missing from the list."""
    lin = desk("lin")
    lin.start()

    def late(route: Route) -> None:
        lin.page.wait_for_timeout(300)
        route.continue_()

    lin.page.route("**/materials", late)
    lin.offer("申请书", "申请书.pdf", samples.application(), "application/pdf")
    lin.offer("核对授权书", "核对授权书.pdf", samples.authorisation(), "application/pdf")
    listed = lin.page.locator("#materials .attachments")
    expect(listed.get_by_text("申请书.pdf")).to_be_visible()
    expect(listed.get_by_text("核对授权书.pdf")).to_be_visible()
