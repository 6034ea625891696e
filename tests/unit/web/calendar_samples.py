"""What the page of the working calendar is given."""

from datetime import date

from engine.model.working_days import CalendarDayView, CalendarView
from web.pages.calendar import Month, MonthDay
from web.problems import Problem

PROBLEM = Problem(
    status=422,
    family="invalid",
    code="calendar.invalid",
    detail="x",
    errors=({"place": "off", "message": "<b>x"},),
)
EDITED = CalendarDayView(day=date(2027, 2, 8), working=False, source="<b>申请书", person_name="<script>alert(9)")
MADE_UP = CalendarDayView(day=date(2027, 2, 20), working=True, source="", person_name="")
MONTH = Month(
    name="二月",
    workdays=20,
    weeks=(
        (None, MonthDay(day=date(2027, 2, 8), kind="off", edited=EDITED)),
        (
            MonthDay(day=date(2027, 2, 20), kind="worked", edited=None),
            MonthDay(day=date(2027, 2, 9), kind="work", edited=None),
        ),
    ),
)
YEARS = {"first": 2004, "last": 2099, "weekdays": ("一", "二"), "typed": {}, "problem": None}
SHOWN = (
    (
        "pages/calendar.html",
        "operator",
        YEARS | {"view": CalendarView(year=2027, known=True, version="v", days=(EDITED, MADE_UP)), "months": (MONTH,)},
    ),
    (
        "pages/calendar.html",
        "operator",
        YEARS
        | {
            "view": CalendarView(year=2099, known=False, version="v", days=()),
            "months": (),
            "typed": {"known": "yes", "off": "<b>申请书"},
            "problem": PROBLEM,
        },
    ),
    (
        "pages/calendar.html",
        "clerk",
        YEARS | {"view": CalendarView(year=2004, known=True, version="v", days=()), "months": ()},
    ),
)
