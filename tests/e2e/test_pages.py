"""Every page for every role: no sideways scrolling on a phone, the watermark in sight, both languages whole."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import Desk

HAN = re.compile(r"[一-鿿]")
PAGES = {
    "lin": ("/", "/?tab=done", "/?tab=started", "/?tab=warned", "/start"),
    "gao": ("/cases", "/cases?text=DB-2026-000003", "/cases?text=nothing"),
    "auditor": ("/system-trace",),
    "secadmin": ("/people",),
    "du": ("/",),
    "sysadmin": ("/",),
}


@pytest.mark.parametrize("username", PAGES)
def test_pages_fit_a_phone_and_a_desk(desk: Callable[..., Desk], username: str) -> None:
    """No page is wider than its window at 390 and 1280 pixels, and every page says that its data is invented."""
    for width, height in ((390, 844), (1280, 720)):
        person = desk(username, width=width, height=height)
        for path in PAGES[username]:
            person.open(path)
            wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} px too wide at {width}"
            expect(person.page.get_by_text("演示数据").first).to_be_visible()


def test_the_watermark_of_bpmn_io_is_in_sight(desk: Callable[..., Desk]) -> None:
    """The licence of the diagram and the form asks for it: visible, and nothing lies over it."""
    gao = desk("gao")
    gao.open("/cases")
    gao.page.locator('a[href*="/cases/"]').first.click()
    mark = gao.page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    assert topmost(gao.page, ".bjs-powered-by")
    wang = desk("wang")
    wang.start()
    form_mark = wang.page.locator(".fjs-powered-by")
    form_mark.scroll_into_view_if_needed()
    expect(form_mark).to_be_visible()
    assert topmost(wang.page, ".fjs-powered-by")


def topmost(page: Page, selector: str) -> bool:
    """Whether the middle of an element is not covered by another."""
    script = """selector => {
        const mark = document.querySelector(selector), box = mark.getBoundingClientRect();
        const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return found !== null && (mark.contains(found) || found.contains(mark));
    }"""
    return bool(page.evaluate(script, selector))


def test_what_is_not_there_or_not_allowed_is_said_in_words(desk: Callable[..., Desk]) -> None:
    """An unknown address, a guessed case and a page without the right each have a page of their own."""
    lin = desk("lin")
    for path, status in (("/nowhere", 404), ("/cases/1", 404), ("/people", 403), ("/system-trace", 403)):
        answer = lin.page.goto(lin.url + path)
        assert answer is not None
        assert answer.status == status
        expect(lin.page.locator("h1").first).to_be_visible()
        assert HAN.search(lin.page.locator("h1").first.inner_text())


def test_english_is_an_equal_and_stays_chosen(desk: Callable[..., Desk]) -> None:
    """After the switch the whole frame is English, here and after signing in again; and back."""
    sun = desk("sun")
    sun.page.get_by_role("button", name="English").click()
    expect(sun.page.locator("html")).to_have_attribute("lang", "en")
    expect(sun.page.get_by_role("heading", name="Workbench")).to_be_visible()
    navigation = sun.page.get_by_role("navigation").first.inner_text()
    assert not HAN.search(navigation), navigation
    sun.page.get_by_role("button", name="中文").click()
    expect(sun.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_stranger_is_asked_to_sign_in_and_comes_back(desk: Callable[..., Desk]) -> None:
    """A deep link survives signing in, and never leads to another site."""
    stranger = desk("")
    stranger.open("/start")
    assert "/sign-in" in stranger.page.url
    stranger.page.locator("input[name=username]").fill("wang")
    stranger.page.locator("input[name=password]").fill("mingjing-demo")
    stranger.page.locator("input[name=password]").press("Enter")
    stranger.page.wait_for_url(stranger.url + "/start")
    other = desk("")
    other.open("/sign-in?next=https://example.org/")
    other.page.locator("input[name=username]").fill("wang")
    other.page.locator("input[name=password]").fill("mingjing-demo")
    other.page.locator("input[name=password]").press("Enter")
    other.page.wait_for_url(lambda url: "/sign-in" not in url)
    assert other.page.url.startswith(other.url)


def test_a_receipt_can_be_worked_by_keyboard_alone(desk: Callable[..., Desk]) -> None:
    """From the first field with Tab through the form to the submit button, without a mouse."""
    wang = desk("wang")
    wang.start()
    wang.field("申请人姓名").locator("input").focus()
    wang.page.keyboard.type("键盘")
    reached = []
    for _ in range(60):
        wang.page.keyboard.press("Tab")
        reached.append(wang.page.evaluate("document.activeElement?.matches('[data-submit]') ?? false"))
        if reached[-1]:
            break
    assert reached[-1]
    expect(wang.field("申请人姓名").locator("input")).to_have_value("键盘")
