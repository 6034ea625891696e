"""Sample entries of every kind, sealed under a known key with counted nonces: always the same bytes."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.ids import CommandId
from engine.model.trace_entries import EntryKind, TraceDraft
from engine.trace.crypto import CaseCipher, DefaultProvider
from engine.trace.keys import KeyFolder
from tests.unit.trace.payload_samples import ACTOR, AT, CLIENT, PAYLOADS


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> DefaultProvider:
    """A provider with a fresh key folder."""
    return DefaultProvider(KeyFolder(tmp_path_factory.mktemp("keys") / "keys"))


@pytest.fixture(scope="session")
def counting_cipher(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], CaseCipher]:
    """Makes ciphers with the data key 00 01 02 … 1f whose nonces count from 1."""
    keys = KeyFolder(tmp_path_factory.mktemp("keys") / "keys")

    def make() -> CaseCipher:
        numbers = itertools.count(1)
        counted = DefaultProvider(keys, random=lambda size: next(numbers).to_bytes(size, "big"))
        return CaseCipher(counted, bytes(range(32)))

    return make


@pytest.fixture
def cipher(provider: DefaultProvider) -> CaseCipher:
    """The cipher of one case."""
    data_key, _ = provider.new_case_key()
    return CaseCipher(provider, data_key)


@pytest.fixture(scope="session")
def draft_of() -> Callable[[EntryKind], TraceDraft]:
    """A draft of a kind with every part of its payload filled."""

    def make(kind: EntryKind) -> TraceDraft:
        return TraceDraft(
            kind=kind,
            at=AT,
            actor=None if kind is EntryKind.SESSION_SIGN_IN_FAILED else ACTOR,
            client=CLIENT,
            command_id=CommandId("c0ffee00-0000-4000-8000-000000000001"),
            payload=PAYLOADS[kind],
        )

    return make


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of the frozen entries."""
    return Path(__file__).parent / "golden"
