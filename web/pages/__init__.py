"""Server-rendered pages. Each module is one blueprint with views of at most 15 lines; they call `engine.service`."""

from flask import Flask

from web.pages import (
    alerts,
    cases,
    definitions,
    discipline,
    files,
    language,
    mending,
    operations,
    people,
    rendering,
    sign_in,
    start,
    system_trace,
    user_tasks,
    verbs,
    workbench,
)


def register(app: Flask) -> None:
    """Add all pages, and what their templates need, to the application."""
    rendering.init_app(app)
    for module in (
        sign_in, workbench, start, user_tasks, verbs, cases, alerts, discipline, operations, mending, definitions,
        files, system_trace, people, language,
    ):  # fmt: skip
        app.register_blueprint(module.blueprint)
