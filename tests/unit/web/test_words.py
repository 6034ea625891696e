"""Codes are said in words: whatever the engine can answer, an official reads a sentence in their language."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, session

from engine.files import sniff
from engine.model.actors import Permission
from engine.model.errors import NotAllowed, Refused
from engine.model.views import VerificationView
from engine.trace.verify import Fault
from tests.unit.web import page_samples as samples
from web import file_words, languages, problems, right_words
from web.pages import labels, showing

CODE = re.compile(r"[a-z]+[._/][a-z]+")
HAN = re.compile(r"[一-鿿]")
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@pytest.fixture(params=languages.SUPPORTED)
def chinese(request: pytest.FixtureRequest) -> Iterator[bool]:
    """A request for a page, in each language; tells whether it is the Chinese one."""
    app = Flask("web", root_path=str(samples.TEMPLATES.parent))
    app.config.update(SECRET_KEY="test")
    languages.init_app(app)
    with app.test_request_context("/"):
        session["locale"] = request.param
        yield request.param != "en"


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_of_a_verification_is_said(chinese: bool, fault: Fault) -> None:
    """Never the English sentence of the engine on a Chinese page."""
    found = VerificationView(
        ok=False, entries=1, files=0, checked_at=samples.AT, head_hash="", first_bad_seq=2, fault=fault,
        reason="Body and hash of entry 9 do not belong together.",
    )  # fmt: skip
    text = labels.fault_text(found)
    assert text not in (found.reason, fault.value)
    assert bool(HAN.search(text)) == chinese


@pytest.mark.parametrize("permission", Permission)
def test_a_missing_right_is_named_in_words(chinese: bool, permission: Permission) -> None:
    """No page says `trace.read`; the API does."""
    error = NotAllowed("access.not_allowed", "x", params={"permission": permission.value})
    text = problems.of_error(error).detail
    assert right_words.words(permission.value) in text
    assert not CODE.search(text), text
    assert bool(HAN.search(text)) == chinese


@pytest.mark.parametrize(
    "found", [*(name for kind in sniff.ALLOWED.values() for name in kind), "application/x-msdownload", "unknown"]
)
def test_a_refused_file_is_named_in_words(chinese: bool, found: str) -> None:
    """An official knows programs and pictures, not media types."""
    params = {"name": "x.jpg", "extension": "jpg", "found": found}
    text = problems.of_error(Refused("file.type_mismatch", "x", params=params)).detail
    assert file_words.words(found) in text
    assert not CODE.search(text.replace(".jpg", "")), text
    assert bool(HAN.search(text)) == chinese


def test_a_client_is_its_address_and_browser(chinese: bool) -> None:
    """The browser's whole description is for the details; programs and system parts keep their names."""
    shown = showing.client(f"10.0.0.7 page {CHROME}")
    assert shown.startswith("10.0.0.7 · ")
    assert shown.endswith(" · Chrome")
    assert "Mozilla" not in shown
    assert showing.client("cli mingjing").endswith(" · mingjing")
    assert showing.client("") == "—"
    assert bool(HAN.search(shown)) == chinese
