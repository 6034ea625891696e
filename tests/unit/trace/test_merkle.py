"""The tree of RFC 6962: reference vectors, and every proof of small trees, right and wrong."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trace import crypto, merkle

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
LEAVES = [crypto.leaf_hash(data) for data in INPUTS]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The reference vectors that the implementations of Certificate Transparency share."""


@pytest.mark.parametrize("size", ROOTS)
def test_reference_roots(size: int) -> None:
    """The roots over the first leaves are those of the reference."""
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def test_reference_proofs() -> None:
    """Audit paths and consistency proofs of the reference, byte for byte."""
    node = merkle.of_leaves(LEAVES)
    assert [step.hex() for step in merkle.inclusion(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in merkle.consistency(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert merkle.consistency(4, 4, node) == []


def _leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


@pytest.mark.parametrize("size", range(1, 20))
def test_every_proof_of_a_small_tree(size: int) -> None:
    """Each leaf is shown to be in, at its place only; each smaller tree is shown to be the beginning."""
    leaves = _leaves(size)
    node, root = merkle.of_leaves(leaves), merkle.root(leaves)
    for position, leaf in enumerate(leaves):
        path = merkle.inclusion(position, size, node)
        assert merkle.included(leaf, position, size, path, root)
        assert not merkle.included(bytes(32), position, size, path, root)
        assert not any(merkle.included(leaf, other, size, path, root) for other in range(size) if other != position)
        assert not merkle.included(leaf, position, size, [*path, bytes(32)], root)
    for old in range(1, size + 1):
        proof, before = merkle.consistency(old, size, node), merkle.root(leaves[:old])
        assert merkle.consistent(old, size, before, root, proof)
        assert not merkle.consistent(old, size, bytes(32), root, proof)
        assert not merkle.consistent(old, size, before, bytes(32), proof)
        assert not merkle.consistent(old, size, before, root, [*proof, bytes(32)])
        assert merkle.frontier(old, node).root() == before


@given(size=st.integers(1, 300), place=st.integers(min_value=0), more=st.integers(0, 40))
def test_a_changed_leaf_breaks_every_later_root(size: int, place: int, more: int) -> None:
    """Changing a leaf of the old tree leaves no proof that leads from the old root to the new one."""
    leaves = _leaves(size + more)
    before = merkle.root(leaves[:size])
    changed = [*leaves]
    changed[place % size] = bytes(32)
    proof = merkle.consistency(size, size + more, merkle.of_leaves(changed))
    assert not merkle.consistent(size, size + more, before, merkle.root(changed), proof)


@pytest.mark.parametrize(("position", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_no_proof_for_what_is_not_there(position: int, size: int) -> None:
    """Beyond the tree there is no audit path, and none is believed."""
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(position, size, merkle.of_leaves(LEAVES))
    assert not merkle.included(LEAVES[0], position, size, [], LEAVES[0])
