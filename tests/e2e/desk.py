"""A person at a browser: signs in, opens work, fills in forms, completes, looks at cases."""

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from web.commands import REASON_HEADER

WIDTHS = ((1440, 900), (1280, 720), (390, 844))
SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
LEAF = ".fjs-form-field:not(.fjs-form-field-group):not(.fjs-form-field-dynamiclist)"
"""A form field that holds no others."""

PASSWORD = "mingjing-demo"


class Desk:
    """One browser context with one page; collects everything that a healthy page does not say.

    reason: why it looks at cases, said with each request; empty: the page asks for it.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1440,
        height: int = 900,
        locale: str = "zh-CN",
        reason: str = "test",
    ) -> None:
        self.url = url
        size: Any = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, locale=locale, has_touch=width < 600)
        if reason:
            self.context.set_extra_http_headers({REASON_HEADER: reason})
        self.page: Page = self.context.new_page()
        self.context.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Collect console errors, script errors and failed answers of a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself reports answers such as 409 and 422, which are this test's subject.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def close(self) -> None:
        """Close the browser context; anything a page complained about fails the test."""
        self.context.close()
        assert not self.complaints, self.complaints

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, username: str) -> "Desk":
        self.open("/sign-in")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def start(self, process: str = "低保审核确认") -> str:
        """Start a case and come to its first user task; returns the case number."""
        self.open("/start")
        self.page.get_by_role("button", name=process).click()
        self.page.wait_for_url(re.compile(r"/user-tasks/\d+"))
        self.ready()
        return self.number()

    def number(self) -> str:
        found = re.search(r"[A-Z]+-\d{4}-\d{6}", self.page.locator(".pagehead").inner_text())
        assert found is not None
        return found.group()

    def task(self, number: str, element: str) -> "Desk":
        """Open the user task of a case from the work list."""
        self.open("/")
        self.page.locator("tr, li").filter(has_text=number).filter(has_text=element).get_by_role("link").first.click()
        self.page.wait_for_url(re.compile(r"/user-tasks/\d+"))
        self.ready()
        return self

    def ready(self) -> None:
        """Wait for the form to be there."""
        expect(self.page.locator(".fjs-container, .panel-body.quiet").first).to_be_visible()

    def field(self, label: str, row: int = 0) -> Locator:
        """The form field with this label; `row` counts fields with the same label."""
        exact = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        labels = self.page.locator(LEAF).filter(has=self.page.locator("label, legend", has_text=exact))
        return labels.nth(row)

    def fill(self, label: str, text: str, row: int = 0) -> None:
        box = self.field(label, row).locator("input:not([type=hidden]), textarea").first
        box.fill(text)

    def choose(self, label: str, option: str, row: int = 0) -> None:
        self.field(label, row).locator(".fjs-select-display").click()
        self.page.locator(".fjs-dropdownlist-item", has_text=re.compile(rf"^{option}$")).click()

    def check(self, label: str) -> None:
        self.field(label).locator("input[type=checkbox]").check()

    def upload(self, material: str, name: str, data: bytes, media_type: str = "application/pdf") -> None:
        """Upload a file for a material and wait until it is listed."""
        self.offer(material, name, data, media_type)
        expect(self.page.locator("#materials :is(.attachments, .photos)").get_by_text(name).first).to_be_visible()

    def offer(self, material: str, name: str, data: bytes, media_type: str) -> None:
        """Choose a file for a material, whatever comes of it."""
        box = self.page.locator(f'input[type=file][aria-label="{material}"]')
        box.set_input_files({"name": name, "mimeType": media_type, "buffer": data})

    def complete(self, outcome: str = "", opinion: str = "") -> None:
        """Choose the outcome, write the opinion, submit."""
        if outcome:
            self.page.locator(".outcome-choice", has_text=outcome).first.click()
        if opinion:
            self.page.locator("#opinion").fill(opinion)
        self.page.locator("[data-submit]").click()

    def done(self) -> None:
        """The completion was accepted: we are back where work is listed, and are told so."""
        self.page.wait_for_url(lambda url: "/user-tasks/" not in url)
        expect(self.page.get_by_role("status").first).to_be_visible()

    def shoot(self, name: str) -> None:
        """Screenshots at three widths, when asked for by MINGJING_SCREENSHOTS=1."""
        if os.environ.get("MINGJING_SCREENSHOTS") != "1":
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=SCREENSHOTS / f"{width}-{name}.png", animations="disabled")
        if before:
            self.page.set_viewport_size(before)
