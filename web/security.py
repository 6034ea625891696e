"""Headers that tell browsers what our pages never do."""

from flask import Flask, Response, request

from web.settings import MAX_BODY_BYTES, MAX_JSON_BYTES, SESSION_IDLE, Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)

EDITOR_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""For pages with the editors of bpmn.io, which write styles into the page; scripts stay as strict as elsewhere."""

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
"""Camera and geolocation are for site photos; the CSRF check over https reads the same-origin referrer."""

_LISTED = tuple((name.lower(), name, value) for name, value in _HEADERS.items())

_HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Cookie flags, size limits, and the headers on every answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-mingjing" if settings.https else "mingjing",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_IDLE,
        SESSION_REFRESH_EACH_REQUEST=True,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_JSON_BYTES,
    )

    def add_headers(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}
        for lower, name, value in _LISTED:
            if lower not in present:
                response.headers.add(name, value)
        if settings.https:
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add_headers)
