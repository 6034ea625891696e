"""What was typed is never lost: a closed tab, a lost session, a restarted server."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests import samples
from tests.e2e.desk import Desk
from tests.e2e.serving import Server

SAVED = '[data-save-state][data-state="saved"]'


def typed(desk: Desk, label: str = "申请人姓名") -> str:
    return desk.field(label).locator("input").input_value()


def test_a_draft_survives_a_closed_tab(desk: Callable[..., Desk]) -> None:
    """Form, opinion and files are there again in another tab."""
    wang = desk("wang")
    wang.start()
    address = wang.page.url
    wang.fill("申请人姓名", "半途")
    wang.page.locator("#opinion").fill("写到一半")
    wang.upload("申请书", "申请书.pdf", samples.application())
    expect(wang.page.locator(SAVED).first).to_be_visible()
    wang.page.close()
    wang.page = wang.context.new_page()
    wang.watch(wang.page)
    wang.page.goto(address)
    wang.ready()
    expect(wang.field("申请人姓名").locator("input")).to_have_value("半途")
    expect(wang.page.locator("#opinion")).to_have_value("写到一半")
    expect(wang.page.get_by_text("申请书.pdf").first).to_be_visible()


def test_what_was_typed_after_the_session_was_lost_is_there_after_signing_in(desk: Callable[..., Desk]) -> None:
    """The page says that the session is over, keeps the text, and gives it back afterwards."""
    wang = desk("wang")
    wang.start()
    address = wang.page.url
    wang.context.clear_cookies()
    wang.fill("申请人姓名", "会话丢失")
    expect(wang.page.locator("#session-notice")).to_be_visible()
    wang.sign_in("wang")
    wang.page.goto(address)
    wang.ready()
    expect(wang.field("申请人姓名").locator("input")).to_have_value("会话丢失")


def test_a_draft_survives_a_restarted_server(browser: Browser) -> None:
    """The server stops cleanly and starts again in seconds; the draft, the session and the case are there."""
    own = Server()
    try:
        own.start()
        wang = Desk(browser, own.url).sign_in("wang")
        number = wang.start()
        address = wang.page.url
        wang.fill("申请人姓名", "重启之前")
        expect(wang.page.locator(SAVED).first).to_be_visible()
        own.stop()
        own.start()
        wang.page.goto(address)
        wang.ready()
        assert typed(wang) == "重启之前"
        assert wang.number() == number
        wang.close()
    finally:
        own.remove()


def test_two_windows_do_not_overwrite_each_other_unseen(desk: Callable[..., Desk]) -> None:
    """The second window is told, keeps its own text, and may take over what the first one saved."""
    wang = desk("wang")
    wang.start()
    first = wang.page
    second = wang.context.new_page()
    wang.watch(second)
    second.goto(first.url)
    wang.page = second
    wang.ready()
    wang.fill("家庭住址", "第二个窗口")
    expect(second.locator(SAVED).first).to_be_visible()
    wang.page = first
    wang.fill("联系电话", "0410-3796738")
    expect(first.locator("#conflict-notice")).to_be_visible()
    versions = first.locator("[data-conflict-versions] tr")
    expect(versions.filter(has_text="家庭住址")).to_contain_text("第二个窗口")
    expect(versions.filter(has_text="联系电话")).to_contain_text("0410-3796738")
    expect(wang.field("联系电话").locator("input")).to_have_value("0410-3796738")
    first.locator("[data-draft-load]").click()
    wang.ready()
    expect(wang.field("家庭住址").locator("input")).to_have_value("第二个窗口")
    wang.fill("联系电话", "0410-3796738")
    expect(first.locator(SAVED).first).to_be_visible()
    second.bring_to_front()
    wang.page = second
    wang.fill("家庭住址", "第二个窗口，改过")
    expect(second.locator("#conflict-notice")).to_be_visible()
    second.locator("[data-draft-keep]").click()
    expect(second.locator(SAVED).first).to_be_visible()
    expect(second.locator("#conflict-notice")).to_be_hidden()


def test_a_long_text_is_saved_too(desk: Callable[..., Desk]) -> None:
    """More than browsers send for a page that is being left (64 KB), in one field."""
    wang = desk("wang")
    wang.start()
    wang.fill("申请理由", "困难" * 15_000)
    expect(wang.page.locator(SAVED).first).to_be_visible()


def test_amounts_are_read_as_offices_write_them(desk: Callable[..., Desk]) -> None:
    """A thousands separator is no decimal point, and full-width digits are digits: no number turns into another."""
    wang = desk("wang")
    wang.start()
    box = wang.field("申报月收入").locator("input")
    box.press_sequentially("12,500.5")
    expect(box).to_have_value("12500.5")
    box.fill("１，２５０")
    expect(box).to_have_value("1250")
    expect(wang.page.locator(SAVED).first).to_be_visible()
    key = wang.page.url.rsplit("/", 1)[1]
    draft = wang.context.request.get(f"{wang.url}/api/user-tasks/{key}/draft").json()
    assert [row["monthly_income"] for row in draft["data"]["members"]] == [1250]
