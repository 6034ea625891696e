"""Fixtures of tests that act in an office of the demonstration city."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from engine.service import bootstrap
from engine.store.embedded import Dsns
from tests.conftest import fresh_database
from tests.integration.office import Office


@pytest.fixture(scope="session")
def city(cluster: Dsns, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database with the demonstration city, and the VAR folder with its keys; copied for each test."""
    var = tmp_path_factory.mktemp("city") / "var"
    for dsns in fresh_database(cluster, template):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MINGJING_DEMO", "1")
            bootstrap.prepare(dsns.app, var, lambda _: None, cases=False)
        yield str(conninfo_to_dict(dsns.app)["dbname"]), var


@pytest.fixture
def office(cluster: Dsns, city: tuple[str, Path], tmp_path: Path) -> Iterator[Office]:
    """A fresh demonstration city for one test."""
    name, var = city
    shutil.copytree(var, tmp_path / "var")
    for dsns in fresh_database(cluster, name):
        found = Office.open(dsns, tmp_path / "var")
        yield found
        found.close()
