"""The replay of a case: the page, its data, one entry in full, and the values at a moment."""

import json

from flask import Blueprint, Response, render_template, request, url_for

from engine.service import replay
from web.auth import current_actor, signed_in
from web.commands import client
from web.db import unit_of_work
from web.pages import replay_data

blueprint = Blueprint("replay", __name__, url_prefix="/replay")


@blueprint.get("/<key:key>")
@signed_in
def show(key: int) -> str:
    """The page; ``t`` is the moment it opens at: the number of an entry, or an instant. Looking is traced."""
    with unit_of_work() as uow:
        case = replay.opened(uow, current_actor(), client(), key)
    addresses = {
        "dataUrl": url_for("replay.data", key=key),
        "entryUrl": url_for("replay.entry", key=key, seq=1),
        "valuesUrl": url_for("replay.values", key=key),
    }
    return render_template("pages/replay.html", case=case, props=addresses)


@blueprint.get("/<key:key>/data")
@signed_in
def data(key: int) -> Response:
    """Everything that the island folds: models, entries in short with what moved, whether seals hold."""
    with unit_of_work() as uow:
        view = replay.view(uow, current_actor(), client(), key)
    return Response(json.dumps(replay_data.of(view), ensure_ascii=False), mimetype="application/json")


@blueprint.get("/<key:key>/entries/<key:seq>")
@signed_in
def entry(key: int, seq: int) -> str:
    """One entry in full, as far as the reader may see it."""
    with unit_of_work() as uow:
        story = replay.entry(uow, current_actor(), client(), key, seq)
    return render_template("fragments/replay_entry.html", entry=story)


@blueprint.get("/<key:key>/values")
@signed_in
def values(key: int) -> str:
    """All values after entry ``t``; with ``against``, only those that differ from the other moment."""
    seq, against = request.args.get("t", 0, type=int), request.args.get("against", type=int)
    with unit_of_work() as uow:
        moment = replay.moment(uow, current_actor(), client(), key, seq, against)
    return render_template("fragments/replay_values.html", moment=moment)
