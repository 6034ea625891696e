"""Log records of the worker as JSON lines, like the web server's: what happened and where in the code, never values.

Messages of database errors quote the values of rows, and tracebacks quote messages; so an error is logged as its type
and its frames. Losing the database is an ordinary event, for which the type is enough.
"""

import json
import logging
from datetime import UTC, datetime

from procrastinate.exceptions import ConnectorException

from engine.model.errors import Unavailable

MOST_FRAMES = 12
_ORDINARY = (Unavailable, ConnectorException)


def frames(error: BaseException) -> list[str]:
    """The innermost places of an error's traceback, ``file:line:function``, outer ones first."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return found[-MOST_FRAMES:]


class JsonLines(logging.Formatter):
    """One JSON object a record: ``event``, ``level``, ``logger``, ``time``; of an error also ``error``, ``frames``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": record.getMessage().partition("\n")[0],
            "level": record.levelname.lower(),
            "logger": record.name,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = type(error).__name__
            if not isinstance(error, _ORDINARY):
                line["frames"] = frames(error)
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Warnings and worse of every logger, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
