"""For load balancers and monitoring: are you alive, can you work, how do you fare?"""

from flask import Blueprint, Response, jsonify

from engine.model.actors import Permission
from web import db, observability
from web.auth import public, requires

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def live() -> Response:
    """This process answers. Touches nothing else, so that a database outage does not restart web servers."""
    return jsonify(status="ok")


@health.get("/readyz")
@public
def ready() -> Response:
    """The database answers and is migrated; else 503."""
    db.check_ready()
    return jsonify(status="ready")


@health.get("/metrics")
@requires(Permission.METRICS_READ, or_loopback=True)
def metrics() -> Response:
    """Prometheus numbers: for scrapers on this machine, and for whoever may read metrics."""
    return observability.exposition()
