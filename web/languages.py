"""Which language a reader gets: their own choice, their account's, else what the browser asks for."""

from flask import Flask, g, request, session
from flask_babel import Babel

SUPPORTED = ("zh_Hans_CN", "en")
DEFAULT = SUPPORTED[0]
BUSINESS_ZONE = "Asia/Shanghai"

babel = Babel()


def select_locale() -> str:
    """The locale of this request, one of SUPPORTED. API clients decide by Accept-Language alone."""
    chosen = session.get("locale")
    if chosen in SUPPORTED:
        return str(chosen)
    asked = request.headers.get("Accept-Language", "").strip()
    actor = g.get("actor")
    if actor is not None and actor.locale in SUPPORTED and not request.path.startswith(("/v2/", "/api/")):
        return str(actor.locale)
    if not asked or asked == "*":
        return DEFAULT
    wanted = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans-CN", "en"], default="zh")
    return "en" if wanted == "en" else DEFAULT


def init_app(app: Flask) -> None:
    """Catalogues lie in web/translations; times are shown in the business zone."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    babel.init_app(
        app,
        default_timezone=BUSINESS_ZONE,
        default_translation_directories="translations",
        locale_selector=select_locale,
        timezone_selector=lambda: BUSINESS_ZONE,
    )
