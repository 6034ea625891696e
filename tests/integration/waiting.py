"""For tests of cases that wait: the office's clock is moved, and what is due is done as the clock would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from engine.model.actors import Actor
from engine.model.commands import BroadcastSignal, Correlated, CorrelateMessage, PublishMessage
from engine.model.ids import CommandId
from engine.model.incidents import IncidentRow
from engine.service import due_work, messages
from engine.service import incidents as incident_service
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import incidents as stored_incidents
from engine.store.work import DatabaseSession
from tests.integration.office import TESTER, Office


def set_clock(office: Office, now: datetime) -> None:
    """It is this instant from now on, until the clock is set again."""
    object.__setattr__(office.equipment, "clock", lambda: now)


def advance(office: Office, **period: float) -> datetime:
    """The clock of the office moves and stands; nothing fires by itself."""
    now = office.equipment.clock() + timedelta(**period)
    set_clock(office, now)
    return now


@contextmanager
def working(office: Office) -> Iterator[Work]:
    """A transaction of its own."""
    with DatabaseSession(office.engine) as session, Work(session, office.equipment) as uow:
        yield uow


def tick(office: Office) -> int:
    """Do all that is due, as one clock does; how many there were."""
    return due_work.do_all(lambda: working(office))


def rows(office: Office, query: str, *values: object) -> list[dict[str, Any]]:
    """Rows of the database, as the owner sees them."""
    with psycopg.connect(office.dsns.owner, row_factory=dict_row) as connection:
        return connection.execute(query.encode(), values).fetchall()


def incidents(office: Office) -> tuple[IncidentRow, ...]:
    """Active incidents of all cases, oldest first."""
    keys = [row["key"] for row in rows(office, "select key from incident where state = 'ACTIVE' order by key")]
    with office.work() as uow:
        return tuple(incident_service.incident_row(uow, stored_incidents.incident(uow, key)) for key in keys)


def publish(
    office: Office, program: Actor, name: str, key: str = "", *, live_ms: int = 0, message_id: str = "",
    command_id: str = "", **variables: object,
) -> Correlated:  # fmt: skip
    command = PublishMessage(
        command_id=CommandId(command_id or new_command_id()),
        name=name,
        correlation_key=key,
        time_to_live_ms=live_ms,
        message_id=message_id,
        variables=variables,
    )
    with office.work() as uow:
        return messages.publish(uow, command, program, TESTER)


def correlate(office: Office, program: Actor, name: str, key: str = "", **variables: object) -> Correlated:
    command = CorrelateMessage(command_id=new_command_id(), name=name, correlation_key=key, variables=variables)
    with office.work() as uow:
        return messages.correlate(uow, command, program, TESTER)


def broadcast(office: Office, program: Actor, name: str, **variables: object) -> int:
    with office.work() as uow:
        command = BroadcastSignal(command_id=new_command_id(), name=name, variables=variables)
        return messages.broadcast(uow, command, program, TESTER)
