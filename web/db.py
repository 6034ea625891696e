"""The database session of a request. The only module that knows Flask-SQLAlchemy.

The engine's unit of work commits; nobody else does. Flask-SQLAlchemy takes the session away when the request ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import DBAPIError

from engine.model.errors import Unavailable
from engine.service.equipment import Equipment, Work
from engine.store.migrate import current_revision, dialect_url, newest_revision
from engine.store.work import connect_options, ping_when_in_doubt, translate_database_error
from web.settings import Settings

_EQUIPMENT = "mingjing.equipment"

db = SQLAlchemy(session_options={"expire_on_commit": False})


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its pool: `pool_size` connections and half as many again in a rush, for each process."""
    options: dict[str, Any] = {
        "pool_size": settings.pool_size,
        "max_overflow": settings.pool_size // 2,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": connect_options() | {"connect_timeout": 5},
    }
    app.config["SQLALCHEMY_DATABASE_URI"] = dialect_url(settings.database_url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        ping_when_in_doubt(db.engine)
    app.extensions[_EQUIPMENT] = Equipment.open(settings.var, demonstration=settings.demo)


@contextmanager
def unit_of_work() -> Iterator[Work]:
    """One transaction over the request's session: return commits, raise rolls back."""
    with Work(db.session(), current_app.extensions[_EQUIPMENT]) as uow:
        yield uow


@contextmanager
def looking() -> Iterator[Work]:
    """A look at the database in the request's transaction, which goes on: what follows uses the same connection."""
    yield Work(db.session(), current_app.extensions[_EQUIPMENT])


@contextmanager
def reading() -> Iterator[Work]:
    """A look at the database that writes nothing; the connection goes back to the pool at the end."""
    try:
        with Work(db.session(), current_app.extensions[_EQUIPMENT]) as uow:
            yield uow
            uow.session.rollback()
    finally:
        db.session.rollback()


def check_ready() -> None:
    """Raises Unavailable unless the database answers and stands at the revision that this program expects."""
    try:
        revision = current_revision(db.session.connection())
    except DBAPIError as error:
        raise translate_database_error(error) from error
    finally:
        db.session.rollback()
    if revision != newest_revision():
        raise Unavailable("database.not_migrated", "the database has not been migrated to this version")
