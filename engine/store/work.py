"""The unit of work: one transaction, and the only place that commits.

Return commits, raise rolls back::

    with UnitOfWork(session) as uow:
        ...            # read, decide, write

The session uses autobegin: a loader may already have read in the same request. Lock order, for everybody:
publication → number_series → process_instance → user_task → trace_stream; whoever needs two rows of one table takes the
lower key first. Rows of `due` and `subscription` belong to the lock of their case; those of a start event come first.
"""

import re
import select
from collections.abc import Callable, Sequence
from functools import lru_cache
from time import monotonic
from types import TracebackType
from typing import Any, Self
from weakref import WeakKeyDictionary

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Executable, TextClause, create_engine, event, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import CursorResult, Engine, Result
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from engine.model.errors import Broken, MingjingError, Unavailable
from engine.store.migrate import dialect_url

DatabaseEngine = Engine
"""A pool of connections."""

DatabaseSession = Session
"""The session that the web server or a worker owns."""

STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000

MAX_SILENCE_S = 30.0
"""After that, a connection that was idle is asked whether it lives: a firewall may have dropped it."""

_idle_since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

_LOCK_NOT_AVAILABLE = "55P03"
_RETRYABLE = frozenset({_LOCK_NOT_AVAILABLE, "40001", "40P01", "57014", "57P01", "57P02", "57P03", "53300"})


def connect_options() -> dict[str, str]:
    """Options of every serving connection: UTC, and time-outs in milliseconds."""
    return {
        "options": f"-c TimeZone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
        " -c idle_in_transaction_session_timeout=60000"
    }


def open_engine(dsn: str, *, pool_size: int = 5, max_overflow: int = 5) -> Engine:
    """An engine for the worker, the command line and tests (the web server has Flask-SQLAlchemy's)."""
    engine = create_engine(
        dialect_url(dsn),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_pre_ping=True,
        connect_args=connect_options(),
    )
    ping_when_in_doubt(engine)
    return engine


def ping_when_in_doubt(engine: Engine) -> None:
    """Let the pool's ping ask the database only about connections that were idle for long or whose socket speaks.

    A server that died or hung up has closed the socket, and looking at that costs no round trip.
    """
    ask = engine.dialect.do_ping

    def do_ping(connection: Any) -> bool:
        return _silent(connection) or ask(connection)

    def checkin(_connection: Any, record: Any) -> None:
        if record.driver_connection is not None:
            _idle_since[record.driver_connection] = monotonic()

    engine.dialect.do_ping = do_ping  # type: ignore[method-assign, assignment]  # SQLAlchemy offers no other place
    event.listen(engine, "checkin", checkin)


def _silent(connection: Any) -> bool:
    """Whether nothing has come from the server since a connection was given back a moment ago."""
    if monotonic() - _idle_since.get(connection, -MAX_SILENCE_S) >= MAX_SILENCE_S or connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def translate_database_error(error: DBAPIError) -> MingjingError:
    """What a database error means to a caller: try again (Unavailable), or our own fault (Broken)."""
    lost = isinstance(error, OperationalError) or error.connection_invalidated
    return translated(error, getattr(error.orig, "sqlstate", None), lost=lost)


def translated(error: Exception, state: str | None, *, lost: bool) -> MingjingError:
    """The same by SQLSTATE. lost: the connection is of no use any more."""
    if state == _LOCK_NOT_AVAILABLE:
        return Unavailable("database.locked", "somebody else is working on this case right now; try again")
    if state in _RETRYABLE or lost or isinstance(error, psycopg.OperationalError):
        return Unavailable("database.unavailable", "the database cannot be reached right now; try again")
    return Broken("database.error", f"the database refused a statement (SQLSTATE {state})")


_BREAKS = re.compile(r"\s*\n\s*")
LONGEST_CACHED = 4096

_KEYS = text("select nextval('key_seq') from generate_series(1, :count)")
_PSYCOPG = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy forgot it


@lru_cache(maxsize=1024)
def driver_text(statement: TextClause) -> str:
    """The statement as psycopg takes it, its parameters by name, on one line.

    psycopg parses texts of more than `LONGEST_CACHED` bytes anew each time, which cost a completion a sixth of its CPU.
    """
    return _BREAKS.sub(" ", str(statement.compile(dialect=_PSYCOPG))).strip()


class UnitOfWork:
    """One transaction over a session that somebody else owns.

    Database errors leave it translated to our own families; anything raised rolls back.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._after_commit: list[Callable[[], None]] = []
        self._driver: Any = None
        self._transaction: object = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.commit()
            return
        self.session.rollback()
        if isinstance(error, DBAPIError):
            raise translate_database_error(error) from error

    def commit(self) -> None:
        """Commit now. Called on leaving the block, and by `engine.service.handling` for a refusal's trace entry."""
        try:
            self.session.commit()
        except DBAPIError as error:
            self.session.rollback()
            raise translate_database_error(error) from error
        callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            callback()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run `callback` once the transaction is safely committed; it is forgotten on a roll back."""
        self._after_commit.append(callback)

    def rows(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Sequence[Any]:
        """All rows of a query; columns are attributes and items."""
        if isinstance(statement, TextClause):
            found: list[Any] = self._execute_text(statement, parameters).fetchall()
            return found
        return self._execute(statement, parameters).all()

    def row(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Any | None:
        """The one row of a query, or None."""
        found = self.rows(statement, parameters)
        if len(found) > 1:
            raise Broken("database.inconsistent", f"a query for one row gave {len(found)}")
        return found[0] if found else None

    def write(self, statement: Executable, parameters: Any = None) -> int:
        """Execute an insert, update or delete; a list of parameter mappings is one round trip. Returns rows touched."""
        if isinstance(statement, TextClause) and not isinstance(parameters, list):
            return int(self._execute_text(statement, parameters).rowcount)
        result = self._execute(statement, parameters)
        return result.rowcount if isinstance(result, CursorResult) else 0

    def keys(self, count: int) -> list[int]:
        """`count` fresh keys in one statement, rising."""
        found = self.rows(_KEYS, {"count": count})
        return [row[0] for row in found]

    def driver_connection(self) -> Any:
        """The psycopg connection of this transaction, for procrastinate's transactional defer."""
        transaction = self.session.get_transaction()
        if transaction is None or transaction is not self._transaction:
            self._driver = self.session.connection().connection.driver_connection
            self._transaction = self.session.get_transaction()
        return self._driver

    def _execute_text(self, statement: TextClause, parameters: Any) -> Any:
        """Execute a statement that was written as SQL. It goes straight to psycopg, in the session's transaction:

        SQLAlchemy's own way costs twice as much CPU as the driver and the socket together (docs/performance.md).
        """
        try:
            cursor = self.driver_connection().cursor(row_factory=namedtuple_row)
            return cursor.execute(driver_text(statement), parameters)
        except psycopg.Error as error:
            lost = self._driver is not None and self._driver.closed
            self.session.invalidate() if lost else self.session.rollback()
            raise translated(error, getattr(error, "sqlstate", None), lost=lost) from error
        except DBAPIError as error:
            self.session.rollback()
            raise translate_database_error(error) from error

    def _execute(self, statement: Executable, parameters: Any) -> Result[*tuple[Any, ...]]:
        try:
            return self.session.connection().execute(statement, parameters)
        except DBAPIError as error:
            self.session.rollback()
            raise translate_database_error(error) from error
