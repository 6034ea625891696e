"""Handing out signed tree heads: to a folder, to witnesses over HTTP; time stamps for them.

A head proves something only in other hands. A file holds the head and the hashes of the entries since the one before,
so that whoever has all files can name the very entry that was altered::

    MINGJING_HEADS/2026-11/000000012345.json
    {"head": "<body>", "signature": …, "public_key": …, "time_stamp": …,
     "previous": <size of the head before>, "leaves": [["<stream>", <number>, "<hash>"], …]}

A witness is sent the head, and the proof that it continues the one that it was sent before. Whoever cannot be reached
is tried again with the next head; nothing else waits for it.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.model.errors import MingjingError
from engine.notify.web_calls import Allowed, Call, CallFailed, CallRefused, call
from engine.service import proof_log
from engine.service.equipment import Work
from engine.store import proof
from engine.trace import merkle, time_stamps, tree_heads
from engine.trace.tree_heads import TreeHead

log = logging.getLogger(__name__)

FILES = "files"
MOST_AT_ONCE = 500


def witnesses(environment: Mapping[str, str] = os.environ) -> list[str]:
    """URLs that heads are sent to: ``MINGJING_WITNESSES``, separated by commas."""
    return [url.strip() for url in environment.get("MINGJING_WITNESSES", "").split(",") if url.strip()]


def make_head(uow: Work, *, everything: bool = False) -> TreeHead | None:
    """Take in what was committed, sign, have it time-stamped, hand out. The new head, None when nothing had come in."""
    proof_log.sequence(uow, everything=everything)
    made = proof_log.sign(uow)
    uow.commit()
    if made is not None:
        _stamp(uow, made)
    hand_out(uow)
    return made


def hand_out(uow: Work) -> None:
    """Give everybody the heads that they do not have yet."""
    known = {row.name: row.size for row in proof.recipients(uow)}
    if uow.equipment.heads is not None:
        _to_files(uow, uow.equipment.heads, known.get(FILES, 0))
        uow.commit()
    for url in witnesses():
        _to_witness(uow, url, known.get(url, 0))
        uow.commit()


def _stamp(uow: Work, head: TreeHead) -> None:
    authority = os.environ.get("MINGJING_TSA", "")
    if not authority:
        return
    try:
        request = time_stamps.request(head.signature)
        answer = _post(authority, request, "application/timestamp-query")
        token = time_stamps.accepted(answer)
    except (MingjingError, CallFailed, CallRefused) as problem:
        log.warning("no time stamp for the tree head of %s entries: %s", head.size, problem)
        return
    proof.set_time_stamp(uow, head.size, token)
    uow.commit()


def _to_files(uow: Work, folder: Path, size: int) -> None:
    now, fault = uow.now(), ""
    try:
        if size and not any(folder.glob("*/*.json")):
            size = 0  # the folder is new, or was emptied
        for head in proof_log.heads(uow, after=size, limit=MOST_AT_ONCE):
            _write(folder, head, file_of(uow, head, size))
            size = head.size
    except OSError as problem:
        fault = f"{folder}: {problem.strerror}"
        log.exception("tree heads cannot be written")
    proof.set_recipient(uow, FILES, size, now, fault)


def file_of(uow: Work, head: TreeHead, previous: int) -> bytes:
    """A head as it is handed out in a file, with the entries since a smaller head."""
    leaves = proof.leaves(uow, previous, head.size - previous)
    told = [[str(stream), seq, value.hex()] for stream, seq, value in leaves]
    whole = {**tree_heads.shown(head), "previous": previous, "leaves": told}
    return json.dumps(whole, separators=(",", ":")).encode() + b"\n"


def _write(folder: Path, head: TreeHead, content: bytes) -> None:
    month = folder / f"{head.at:%Y-%m}"
    month.mkdir(parents=True, exist_ok=True)
    draft = month / f".{head.size:012d}"
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(month / f"{head.size:012d}.json")


def _to_witness(uow: Work, url: str, size: int) -> None:
    newest = next(iter(proof_log.heads(uow, limit=1, newest_first=True)), None)
    if newest is None or newest.size == size:
        return
    path = merkle.consistency(size, newest.size, proof_log.tree(uow)) if size else []
    whole = {**tree_heads.shown(newest), "previous": size, "consistency": [step.hex() for step in path]}
    fault = ""
    try:
        _post(url, json.dumps(whole).encode(), "application/json")
        size = newest.size
    except (CallFailed, CallRefused) as problem:
        fault = str(problem)
        log.warning("the witness %s was not reached: %s", url, fault)
    proof.set_recipient(uow, url, size, uow.now(), fault)


def _post(url: str, body: bytes, kind: str) -> bytes:
    """Raises CallRefused and CallFailed. The operator has named the host, so its address may be private."""
    host = urlsplit(url).hostname or ""
    answer = call(Call(method="POST", url=url, headers={"Content-Type": kind}, body=body), Allowed(private=[host]))
    if not 200 <= answer.status < 300:
        raise CallFailed(f"{host} answered {answer.status}")
    return answer.body


def read_folder(folder: Path) -> Iterator[tuple[TreeHead, Mapping[str, Any], str]]:
    """Every head of a folder, smallest first: the head, the whole file, its name. Raises Invalid for a forged one.

    Also takes what others keep: a head without entries, as `/tree-heads.json` gives it.
    """
    found = []
    for path in sorted(folder.rglob("*.json")):
        whole = tree_heads.load(path.read_bytes(), where=path.name)
        listed = whole["heads"] if isinstance(whole.get("heads"), list) else [whole]
        found += [(tree_heads.read(one, where=path.name), one, path.name) for one in listed]
    yield from sorted(found, key=lambda one: (one[0].size, "leaves" not in one[1]))
