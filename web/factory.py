"""The application factory: `create_app()` is what gunicorn, tests and the pages' developers start from."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web import api, auth, converters, db, json_text, languages, observability, pages, problems, security
from web.health import health
from web.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """An application that serves the API and the pages.

    Raises RuntimeError when a view declares no access, and when there is no DATABASE_URL.
    """
    settings = settings or Settings.from_environment()
    if not settings.database_url:
        raise RuntimeError("DATABASE_URL is not set; `mingjing serve` sets it from the embedded database")
    app = Flask("web", static_folder="static", template_folder="templates")
    app.config.update(TESTING=settings.testing, MINGJING_DEMO=settings.demo)
    app.json = json_text.ExactJson(app)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    if not settings.testing:
        observability.configure_logging(settings.log_file)
    converters.init_app(app)
    observability.init_app(app)
    security.init_app(app, settings)
    db.init_app(app, settings)
    languages.init_app(app)
    problems.init_app(app)
    auth.init_app(app)
    app.register_blueprint(health)
    api.register(app)
    pages.register(app)
    auth.check_declarations(app)
    return app
