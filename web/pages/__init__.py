"""Server-rendered pages. Each module is one blueprint with views of at most 15 lines; they call `engine.service`."""

from flask import Flask

from web.pages import (
    alerts,
    calendar,
    cases,
    checks,
    definitions,
    designer,
    discipline,
    erasures,
    exemptions,
    files,
    indicators,
    integrity,
    language,
    mending,
    notices,
    operations,
    people,
    printouts,
    rendering,
    replay,
    settings,
    sign_in,
    start,
    supervision,
    sweeps,
    system_trace,
    tree_heads,
    user_tasks,
    verbs,
    workbench,
)


def register(app: Flask) -> None:
    """Add all pages, and what their templates need, to the application."""
    rendering.init_app(app)
    for module in (
        sign_in,
        workbench,
        start,
        user_tasks,
        cases,
        alerts,
        exemptions,
        discipline,
        operations,
        mending,
        definitions,
        designer,
        replay,
        files,
        system_trace,
        people,
        language,
        integrity,
        tree_heads,
        erasures,
        settings,
        notices,
        printouts,
        supervision,
        sweeps,
        indicators,
        checks,
        calendar,
        verbs,
    ):
        app.register_blueprint(module.blueprint)
