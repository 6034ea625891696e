"""Server-rendered pages. Each module is one blueprint with views of at most 15 lines; they call `engine.service`."""

from flask import Flask

from web.pages import (
    alerts,
    cases,
    checks,
    definitions,
    discipline,
    files,
    indicators,
    language,
    mending,
    operations,
    people,
    rendering,
    sign_in,
    start,
    system_trace,
    user_tasks,
    workbench,
)


def register(app: Flask) -> None:
    """Add all pages, and what their templates need, to the application."""
    rendering.init_app(app)
    for module in (
        sign_in, workbench, start, user_tasks, cases, alerts, discipline, operations, mending, definitions, files,
        system_trace, people, language, indicators, checks,
    ):  # fmt: skip
        app.register_blueprint(module.blueprint)
