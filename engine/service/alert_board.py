"""The supervision dashboard of a reader: levels and lights by unit and business, trend, checks, time to clear."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.model.actors import Actor, Permission
from engine.model.alert_board import Board, BoardCheck, BoardMonth, BoardRow, Figure
from engine.model.alerts import OPEN, AlertFilter, AlertState, Took, Verdict
from engine.model.findings import Light, RiskLevel
from engine.service import rights
from engine.service.equipment import Work
from engine.store import alert_board, alerts
from engine.store.worklists import Reach

PERIODS = (3, 6, 12)
"""Months that a reader may choose from."""

LEVELS = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.CRITICAL)
LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED)
TOP = 10
"""Checks that are shown, those that raised most."""


def board(uow: Work, actor: Actor, months: int = PERIODS[-1]) -> Board:
    """Everything of the reader's reach. months: the period, this month included. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_READ)
    reach, zone, now = rights.reach(actor, Permission.ALERT_READ), uow.equipment.zone, uow.now()
    today = now.astimezone(zone).date()
    firsts = _months(today, months if months in PERIODS else PERIODS[-1])
    last = _last_day(firsts[-1])
    raised = AlertFilter(raised_from=firsts[0], raised_until=last)
    cleared = AlertFilter(cleared_from=firsts[0], cleared_until=last)
    today_over = datetime.combine(today + timedelta(days=1), time(), tzinfo=zone)
    groups = alert_board.open_groups(uow, reach, now, today_over, zone)
    checks = alert_board.by_check(uow, reach, alerts.conditions(raised, now, zone))
    cleared_where = alerts.conditions(cleared, now, zone)
    median = alert_board.median_days(uow, reach, cleared_where)
    times = {row.took: row.count for row in alert_board.by_time(uow, reach, cleared_where)}
    trend = _trend(uow, reach, firsts, raised, cleared)
    return Board(
        months=len(firsts),
        open=_figure(AlertFilter(state=OPEN), groups),
        lights=tuple(_lights(AlertFilter(state=OPEN), groups)),
        raised=_figure(raised, checks),
        cleared=Figure(count=sum(times.values()), of=cleared),
        true=_verdict(raised, checks, Verdict.TRUE),
        false=_verdict(raised, checks, Verdict.FALSE),
        units=_rows(groups, "code", "unit_name", lambda code: AlertFilter(state=OPEN, unit=code)),
        businesses=_rows(groups, "process_id", "process_name", lambda key: AlertFilter(state=OPEN, process_id=key)),
        trend=trend,
        checks=_checks(checks, raised),
        took=tuple(Figure(count=times.get(word.value, 0), of=replace(cleared, took=word)) for word in Took),
        median_days=None if median is None else round(median),
    )


def _months(today: date, count: int) -> tuple[date, ...]:
    """The first days of so many months, oldest first, the last is this month's."""
    first = today.year * 12 + today.month - count
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(first, first + count))


def _last_day(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _figure(of: AlertFilter, rows: Iterable[Any]) -> Figure:
    return Figure(count=sum(row.count for row in rows), of=of)


def _verdict(of: AlertFilter, rows: Sequence[Any], verdict: Verdict) -> Figure:
    return _figure(replace(of, verdict=verdict), [row for row in rows if row.verdict == verdict])


def _lights(of: AlertFilter, rows: Sequence[Any]) -> Iterable[Figure]:
    for light in LIGHTS:
        yield _figure(replace(of, light=light), [row for row in rows if row.light == light])


def _rows(rows: Sequence[Any], key: str, name: str, of: Callable[[str], AlertFilter]) -> tuple[BoardRow, ...]:
    """One row for each unit or business, the one with most alerts first."""
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, key), []).append(row)
    found = []
    for code, own in grouped.items():
        wanted = of(code)
        levels = [_figure(replace(wanted, level=level), [row for row in own if row.level == level]) for level in LEVELS]
        lights = tuple(_lights(wanted, own))
        total = _figure(wanted, own)
        found.append(BoardRow(name=getattr(own[0], name), total=total, levels=tuple(levels), lights=lights))
    return tuple(sorted(found, key=lambda row: (-row.total.count, row.name)))


def _trend(
    uow: Work, reach: Reach, firsts: Sequence[date], raised: AlertFilter, cleared: AlertFilter
) -> tuple[BoardMonth, ...]:
    def counted(column: str, wanted: AlertFilter) -> dict[date, int]:
        where = alerts.conditions(wanted, uow.now(), uow.equipment.zone)
        rows = alert_board.by_month(uow, reach, column, where, str(uow.equipment.zone))
        return {row.month.date(): row.count for row in rows}

    came, went = counted("raised_at", raised), counted("cleared_at", cleared)
    return tuple(
        BoardMonth(
            first=first,
            raised=Figure(count=came.get(first, 0), of=AlertFilter(raised_from=first, raised_until=_last_day(first))),
            cleared=Figure(
                count=went.get(first, 0), of=AlertFilter(cleared_from=first, cleared_until=_last_day(first))
            ),
        )
        for first in firsts
    )


def _checks(rows: Sequence[Any], raised: AlertFilter) -> tuple[BoardCheck, ...]:
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.code, row.name), []).append(row)
    found = []
    for (code, name), own in grouped.items():
        wanted = replace(raised, code=code, name=name)
        still = [row for row in own if row.state != AlertState.CLEARED]
        found.append(
            BoardCheck(
                code=code,
                name=name,
                raised=_figure(wanted, own),
                open=_figure(replace(wanted, state=OPEN), still),
                true=_verdict(wanted, own, Verdict.TRUE),
                false=_verdict(wanted, own, Verdict.FALSE),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.raised.count, one.code, one.name))[:TOP])
