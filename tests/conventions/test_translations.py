"""No page shows a message that was not translated, and no error a code."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.conventions.error_codes import message_ids
from tests.conventions.tree import ROOT

WEB = ROOT / "web"
LOCALES = ("zh_Hans_CN", "en")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@cache
def catalogue(locale: str) -> Catalog:
    """The catalogue of a locale as it lies in the repository."""
    text = (WEB / "translations" / locale / "LC_MESSAGES" / "messages.po").read_bytes()
    return read_po(BytesIO(text), locale=locale)


@cache
def used() -> frozenset[str]:
    """Every message id in templates and code; of plurals the singular."""
    found = set()
    for _, _, message, _, _ in extract_from_dir(
        WEB, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: Path(path).name != "node_modules"
    ):
        found.add(message[0] if isinstance(message, tuple) else message)
    return frozenset(found)


def translated(locale: str, message_id: str) -> str:
    """The translation of a message id; empty when missing or fuzzy."""
    message = catalogue(locale).get(message_id)
    if message is None or message.fuzzy:
        return ""
    return " ".join(texts(message.string))


def texts(given: object) -> list[str]:
    """A message's id or string as a list: plurals have several."""
    return [text for text in given if text] if isinstance(given, tuple | list) else [str(given or "")]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated(locale: str) -> None:
    """The Chinese catalogue is complete, the English one in place; fuzzy does not count."""
    assert len(used()) > 150
    assert sorted(message for message in used() if not translated(locale, message)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_error_code_has_a_message(locale: str) -> None:
    """Whatever code the engine answers with, a reader gets a sentence."""
    found = message_ids()
    assert {"problem.user_task.not_open", "detail.required", "problem.sign_in.failed"} <= found
    assert sorted(code for code in found if not translated(locale, code)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_asks_only_for_parameters_of_its_message(locale: str) -> None:
    """A placeholder that nobody fills would be shown as it is. Error codes take theirs from the English catalogue."""
    wrong = []
    for message in catalogue(locale):
        if not message.id:
            continue
        source = " ".join(texts(message.id))
        if source.startswith(("problem.", "detail.")):
            source = translated("en", source)
        if not set(PLACEHOLDER.findall(" ".join(texts(message.string)))) <= set(PLACEHOLDER.findall(source)):
            wrong.append(source)
    assert wrong == []


def test_no_template_holds_chinese_text() -> None:
    """Words belong into the catalogue; only the language switch names itself in its own script."""
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    found = {
        f"{path.relative_to(WEB)}: {text}"
        for path in (WEB / "templates").rglob("*.html")
        for text in chinese.findall(path.read_text(encoding="utf-8"))
        if text != "中文"
    }
    assert found == set()
