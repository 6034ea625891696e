"""Values on pages: business time, sizes, rows, file lists."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from tests.unit.web import page_samples as samples
from web import languages
from web.pages import showing


@pytest.fixture(autouse=True)
def _words() -> object:
    # With our catalogues: Flask-Babel keeps what it found for a locale, for every later application of the process.
    app = Flask("words", root_path=str(samples.TEMPLATES.parent))
    languages.init_app(app)
    with app.test_request_context("/"):
        yield


def test_times_are_shown_in_the_business_zone() -> None:
    """An evening in UTC is the next morning in Beijing."""
    assert showing.beijing(datetime(2026, 1, 4, 23, 30, tzinfo=UTC)) == "2026-01-05 07:30"


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (1023, "1023 B"), (2048, "2 KB"), (3_500_000, "3.3 MB")])
def test_sizes_are_readable(count: int, text: str) -> None:
    """Bytes, kilobytes, megabytes."""
    assert showing.size(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        ([], "—"),
        (0, "0"),
        (Decimal("912.50"), "912.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 1, 5), "2026-01-05"),
        (["a", "b"], "a、b"),
        ({"a": 1, "b": None}, "a：1；b：—"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, text: str) -> None:
    """No exponents, no brackets, a dash for nothing; zero is not nothing."""
    assert showing.shown(value) == text


def test_rows_get_a_line_each() -> None:
    """A household's members stand one below the other."""
    assert showing.lines([{"name": "a"}, {"name": "b"}]) == ["1. name：a", "2. name：b"]
    assert showing.lines(["a", "b"]) == ["a、b"]


def test_materials_are_listed_with_their_files_and_the_rest_last() -> None:
    """A file whose code names no material is an other attachment."""
    rows = showing.material_rows(samples.task_view())
    assert [(row.code, len(row.files), row.done) for row in rows] == [
        ("application", 1, True),
        ("site", 1, True),
        ("", 1, True),
    ]
    assert rows[1].outcomes == ("受理",)


def test_a_field_is_named_by_its_label() -> None:
    """Row numbers do not matter; an unknown path stays as it is."""
    assert showing.field_name(samples.FORM, "members[3].name") == "成员姓名"
    assert showing.field_name(samples.FORM, "nowhere") == "nowhere"
    assert showing.field_name(None, "x") == "x"
