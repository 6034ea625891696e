"""Props of the charts on the supervision dashboard: the same figures as in the tables beside them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from engine.model.alert_board import Board, BoardRow, Figure
from engine.model.alerts import Took
from engine.service.alert_board import LEVELS
from web.pages import alert_filters
from web.pages.alert_filters import light_label, took_label
from web.pages.labels import risk_label

SHOWN_ROWS = 12
"""Bars of a chart; the table has all."""


def list_url(figure: Figure) -> str:
    """The list that a figure counts."""
    arguments: dict[str, Any] = dict(alert_filters.address(figure.of))
    return url_for("alerts.index", **arguments)


def row_chart(rows: Sequence[BoardRow]) -> dict[str, Any]:
    """Open alerts of units or businesses, stacked by level."""
    shown = rows[:SHOWN_ROWS]
    series = [_series(risk_label(level), level, [row.levels[place] for row in shown]) for place, level in _levels()]
    return {"kind": "rows", "names": [row.name for row in shown], "series": series}


def trend_chart(board: Board) -> dict[str, Any]:
    """What was raised and cleared month by month."""
    series = [
        _series(gettext("Times raised"), "high", [month.raised for month in board.trend]),
        _series(gettext("Cleared"), "low", [month.cleared for month in board.trend]),
    ]
    return {"kind": "trend", "names": [f"{month.first:%Y-%m}" for month in board.trend], "series": series}


def check_chart(board: Board) -> dict[str, Any]:
    """What the checks raised that raised most."""
    names = [f"{check.name} {check.code}" for check in board.checks]
    return {
        "kind": "rows",
        "names": names,
        "series": [_series(gettext("Times raised"), "", [check.raised for check in board.checks])],
    }


def took_chart(board: Board) -> dict[str, Any]:
    """How long clearing took."""
    names = [took_label(word.value) for word in Took]
    return {"kind": "columns", "names": names, "series": [_series(gettext("Cleared"), "low", board.took)]}


def _levels() -> Iterable[tuple[int, str]]:
    return enumerate(level.value for level in LEVELS)


def _series(name: str, tone: str, figures: Iterable[Figure]) -> dict[str, Any]:
    """tone: a risk level whose colour the series has; empty for the primary colour."""
    found = list(figures)
    return {
        "name": name,
        "tone": tone,
        "values": [figure.count for figure in found],
        "links": [list_url(figure) for figure in found],
    }


WORDS: tuple[Callable[..., Any], ...] = (
    light_label, took_label, list_url, row_chart, trend_chart, check_chart, took_chart,
)  # fmt: skip
"""What templates may use."""
