"""The first start: a demonstration with cases, an empty installation, and nothing new on the second start."""

from pathlib import Path

import psycopg
import pytest

from engine.service import bootstrap
from engine.store.embedded import Dsns


def counts(dsns: Dsns) -> dict[str, int]:
    tables = ("org_unit", "person", "resident", "process_instance", "deployment", "trace_entry")
    with psycopg.connect(dsns.owner) as connection:
        return {t: connection.execute(f"select count(*) from {t}".encode()).fetchone()[0] for t in tables}  # type: ignore[index]  # count gives a row


def test_a_demonstration_starts_with_a_city_and_cases(
    database: Dsns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units, people, 300 residents and seven cases are there; the second start adds nothing."""
    monkeypatch.setenv("MINGJING_DEMO", "1")
    said: list[str] = []
    bootstrap.prepare(database.app, tmp_path / "var", said.append)
    first = counts(database)
    assert (first["resident"], first["process_instance"], first["deployment"]) == (300, 7, 1)
    assert "Played 7 sample cases" in said
    bootstrap.prepare(database.app, tmp_path / "var", said.append)
    assert counts(database) == first


def test_an_empty_installation_has_a_unit_and_nobody_to_sign_in(
    database: Dsns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without demonstration mode there is one unit, the system's account without a password, and the content."""
    monkeypatch.delenv("MINGJING_DEMO", raising=False)
    bootstrap.prepare(database.app, tmp_path / "var", lambda _: None)
    found = counts(database)
    assert (found["org_unit"], found["person"], found["resident"], found["process_instance"]) == (1, 1, 0, 0)
    with psycopg.connect(database.owner) as connection:
        assert connection.execute("select password_hash from person").fetchone() == (None,)
