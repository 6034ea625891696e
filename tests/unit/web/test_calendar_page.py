"""The page of the working calendar: what is typed becomes days, and a year becomes grids of its months."""

from datetime import date

import pytest
from flask import Flask

from engine.model.errors import Invalid
from engine.model.working_days import CalendarDayView, CalendarView
from web import languages
from web.pages import calendar


def test_days_are_typed_one_by_one_and_from_to() -> None:
    """Any separators, Chinese ones too; both ends of a span are in it."""
    found = list(calendar.typed_days(2027, "off", " 2027-01-01、2027-02-06~2027-02-08，\n2027-10-01"))
    assert found == [date(2027, *day) for day in ((1, 1), (2, 6), (2, 7), (2, 8), (10, 1))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soon", "calendar_day"),
        ("2027-02-30", "calendar_day"),
        ("2026-12-31", "calendar_year"),
        ("2027-03-02~2027-03-01", "calendar_year"),
        ("2027-12-31~2028-01-01", "calendar_year"),
    ],
)
def test_what_is_no_day_of_the_year_is_refused_with_its_place(text: str, code: str) -> None:
    """Nothing of the field is taken."""
    with pytest.raises(Invalid) as refused:
        list(calendar.typed_days(2027, "worked", text))
    assert [(one.place, one.code) for one in refused.value.details] == [("worked", code)]


def test_a_year_is_twelve_grids_with_what_its_days_are() -> None:
    """February 2027 begins on a Monday; a day off takes a workday away and a worked Saturday gives one."""
    days = (
        CalendarDayView(day=date(2027, 2, 8), working=False, source="通知", person_name="罗"),
        CalendarDayView(day=date(2027, 2, 20), working=True, source="", person_name=""),
        CalendarDayView(day=date(2027, 2, 9), working=True, source="撤回", person_name="罗"),
    )
    app = Flask("calendar")
    languages.init_app(app)
    with app.test_request_context("/"):
        months = calendar.months(CalendarView(year=2027, known=True, version="v", days=days))
    february = months[1]
    kinds = {one.day.day: one.kind for week in february.weeks for one in week if one}
    assert len(months) == 12
    assert february.workdays == 20
    assert (kinds[8], kinds[9], kinds[20], kinds[21], kinds[22]) == ("off", "work", "worked", "weekend", "work")
    assert [one is None for one in months[0].weeks[0]] == [True] * 4 + [False] * 3
    assert {one.day.day for week in february.weeks for one in week if one and one.edited} == {8, 9}
