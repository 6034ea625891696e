"""A clerk's day in the task centre: by keyboard alone, and on a phone with a camera."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import samples
from tests.e2e.desk import Desk
from tests.e2e.test_filling import receive

HINTS = "照片未带拍摄时间和位置，无法判断"


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Press Tab until the focus is on an element, if it is not there already."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_a_step_of_a_case_by_keyboard_alone(desk: Callable[..., Desk]) -> None:
    """Choose in the list, read the preview, open, fill in, take a phrase, choose the outcome, submit: no mouse."""
    number = receive(desk("lin"))
    zhao = desk("zhao")
    page, keyboard = zhao.page, zhao.page.keyboard
    zhao.open("/?tab=todo")
    keyboard.press("/")
    keyboard.type(number)
    keyboard.press("Enter")
    page.wait_for_url(re.compile("text="))
    page.locator("body").press("j")
    expect(page.locator("#preview")).to_contain_text(number)
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/user-tasks/\d+"))
    zhao.ready()
    keyboard.press("Control+Alt+KeyF")
    assert page.evaluate("document.activeElement?.closest('.fjs-container') !== null")
    for name in ("in_jurisdiction", "identity_verified", "materials_complete"):
        tab_to(page, f"[id$=Field_{name}]")
        keyboard.press("Space")
        expect(page.locator(f"[id$=Field_{name}]")).to_be_checked()
    tab_to(page, "input[name=action]")
    keyboard.press("Space")
    expect(page.locator("input[name=action]").first).to_be_checked()
    tab_to(page, ".phrases > summary")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.locator("#opinion")).to_have_value("同意。")
    keyboard.press("Control+Alt+KeyO")
    keyboard.press("Control+End")
    keyboard.type("予以受理。")
    keyboard.press("Control+Enter")
    zhao.done()
    expect(page.get_by_role("status").first).to_contain_text(number)
    keyboard.press("?")
    expect(page.get_by_role("heading", name="键盘快捷键")).to_be_visible()


def test_photos_on_a_phone(desk: Callable[..., Desk]) -> None:
    """Taken with the camera: where the device is goes with it, what the photo does not say is told as that, the
    original stays as it was, and the viewer turns and enlarges it by keyboard."""
    number = receive(desk("lin"))
    zhao = desk("zhao")
    zhao.task(number, "受理审查")
    for label in ("户籍或居住地属于本街道（乡镇）受理范围", "已核验申请人及家庭成员身份", "申请材料齐备"):
        zhao.check(label)
    zhao.complete("受理", "予以受理。")
    zhao.done()
    sun = desk("sun", width=390, height=844)
    sun.context.grant_permissions(["geolocation"])
    sun.context.set_geolocation({"latitude": 31.34, "longitude": 118.37, "accuracy": 12})
    sun.task(number, "入户调查")
    photo = samples.site_photo(number)
    camera = sun.page.locator("input[data-camera]").first
    camera.set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo})
    shown = sun.page.locator("#materials .photo").first
    expect(shown).to_contain_text(HINTS)
    expect(shown).to_contain_text("上传设备位于 31.34000, 118.37000（±12 米）")
    href = shown.locator("a").get_attribute("href")
    assert sun.context.request.get(f"{sun.url}{href}").body() == photo
    shown.locator("a").focus()
    sun.page.keyboard.press("Enter")
    image = sun.page.locator("dialog.viewer img")
    expect(image).to_be_visible()
    sun.page.keyboard.press("r")
    sun.page.keyboard.press("+")
    expect(image).to_have_attribute("data-turned", "90")
    expect(image).to_have_attribute("data-zoom", "1.25")
    sun.page.keyboard.press("Escape")
    expect(image).to_be_hidden()
