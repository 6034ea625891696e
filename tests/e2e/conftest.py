"""Fixtures of browser tests: a real server, a real Chromium, people at desks."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.desk import Desk
from tests.e2e.serving import Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests run on one worker, so that they share one server; the crash tests have their own.

    First of all: pytest-xdist reads the groups in this very hook.
    """
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("crash" if "crash" in item.path.name else "browser"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server with the demonstration city, for all browser tests of this worker."""
    found = Server()
    found.start()
    yield found
    errors = found.errors()
    found.remove()
    assert errors == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the machine's own, else Playwright's."""
    own = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=own, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def desk(browser: Browser, server: Server) -> Iterator[Callable[..., Desk]]:
    """Makes desks: ``desk("lin")`` is lin signed in, ``desk("lin", width=390)`` on a phone; ``desk("")`` a stranger."""
    opened: list[Desk] = []

    def sit_down(username: str, width: int = 1440, height: int = 900, reason: str = "test") -> Desk:
        made = Desk(browser, server.url, width=width, height=height, reason=reason)
        opened.append(made)
        return made.sign_in(username) if username else made

    yield sit_down
    for made in opened:
        made.close()
