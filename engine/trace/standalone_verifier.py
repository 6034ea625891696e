"""Checks an evidence package of Mingjing. 核验明镜证据包。 Needs Python 3.10 or newer and the package `cryptography`.

    python3 verify.py package.zip
    python3 verify.py package.zip --head head.json            a tree head that you kept yourself
    python3 verify.py package.zip --head head.json --proof consistency.json

Works without access to the system that made the package, and without the network. Every step is described in README.
Exit status: 0 nothing was altered, 1 something was.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEAD_PREFIX = b"mingjing.tree-head.v1\x00"
MANIFEST_PREFIX = b"mingjing.package.v1\x00"
FIXED = ("manifest.json", "manifest.sig")


class Altered(Exception):
    """What is wrong, in one sentence."""


def demand(fine: object, wrong: str) -> None:
    """Raise Altered with a sentence unless it is so."""
    if not fine:
        raise Altered(wrong)


def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no key stands twice."""
    found = dict(pairs)
    demand(len(found) == len(pairs), "a JSON object has a key twice")
    return found


def read_json(data: bytes | str) -> Any:
    """JSON that every reader reads the same."""
    return json.loads(data, object_pairs_hook=no_twins)


def pack(members: Sequence[tuple[str, bytes]]) -> bytes:
    """The one ZIP that these members make: stored, in order, all of one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
    return out.getvalue()


def signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether an Ed25519 signature is right."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def leaf_hash(body: bytes, algorithm: str) -> bytes:
    """The hash of an entry."""
    if algorithm == "sm3":
        digest = hashes.Hash(hashes.SM3())
        digest.update(b"\x00" + body)
        return digest.finalize()
    demand(algorithm == "sha-256", "an entry names an unknown hash algorithm")
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node of the tree (RFC 6962)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path leads from a leaf to a root (RFC 6962)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `old` leaves is the beginning of that of `size` (RFC 6962)."""
    if old == size:
        return old_root == new_root and not path
    if not 0 < old < size:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def read_head(told: Any) -> dict[str, Any]:
    """A tree head whose signature is right: size, root, time, signature, key."""
    body, signature = told["head"].encode(), base64.b64decode(told["signature"])
    key, head = base64.b64decode(told["public_key"]), read_json(body)
    demand(signed(key, signature, HEAD_PREFIX + body), "the signature of a tree head is not right")
    demand(head["key"] == hashlib.sha256(key).hexdigest(), "a tree head names another key than the one that signed it")
    return {
        "size": head["size"],
        "root": bytes.fromhex(head["root"]),
        "at": head["at"],
        "key": head["key"],
        "signature": signature,
        "stamp": base64.b64decode(told.get("time_stamp") or ""),
    }


def open_package(data: bytes) -> dict[str, bytes]:
    """The members by name. The whole file is compared with the only ZIP that they make, so every byte counts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Altered(f"the package is no readable ZIP: {error}") from error
    demand(pack(members) == data, "the package is not exactly as it was packed")
    found = dict(members)
    demand(len(found) == len(members), "a name stands twice in the package")
    demand(all(name in found for name in FIXED), "the manifest or its signature is missing")
    return found


def check_manifest(found: dict[str, bytes]) -> dict[str, Any]:
    """Every member is listed with its hash, and the list is signed."""
    manifest: dict[str, Any] = read_json(found["manifest.json"])
    listed = {one["name"]: one["sha256"] for one in manifest["members"]}
    for name, digest in listed.items():
        demand(name in found, f"{name} is missing")
        demand(hashlib.sha256(found[name]).hexdigest() == digest, f"{name} was changed")
    demand(set(found) == {*listed, *FIXED}, "something lies in the package that the manifest does not list")
    key = base64.b64decode(manifest["public_key"])
    demand(
        signed(key, base64.b64decode(found["manifest.sig"]), MANIFEST_PREFIX + found["manifest.json"]),
        "the signature of the manifest is not right",
    )
    return manifest


def check_chain(found: dict[str, bytes], stream: str) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Entries follow one another without a gap; returns bodies and hashes."""
    lines, previous, bodies, hashed = found["entries.jsonl"].split(b"\n"), "", [], []
    demand(lines.pop() == b"", "entries.jsonl does not end with a line")
    for number, line in enumerate(lines, 1):
        body = read_json(line)
        demand(
            (body["stream"], body["seq"], body["prev"]) == (stream, number, previous),
            f"entry {number} does not follow the entry before it",
        )
        value = leaf_hash(line, body["alg"])
        previous = value.hex()
        bodies.append(body)
        hashed.append(value)
    return bodies, hashed


def check_log(found: dict[str, bytes], hashed: list[bytes]) -> list[dict[str, Any]]:
    """Every entry stands in the log that the newest head signs; earlier heads are beginnings of it."""
    proofs = read_json(found["proofs.json"])
    heads = [read_head(one) for one in proofs["heads"]]
    newest = heads[-1]
    for head, steps in zip(heads, proofs["consistency"], strict=True):
        path = [bytes.fromhex(step) for step in steps]
        demand(
            consistent(head["size"], newest["size"], head["root"], newest["root"], path),
            f"the head of {head['size']} entries is not the beginning of the newest",
        )
        if head["stamp"]:
            demand(
                hashlib.sha256(head["signature"]).digest() in head["stamp"],
                "a time stamp is about something else than the head it stands with",
            )
    demand(len(proofs["entries"]) == len(hashed), "there is not one proof for each entry")
    for number, (value, proof) in enumerate(zip(hashed, proofs["entries"], strict=True), 1):
        path = [bytes.fromhex(step) for step in proof["path"]]
        demand(
            included(value, proof["position"], newest["size"], path, newest["root"]),
            f"entry {number} is not in the log that was signed",
        )
    return heads


def opened(value: Any, key: bytes | None, body: dict[str, Any], pointer: str = "") -> Any:
    """A payload with its encrypted values decrypted; without a key (erased) each is `{"$erased": class}`."""
    if isinstance(value, list):
        return [opened(item, key, body, f"{pointer}/{number}") for number, item in enumerate(value)]
    if not isinstance(value, dict) or "$context" in value:
        return value
    if "$enc" not in value:
        return {
            name: opened(item, key, body, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
            for name, item in value.items()
        }
    if key is None:
        return {"$erased": value["class"]}
    place = ["mingjing.trace.value.v1", body["stream"], body["seq"], body["kind"], pointer]
    context = json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = base64.b64decode(value["$enc"])
    try:
        return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], context))
    except InvalidTag:
        raise Altered(f"a value of entry {body['seq']} does not open: {pointer}") from None


def check_record(found: dict[str, bytes], bodies: list[dict[str, Any]]) -> bool:
    """record.json says what the sealed entries say, decrypted with the key of this case, and nothing else."""
    key = base64.b64decode(found["case-key.txt"]) if "case-key.txt" in found else None
    record = read_json(found["record.json"])["entries"]
    demand(len(record) == len(bodies), "record.json has not as many entries as were sealed")
    for body, told in zip(bodies, record, strict=True):
        sealed = {**body, "payload": opened(body["payload"], key, body)}
        demand(sealed == told, f"record.json says something else than entry {body['seq']}")
    return key is None


def check_files(found: dict[str, bytes], bodies: list[dict[str, Any]], erased: bool) -> int:
    """Files, models and forms that entries name are here, byte for byte."""
    by_hash = {hashlib.sha256(body).hexdigest() for body in found.values()}
    count = 0
    for body in bodies:
        payload = body["payload"]
        if not erased:
            for file in [*payload.get("attachments", []), *payload.get("photos", [])]:
                demand(file["sha256"] in by_hash, f"a file of entry {body['seq']} is missing or changed")
                count += 1
        named = [
            payload.get("definition"),
            payload.get("form"),
            *payload.get("decisions", []),
            *payload.get("scopes", []),
        ]
        for one in named:
            if isinstance(one, dict) and one.get("digest"):
                demand(one["digest"] in by_hash, f"a model or form of entry {body['seq']} is missing or changed")
    return count


def check_own_head(heads: list[dict[str, Any]], own: Any, proof: Any) -> None:
    """Compare with a tree head that the verifier kept."""
    mine, newest = read_head(own), heads[-1]
    same = [head for head in heads if head["size"] == mine["size"]]
    if same:
        demand(same[0]["root"] == mine["root"], "your own tree head vouches for another log")
        return
    demand(
        proof is not None, f"give --proof: ask /tree-heads/consistency for sizes {mine['size']} and {newest['size']}"
    )
    path = [bytes.fromhex(step) for step in proof["proof"]]
    old, new = sorted((mine, newest), key=lambda head: head["size"])
    demand(
        consistent(old["size"], new["size"], old["root"], new["root"], path),
        "your own tree head vouches for another log",
    )


def verify(data: bytes, own: Any = None, proof: Any = None) -> list[str]:
    """Check a package; returns what was found, as lines. Raises Altered."""
    try:
        found = open_package(data)
        manifest = check_manifest(found)
        bodies, hashed = check_chain(found, manifest["stream"])
        heads = check_log(found, hashed)
        erased = check_record(found, bodies)
        files = check_files(found, bodies, erased)
        if own is not None:
            check_own_head(heads, own, proof)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Altered(f"the package is not of a known form: {error!r}") from error
    key = hashlib.sha256(base64.b64decode(manifest["public_key"])).hexdigest()
    return [
        f"case 事项: {manifest['number']}",
        f"entries 留痕条目: {len(bodies)}, files 文件: {files}"
        + (" (personal data erased 个人信息已销毁)" if erased else ""),
        f"in the log of {heads[-1]['size']} entries, signed at 签发于 {heads[-1]['at']}",
        f"time stamps 时间戳: {sum(bool(head['stamp']) for head in heads)}",
        f"key 签名密钥: {key} -- compare it with the one that was published 请与公布的密钥核对",
    ]


def main() -> int:
    """Read the command line, print what was found."""
    parser = argparse.ArgumentParser(description="Check an evidence package of Mingjing")
    parser.add_argument("package")
    parser.add_argument("--head", help="a tree head that you kept (JSON)")
    parser.add_argument("--proof", help="what /tree-heads/consistency answered (JSON)")
    chosen = parser.parse_args()
    data = Path(chosen.package).read_bytes()
    own, proof = (read_json(Path(name).read_bytes()) if name else None for name in (chosen.head, chosen.proof))
    if own is not None and "heads" in own:
        own = own["heads"][-1]
    try:
        lines = verify(data, own, proof)
    except Altered as wrong:
        print(f"ALTERED 已被改动: {wrong}")
        return 1
    print("UNALTERED 未被改动", *lines, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
