"""URL converters. `<key:name>` is a key: a positive bigint in digits, so that no address overflows the database."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

MAX_KEY = 2**63 - 1


class KeyConverter(IntegerConverter):
    """A key from the database's one sequence."""

    regex = r"[1-9]\d{0,18}"

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=MAX_KEY)


def init_app(app: Flask) -> None:
    """Know the converters before any route is added."""
    app.url_map.converters["key"] = KeyConverter
