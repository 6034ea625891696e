"""Every page for every role: no sideways scrolling on a phone, the watermark in sight, both languages whole."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import accessible
from tests.e2e.desk import Desk

HAN = re.compile(r"[一-鿿]")
PAGES = {
    "": ("/sign-in", "/sign-in?next=/cases"),
    "lin": (
        "/", "/?tab=todo&text=x", "/?tab=done", "/?tab=started", "/?tab=copied", "/?tab=warned", "/start", "/nowhere",
        "/people", "/notices", "/settings", "/settings/shortcuts", "/verify?code=AAAA",
    ),
    "gao": ("/cases", "/cases?text=DB-2026-000003", "/cases?text=nothing", "/definitions"),
    "auditor": ("/system-trace",),
    "secadmin": ("/people",),
    "du": ("/", "/definitions"),
    "luo": ("/", "/operations/cases?figure=waiting", "/operations/cases?figure=running&text=nothing"),
    "sysadmin": ("/",),
}  # fmt: skip
OPENED = {
    "gao": ('/cases a[href*="/cases/"]', '/definitions a[href*="/definitions/"]'),
    "luo": ('/operations/cases?figure=running a[href*="/operations/cases/"]',),
    "lin": ('/?tab=done a[href*="/cases/"]',),
    "wu": ('/ a[href*="/user-tasks/"]',),
}
"""Pages that are reached by a link of another page: its path and the link."""


def places(person: Desk, username: str) -> Iterator[str]:
    """Opens every page of a role, one after the other, and says where it is."""
    for path in PAGES.get(username, ()):
        person.open(path)
        yield path
    for opened in OPENED.get(username, ()):
        path, link = opened.split(" ", 1)
        person.open(path)
        person.page.locator(link).first.click()
        person.page.wait_for_load_state("networkidle")
        yield opened
        for tab in person.page.locator("[data-tabs] a").all():
            tab.click()
            yield f"{opened} {tab.get_attribute('href')}"


def assert_fits(person: Desk, username: str, what: str) -> None:
    """No page is wider than its window, and the account menu is within it."""
    for place in places(person, username):
        wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place} is {wide} px too wide: {what}"
        if username:
            box = person.page.locator(".person-menu > summary").bounding_box()
            size = person.page.viewport_size
            assert box is not None
            assert size is not None
            assert box["x"] + box["width"] <= size["width"], place


@pytest.mark.parametrize("username", sorted(PAGES.keys() | OPENED.keys()))
def test_no_page_scrolls_sideways_on_a_phone(desk: Callable[..., Desk], username: str) -> None:
    """At 390 pixels, in both languages, in normal and in large type, on every page and every tab of it."""
    person = desk(username, width=390, height=844)
    for language in ("中文", "English"):
        assert_fits(person, username, f"390 px, {language}")
        person.page.goto(person.url + ("/" if username else "/sign-in"))
        if username:
            person.page.get_by_role("button", name=re.compile("大字|Large type")).click()
            assert_fits(person, username, f"390 px, large, {language}")
            person.page.goto(person.url + "/")
            person.page.get_by_role("button", name=re.compile("大字|Large type")).click()
        if language == "中文":
            person.page.get_by_role("button", name="English").click()
            expect(person.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("username", sorted(PAGES.keys() | OPENED.keys()))
def test_pages_fit_a_desk_and_say_that_their_data_is_invented(desk: Callable[..., Desk], username: str) -> None:
    """At 1280 pixels; the mark 演示数据 is on every page, and axe finds no serious fault on any."""
    person = desk(username, width=1280, height=720)
    for place in places(person, username):
        wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place} is {wide} px too wide"
        expect(person.page.get_by_text("演示数据").first).to_be_visible()
        assert accessible.faults(person.page) == [], place


def drawn(page: Page) -> tuple[float, float, float, float]:
    """How far the drawing stands out of its canvas, in pixels: left, top, right, bottom; negative is inside."""
    canvas = page.locator(".diagram-canvas").bounding_box()
    drawing = page.locator(".djs-element[data-element-id=Participant_dibao] .djs-visual").first.bounding_box()
    assert canvas is not None
    assert drawing is not None
    return (
        canvas["x"] - drawing["x"],
        canvas["y"] - drawing["y"],
        drawing["x"] + drawing["width"] - canvas["x"] - canvas["width"],
        drawing["y"] + drawing["height"] - canvas["y"] - canvas["height"],
    )


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
def test_the_fit_button_shows_the_whole_diagram(desk: Callable[..., Desk], width: int, height: int) -> None:
    """On the case page; before that the node where the case stands is in sight."""
    gao = desk("gao", width=width, height=height)
    gao.open("/cases?text=DB-2026-000006")
    gao.page.locator('a[href*="/cases/"]').first.click()
    expect(gao.page.locator('[data-ready="diagram"]')).to_be_attached()
    current = gao.page.locator(".djs-element.mj-current .djs-visual").first
    expect(current).to_be_in_viewport(ratio=0.9)
    gao.page.get_by_role("button", name="适应窗口").click()
    assert all(distance <= 1 for distance in drawn(gao.page)), drawn(gao.page)


def test_the_diagram_of_a_task_shows_all_its_lanes(desk: Callable[..., Desk]) -> None:
    """At 1280 x 720, where the action bar would take the room of the lowest lane."""
    wu = desk("wu", width=1280, height=720)
    wu.open("/")
    wu.page.locator("tr").filter(has_text="DB-2026-000006").get_by_role("link").first.click()
    wu.page.get_by_role("tab", name="流程图").click()
    expect(wu.page.locator('[data-ready="diagram"]')).to_be_attached()
    _, top, _, bottom = drawn(wu.page)
    assert (top <= 1, bottom <= 1) == (True, True)


def test_the_diagram_of_a_model_uses_the_page_and_has_no_empty_legend(desk: Callable[..., Desk]) -> None:
    """A model that nobody ran has nothing done; its drawing is whole at once."""
    du = desk("du", width=1440, height=900)
    du.open("/definitions")
    du.page.get_by_role("link", name="低保审核确认").first.click()
    expect(du.page.locator('[data-ready="diagram"]')).to_be_attached()
    assert all(distance <= 1 for distance in drawn(du.page)), drawn(du.page)
    canvas, main = du.page.locator(".diagram-canvas").bounding_box(), du.page.locator("#main").bounding_box()
    assert canvas is not None
    assert main is not None
    assert canvas["width"] >= main["width"] - 2
    expect(du.page.locator(".diagram-legend li")).to_have_count(0)


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
        expect(lin.page.get_by_role("navigation", name="主菜单")).to_be_visible()
        expect(lin.page.get_by_role("link", name="登录")).to_have_count(0)
        expect(lin.page.get_by_role("link", name="回到工作台")).to_be_visible()
        card, main = lin.page.locator(".problem").bounding_box(), lin.page.locator("#main").bounding_box()
        assert card is not None
        assert main is not None
        assert main["x"] < card["x"]
        assert card["x"] + card["width"] < main["x"] + main["width"]


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


def test_english_chosen_on_the_sign_in_page_outlives_signing_in_and_out(desk: Callable[..., Desk]) -> None:
    """Nobody has to choose it twice."""
    stranger = desk("")
    stranger.open("/sign-in")
    stranger.page.get_by_role("button", name="English").click()
    expect(stranger.page.locator("html")).to_have_attribute("lang", "en")
    stranger.sign_in("sun")
    expect(stranger.page.locator("html")).to_have_attribute("lang", "en")
    stranger.page.locator(".person-menu > summary").click()
    stranger.page.get_by_role("button", name="Sign out").click()
    stranger.page.wait_for_url("**/sign-in")
    expect(stranger.page.locator("html")).to_have_attribute("lang", "en")


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
