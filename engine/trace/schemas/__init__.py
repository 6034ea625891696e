"""JSON schemas (draft 2020-12) of the entry kinds, one file a kind, and what they share. Frozen: a golden test knows
their digests. They describe the whole body and stand in every evidence package."""

import json
from importlib import resources
from typing import Any, Final

from engine.model.trace_entries import EntryKind
from engine.trace import canonical

COMMON: Final = "common.v1"
COMMON_2: Final = "common.v2"
"""What the second versions of kinds share beside `COMMON`: what checks say."""


def text(name: str) -> bytes:
    """The bytes of a schema file: the name of an entry kind, `COMMON` or `COMMON_2`."""
    return resources.files(__name__).joinpath(f"{name}.json").read_bytes()


def load(name: str) -> dict[str, Any]:
    """A schema as JSON."""
    schema: dict[str, Any] = json.loads(text(name))
    return schema


def validate(body: bytes | dict[str, Any]) -> None:
    """Check an entry's body, as stored or parsed, against its kind's schema; raises jsonschema.ValidationError.

    For tests and package checks: ``jsonschema`` is a development dependency, and entries are not checked when sealed.
    """
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415  # no type hints; not there in production
    from referencing import Registry, Resource  # noqa: PLC0415  # comes with jsonschema

    parsed = canonical.decode(body) if isinstance(body, bytes) else body
    shared = [load(name) for name in (COMMON, COMMON_2)]
    registry: Any = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in shared)
    Draft202012Validator(load(EntryKind(parsed["kind"])), registry=registry).validate(parsed)
