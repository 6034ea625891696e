"""The format is frozen: schemas by digest, one entry of each kind byte for byte."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # the library carries no type hints
import pytest

from engine.model.trace_entries import EntryKind, Head, TraceDraft
from engine.trace import canonical, chain, schemas
from engine.trace.crypto import CaseCipher

HEAD = Head(seq=6, hash=bytes(range(32)))
CASE = {
    "process_instance", "user_task", "job", "timer", "message", "signal", "element", "variables", "incident", "command",
    "alert", "deadline", "clock",
}  # fmt: skip

Draft = Callable[[EntryKind], TraceDraft]
Cipher = Callable[[], CaseCipher]


def _sealed(kind: EntryKind, draft_of: Draft, cipher: CaseCipher) -> bytes:
    of_case = kind.split(".")[0] in CASE
    stream = 9001 if of_case else 0
    return chain.seal(draft_of(kind), stream=stream, head=HEAD, cipher=cipher if of_case else None).body


@pytest.mark.parametrize("name", [*EntryKind, schemas.COMMON, schemas.COMMON_2])
def test_schema_is_frozen(name: str, golden: Path) -> None:
    """A schema file never changes: a change is a new kind."""
    frozen = json.loads((golden / "schemas.json").read_bytes())
    assert hashlib.sha256(schemas.text(name)).hexdigest() == frozen[name]


@pytest.mark.parametrize("name", [*EntryKind, schemas.COMMON, schemas.COMMON_2])
def test_schema_is_a_schema(name: str) -> None:
    """Each is valid JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schemas.load(name))


@pytest.mark.parametrize("kind", list(EntryKind))
def test_golden_entry(kind: EntryKind, draft_of: Draft, counting_cipher: Cipher, golden: Path) -> None:
    """Sealing the same draft gives the same bytes as ever."""
    assert _sealed(kind, draft_of, counting_cipher()) == (golden / f"{kind}.json").read_bytes()


@pytest.mark.parametrize("kind", list(EntryKind))
def test_golden_entry_fits_its_schema(kind: EntryKind, golden: Path) -> None:
    """Each golden entry is valid, and one with a stranger in its payload is not."""
    stored = (golden / f"{kind}.json").read_bytes()
    schemas.validate(stored)
    body = canonical.decode(stored)
    body["payload"]["stranger"] = 1
    with pytest.raises(jsonschema.ValidationError):
        schemas.validate(body)


def test_schema_refuses_a_report_only_finding(golden: Path) -> None:
    """A silent finding has no place in a case's stream."""
    body = canonical.decode((golden / "user_task.completed.v1.json").read_bytes())
    body["payload"]["judgements"][0]["results"][0]["actions"] = ["report_discipline"]
    with pytest.raises(jsonschema.ValidationError):
        schemas.validate(body)


def test_schema_refuses_a_fraction(golden: Path) -> None:
    """No floats, also not where any value may stand."""
    body = canonical.decode((golden / "user_task.completed.v1.json").read_bytes())
    body["payload"]["fields"][0]["new"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        schemas.validate(body)
