"""What the worker logs: one JSON line a record, with the places of an error and without its values."""

import json
import logging
import sys

from procrastinate.exceptions import ConnectorException

from engine.service.log_lines import JsonLines


def line_of(error: Exception) -> dict[str, object]:
    """The line of a record that carries `error`, raised and caught."""
    try:
        raise error
    except type(error):
        record = logging.LogRecord("procrastinate", logging.ERROR, __file__, 1, "job %s failed", (7,), sys.exc_info())
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_an_error_has_its_type_and_places_but_not_its_message() -> None:
    """A row's value in the message of an error does not reach the log."""
    found = line_of(ValueError("210190199001011239"))
    assert found["event"] == "job 7 failed"
    assert found["error"] == "ValueError"
    assert "line_of" in str(found["frames"])
    assert "210190199001011239" not in json.dumps(found)


def test_losing_the_database_is_one_short_line() -> None:
    """No frames: there is nothing to look for in the code."""
    assert "frames" not in line_of(ConnectorException("gone"))
