"""Signed heads of the log over all entries: for everybody, without signing in: hashes and times, nothing else."""

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from engine.service import proof_log
from engine.trace import tree_heads
from web.auth import public
from web.db import reading

blueprint = Blueprint("tree_heads", __name__)

SHOWN = 50
MOST = 1000


@blueprint.get("/tree-heads")
@public
def index() -> str:
    """The newest heads, and how to check them."""
    with reading() as uow:
        found = proof_log.heads(uow, limit=SHOWN, newest_first=True)
    return render_template("pages/tree_heads.html", heads=found, key_id=tree_heads.key_id)


@blueprint.get("/tree-heads.json")
@public
def listed() -> Response:
    """Heads of more than `after` entries, at most 1000, smallest first; the newest one without `after`."""
    after = request.args.get("after", type=int)
    with reading() as uow:
        if after is None:
            found = proof_log.heads(uow, limit=1, newest_first=True)
        else:
            found = proof_log.heads(uow, after=after, limit=MOST)
    return jsonify({"heads": [tree_heads.shown(head) for head in found]})


@blueprint.get("/tree-heads/consistency")
@public
def consistency() -> Response:
    """The proof that the head of `old` entries is the beginning of that of `new` (RFC 6962)."""
    old, new = (request.args.get(name, 0, type=int) for name in ("old", "new"))
    with reading() as uow:
        found = proof_log.consistency(uow, old, new)
    return jsonify(found)
