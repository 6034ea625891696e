"""Keys and ciphers: known vectors, and nothing opens with the wrong key, bytes or place."""

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import Broken
from engine.trace import canonical, crypto
from engine.trace.crypto import CaseCipher, DefaultProvider
from engine.trace.keys import KeyFolder


def test_leaf_hash_is_that_of_rfc_6962() -> None:
    """The leaf hash of the empty leaf, as certificate transparency's own test vectors have it."""
    assert crypto.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_sm3_vector() -> None:
    """SM3 of ``abc`` (GB/T 32905, example 1)."""
    assert crypto.HASHES["sm3"](b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_case_key_is_wrapped(provider: DefaultProvider) -> None:
    """A data key comes back from its wrapped form, in which it cannot be seen; each case has its own."""
    data_key, wrapped = provider.new_case_key()
    assert provider.unwrap(wrapped) == data_key
    assert len(data_key) == 32
    assert data_key not in base64.b64decode(canonical.decode(wrapped)["key"])
    assert provider.new_case_key()[0] != data_key


def test_wrapped_key_of_another_master_is_told(provider: DefaultProvider, tmp_path: Path) -> None:
    """A lost and re-made master key is named as the cause, not a mysterious failure."""
    stranger = DefaultProvider(KeyFolder(tmp_path / "other"))
    with pytest.raises(Broken) as caught:
        stranger.unwrap(provider.new_case_key()[1])
    assert caught.value.code == "crypto.wrong_master_key"


def test_altered_wrapped_key_is_refused(provider: DefaultProvider) -> None:
    """No byte of the wrapped key can be changed unnoticed."""
    _, wrapped = provider.new_case_key()
    for at in range(0, len(wrapped), 7):
        altered = wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :]
        with pytest.raises(Broken):
            provider.unwrap(altered)


@given(plain=st.binary(max_size=64), at=st.integers(min_value=0), context=st.binary(max_size=8))
def test_cipher(provider: DefaultProvider, plain: bytes, at: int, context: bytes) -> None:
    """What was encrypted comes back; a changed byte, another context or another key gives nothing."""
    cipher = CaseCipher(provider, bytes(range(32)))
    sealed = cipher.encrypt(plain, context=context)
    assert cipher.decrypt(sealed, context=context) == plain
    at %= len(sealed)
    altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    for wrong_bytes, wrong_context in ((altered, context), (sealed, context + b"x"), (sealed[:11], context)):
        with pytest.raises(Broken):
            cipher.decrypt(wrong_bytes, context=wrong_context)
    with pytest.raises(Broken):
        CaseCipher(provider, bytes(32)).decrypt(sealed, context=context)


def test_equal_values_encrypt_differently(cipher: CaseCipher) -> None:
    """Nobody can see from the ciphertexts that two people gave the same answer."""
    assert cipher.encrypt(b"yes", context=b"") != cipher.encrypt(b"yes", context=b"")


def test_blind_index(provider: DefaultProvider, tmp_path: Path) -> None:
    """Equal values of one domain agree; other values, domains and master keys do not; it is no plain hash."""
    index = provider.blind_index("110101199003070011")
    assert index == provider.blind_index("110101199003070011")
    assert index != provider.blind_index("110101199003070012")
    assert index != provider.blind_index("110101199003070011", domain="telephone")
    assert index != DefaultProvider(KeyFolder(tmp_path / "other")).blind_index("110101199003070011")
    assert index != hashlib.sha256(b"110101199003070011").digest()


def test_signature(provider: DefaultProvider) -> None:
    """Who holds the public key alone can check a signature."""
    signature = provider.sign(b"tree head")
    assert crypto.signature_is_valid(provider.public_key(), signature, b"tree head")
    assert not crypto.signature_is_valid(provider.public_key(), signature, b"other head")


def test_file_context_binds_case_and_content() -> None:
    """A file's ciphertext cannot be moved to another case, nor be told to be another file."""
    contexts = {crypto.file_context(case, digest) for case in (1, 2) for digest in ("aa", "bb")}
    assert len(contexts) == 4
