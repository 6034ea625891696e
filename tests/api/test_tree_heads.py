"""Heads for everybody, and the page of the audit administrator."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from engine.model.actors import Client
from engine.service import handing_out, rounds
from engine.store import rounds as stored
from engine.trace import merkle, tree_heads
from web import db


def test_heads_are_public_and_prove_growth(app: Flask, browser: Any, var: Path) -> None:
    """Without signing in: heads as page and as JSON, and the proof from the first to the second."""
    with app.app_context():
        with db.unit_of_work() as uow:
            handing_out.make_head(uow, everything=True)
        with db.unit_of_work() as uow:
            rounds.run(uow, "all", None, Client(channel="cli"))  # its entry makes the log grow
            handing_out.make_head(uow)
    window, _ = browser()
    listed = window.get("/tree-heads.json?after=0").get_json()["heads"]
    first, second = (tree_heads.read(told, where="the page") for told in listed)
    answer = window.get(f"/tree-heads/consistency?old={first.size}&new={second.size}").get_json()
    path = [bytes.fromhex(step) for step in answer["proof"]]
    assert merkle.consistent(first.size, second.size, first.root, second.root, path)
    page = window.get("/tree-heads").get_data(as_text=True)
    assert second.root.hex() in page
    assert window.get("/tree-heads/consistency?old=1&new=2").status_code == 404
    assert len(list((var / "heads").rglob("*.json"))) == 2


def test_the_audit_administrator_sees_and_answers_an_alarm(app: Flask, browser: Any) -> None:
    """An alarm stands at the top of the system trace until it was seen."""
    with app.app_context(), db.unit_of_work() as uow:
        wrong = {"stream": 0, "seq": 3, "fault": "chain", "reason": "Entry 3 was rewritten."}
        stored.raise_alarm(uow, datetime(2026, 1, 5, tzinfo=UTC), wrong)
        stored.raise_alarm(uow, datetime(2026, 1, 6, tzinfo=UTC), wrong)
        (alarm,) = stored.alarms(uow, 10)
    window, token = browser("auditor")
    assert "alert-octagon" in window.get("/system-trace").get_data(as_text=True).partition("<main")[2]
    assert "Entry 3 was rewritten." in window.get("/integrity").get_data(as_text=True)
    answer = window.post(f"/integrity/alarms/{alarm.key}", data={"csrf_token": token})
    assert answer.status_code == 303
    assert window.post(f"/integrity/alarms/{alarm.key}", data={"csrf_token": token}).status_code == 404
    assert "alert-octagon" not in window.get("/system-trace").get_data(as_text=True).partition("<main")[2]
