"""Evidence packages: everything about one case, so that an outsider can check it without us.

The ZIP is stored, in order and of one date, so that its members make exactly one sequence of bytes; `manifest.json`
lists the hash of each and is signed. What is inside, and how it is checked, is told in
`engine.documents.package_words` and done by `engine.trace.standalone_verifier`, which is in the package itself. The
key of the case is inside too: with it the reader sees that the record says what was sealed. It opens this case only,
whose content the package shows anyway.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from engine.documents import package_words
from engine.model.actors import Actor, Client, Permission
from engine.model.trace_entries import EntryKind, SealedEntry
from engine.service import erasures, evidence_record, proof_log, recording, rights, timeline, verification
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.sight import Sight
from engine.store import cases, definitions, drafts, entries, proof
from engine.store.cases import CaseRecord
from engine.trace import canonical, chain, merkle, standalone_verifier, tree_heads
from engine.trace.crypto import file_context
from engine.trace.tree_heads import TreeHead

MOST_HEADS = 20
Members = list[tuple[str, bytes]]
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A finished package. name: for the file, ASCII."""

    name: str
    body: bytes


def export(uow: Work, actor: Actor | None, client: Client, key: int) -> Package:
    """Make the package of a case; that it was made, and its digest, are traced in the system stream.

    actor: None for the command line. Raises NotAllowed, NotFound; Broken when a stored file is gone or changed.
    """
    if actor is not None:
        rights.require(actor, Permission.TRACE_READ)
        rights.readable_case(uow, actor, key)
    proof_log.sequence(uow)
    proof_log.sign(uow)
    uow.commit()
    case = cases.case(uow, key)
    if case is None:
        raise rights.case_not_found()
    sealed = [entry for entry in entries.stream_entries(uow, key) if entry.seq <= max(proof.positions(uow, key))]
    body = standalone_verifier.pack(_signed(uow, case, _members(uow, case, sealed)))
    payload = {
        "instance": str(case.key),
        "number": case.number,
        "entries": len(sealed),
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
    }
    entry = recording.draft(uow, EntryKind.CASE_EXPORTED, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return Package(name=f"evidence-{case.key}-{len(sealed)}.zip", body=body)


def _members(uow: Work, case: CaseRecord, sealed: list[SealedEntry]) -> Members:
    bodies = [chain.read_body(entry) for entry in sealed]
    data_key = uow.equipment.provider.unwrap(case.wrapped_key) if case.wrapped_key is not None else None
    opened = [{**body, "payload": standalone_verifier.opened(body["payload"], data_key, body)} for body in bodies]
    erased = erasures.of_case(uow, case.key)
    made: Members = [
        ("README.zh.txt", package_words.README_ZH.encode()),
        ("README.en.txt", package_words.README_EN.encode()),
        ("verify.py", files("engine.trace").joinpath("standalone_verifier.py").read_bytes()),
        ("entries.jsonl", b"".join(entry.body + b"\n" for entry in sealed)),
        ("record.json", _json({"number": case.number, "entries": opened, "erased": erased})),
    ]
    if data_key is not None:
        made.append(("case-key.txt", base64.b64encode(data_key) + b"\n"))
    heads, proofs = _proofs(uow, case, sealed)
    made.append(("proofs.json", proofs))
    made += [(f"time-stamps/{head.size}.tsr", head.time_stamp) for head in heads if head.time_stamp]
    made += _named(uow, bodies)
    if data_key is not None:
        made += _files(uow, case)
    report = _four_properties(uow, case, sealed, made, heads)
    made.append(("four-properties.json", _json(report)))
    story = timeline.of_case(uow, case, Sight(everything=True, person=""))
    made.append(("record.pdf", evidence_record.pdf(uow, case, story, report, heads[-1], erased)))
    return made


def _signed(uow: Work, case: CaseRecord, members: Members) -> Members:
    listed = [{"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in members]
    manifest = _json(
        {
            "package": "mingjing.package.v1",
            "stream": str(case.key),
            "number": case.number,
            "made_at": canonical.timestamp(uow.now()),
            "public_key": base64.b64encode(uow.equipment.provider.public_key()).decode(),
            "members": listed,
        }
    )
    signature = uow.equipment.provider.sign(standalone_verifier.MANIFEST_PREFIX + manifest)
    return [*members, ("manifest.json", manifest), ("manifest.sig", base64.b64encode(signature) + b"\n")]


def _proofs(uow: Work, case: CaseRecord, sealed: list[SealedEntry]) -> tuple[list[TreeHead], bytes]:
    """Signed heads, newest last, each the first over some entry; and the proof of each entry in the newest."""
    node, places = proof_log.tree(uow), proof.positions(uow, case.key)
    newest = proof_log.heads(uow, limit=1, newest_first=True)[0]
    wanted: dict[int, TreeHead] = {}
    for entry in sealed:
        place = places[entry.seq]
        if not any(size > place for size in wanted) or len(wanted) < MOST_HEADS:
            first = proof_log.heads(uow, after=place, limit=1)[0]
            wanted.setdefault(first.size, first)
    wanted[newest.size] = newest
    heads = [wanted[size] for size in sorted(wanted)]
    told = {
        "heads": [tree_heads.shown(head) for head in heads],
        "consistency": [[step.hex() for step in merkle.consistency(head.size, newest.size, node)] for head in heads],
        "entries": [
            {
                "position": places[entry.seq],
                "path": [step.hex() for step in merkle.inclusion(places[entry.seq], newest.size, node)],
            }
            for entry in sealed
        ],
    }
    return heads, _json(told)


def _named(uow: Work, bodies: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """Models, decisions and forms that entries name by digest."""
    found: dict[str, str] = {}
    for body in bodies:
        payload = body["payload"]
        for one in (payload.get("definition"), *payload.get("decisions", []), *payload.get("scopes", [])):
            if one and one.get("digest"):
                found.setdefault(one["digest"], "dmn" if "decision" in one else "bpmn")
        if payload.get("form"):
            found.setdefault(payload["form"]["digest"], "form")
    for digest, ending in sorted(found.items(), key=lambda one: (one[1], one[0])):
        folder = "forms" if ending == "form" else "model"
        yield f"{folder}/{digest[:16]}.{ending}", required(definitions.resource(uow, digest), f"the file {digest}")


def _files(uow: Work, case: CaseRecord) -> Iterator[tuple[str, bytes]]:
    cipher = uow.required_cipher(case.wrapped_key)
    done = set()
    for key, record in sorted(drafts.case_files(uow, case.key).items()):
        if record.sha256 not in done:
            done.add(record.sha256)
            stored = uow.equipment.blobs.get(record.stored_digest)
            plain = cipher.decrypt(stored, context=file_context(case.key, record.sha256))
            yield f"files/{key}-{record.sha256[:16]}.{_ENDINGS.get(record.media_type, 'bin')}", plain


def _four_properties(
    uow: Work, case: CaseRecord, sealed: list[SealedEntry], made: Members, heads: list[TreeHead]
) -> dict[str, Any]:
    """真实性、完整性、可用性、安全性 after DA/T 70-2018: what was really looked at; `null` is what was not."""
    found = verification.stream_report(uow, case.key).report
    unsigned = [head.size for head in heads if not tree_heads.signed(head)]
    plain = sum(name.startswith("files/") for name, _ in made)
    recorded = len({file.sha256 for file in drafts.case_files(uow, case.key).values()})
    unknown = [name for name, _ in made if name.endswith(".bin")]
    return {
        "norm": "DA/T 70-2018",
        "made_at": canonical.timestamp(uow.now()),
        "authenticity": {
            "entries_chained": found.ok,
            "first_bad_entry": found.first_bad_seq,
            "tree_heads_signed": not unsigned,
            "time_stamped": any(head.time_stamp for head in heads),
            "actors_named": all(b'"actor":' in entry.body for entry in sealed),
        },
        "integrity": {
            "entries": len(sealed),
            "entries_without_gap": [entry.seq for entry in sealed] == list(range(1, len(sealed) + 1)),
            "stored_files_unchanged": found.ok or found.fault != "file",
            "files": recorded,
            "files_included": plain,
        },
        "usability": {
            "record_format": "PDF/A-2b, JSON",
            "model_format": "BPMN 2.0, DMN 1.x, form-js JSON",
            "files_of_known_formats": not unknown,
            "personal_data_readable": case.wrapped_key is not None,
        },
        "security": {
            "hash": "SHA-256",
            "signature": "Ed25519",
            "encrypted_at_rest": "AES-256-GCM",
            "scripts_in_record": False,
            "virus_scan": None,
        },
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
