"""Trace entries as a story for people. Folds what is recorded; never runs the engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.forms.components import FormSchema
from engine.forms.display import displayed
from engine.model.definitions import ProcessDefinition
from engine.model.findings import CheckOutcome, RiskLevel
from engine.model.ids import AttachmentKey
from engine.model.trace_entries import EntryKind, SealedEntry
from engine.model.views import FieldChange, FileView, TimelineEntry, WarningView
from engine.service import lookups, photo_hints
from engine.service.equipment import Work
from engine.service.sight import Sight
from engine.store import entries
from engine.store.cases import CaseRecord
from engine.trace import canonical, chain
from engine.trace.values import Erased

_EVENTS = frozenset({EntryKind.MESSAGE_CORRELATED.value, EntryKind.SIGNAL_CAUGHT.value})
_JOBS = frozenset(
    {
        EntryKind.JOB_COMPLETED_V1.value,
        EntryKind.JOB_COMPLETED.value,
        EntryKind.JOB_FAILED.value,
        EntryKind.JOB_ERROR_THROWN.value,
        EntryKind.JOB_UPDATED.value,
    }
)
_OPERATED = frozenset(
    {
        EntryKind.PROCESS_INSTANCE_SUSPENDED.value,
        EntryKind.PROCESS_INSTANCE_RESUMED.value,
        EntryKind.PROCESS_INSTANCE_CANCELLED.value,
    }
)
_MENDING = frozenset(
    {
        EntryKind.INCIDENT_CREATED.value,
        EntryKind.INCIDENT_RESOLVED.value,
        EntryKind.ELEMENT_ROUTED_AROUND.value,
        EntryKind.VARIABLES_CHANGED.value,
    }
)


def called_in(payload: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Id and digest of the called processes that begin in an entry."""
    return tuple((scope["process"], scope["digest"]) for scope in payload.get("scopes", ()) if "process" in scope)


def of_case(uow: Work, case: CaseRecord, sight: Sight) -> tuple[TimelineEntry, ...]:
    """All entries of a case, oldest first, decrypted as far as the case's key is there and the reader may see them."""
    found = [entry for entry, _ in told(uow, case, sight, entries.stream_entries(uow, case.key))]
    return tuple(_with_hints(uow, case, found))


def told(
    uow: Work, case: CaseRecord, sight: Sight, sealed: Iterable[SealedEntry]
) -> Iterator[tuple[TimelineEntry, dict[str, Any]]]:
    """Entries of a case in words, each with its opened payload, which holds what the reader may not see as well."""
    cipher = uow.cipher(case.wrapped_key)
    forms = Forms(uow)
    known = Known(uow, case)
    for entry in sealed:
        body = chain.read_body(entry)
        actor = body.get("actor") or {}
        if actor:
            known.people[actor["person"]] = actor["name"]
        payload = chain.open_payload(entry, cipher)
        known.learn(payload)
        yield sight.of(_entry(entry, body, payload, forms, known), actor.get("person", "")), payload


def _with_hints(uow: Work, case: CaseRecord, found: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    """Photos with what they say of themselves; a case without photos asks for nothing."""
    seen = any(entry.photos for entry in found)
    hints = photo_hints.of_case(uow, case.key, uow.cipher(case.wrapped_key)) if seen else {}
    for entry in found:
        photos = tuple(replace(photo, hints=hints.get(photo.key)) for photo in entry.photos)
        yield replace(entry, photos=photos) if photos else entry


def of_system(sealed: Iterable[SealedEntry]) -> tuple[TimelineEntry, ...]:
    """Entries of the system stream; nothing in it is encrypted under a case's key."""
    return tuple(
        _entry(entry, chain.read_body(entry), chain.open_payload(entry, None), None, Known()) for entry in sealed
    )


class Known:
    """What grows while a stream is read: names of people, elements, materials, and called processes by their key.

    returning: element and outcome that send the case back. materials: by element and code.
    """

    def __init__(self, uow: Work | None = None, case: CaseRecord | None = None) -> None:
        self._uow = uow
        self.people: dict[str, str] = {}
        self.elements: dict[str, str] = {}
        self.processes: dict[str, str] = {}
        self.returning: set[tuple[str, str]] = set()
        self.materials: dict[tuple[str, str], str] = {}
        self._seen: set[tuple[str, str]] = set()
        if uow is not None and case is not None:
            self._add(lookups.executable(uow, case.digest, case.process_id).definition)

    def learn(self, payload: Mapping[str, Any]) -> None:
        """Called processes begin in an entry: their elements may be spoken of from now on."""
        if self._uow is None:
            return
        for found in called_in(payload):
            if found not in self._seen:
                self._seen.add(found)
                self._add(lookups.executable(self._uow, found[1], found[0]).definition)
                reference = lookups.reference(self._uow, *found)
                self.processes[str(reference.key)] = reference.name

    def _add(self, definition: ProcessDefinition) -> None:
        for element in definition.elements.values():
            self.elements.setdefault(element.id, element.name or element.id)
            self.returning |= {(element.id, outcome.code) for outcome in element.outcomes if outcome.returns}
            self.materials |= {(element.id, material.code): material.name for material in element.materials}


class Forms:
    """The forms that completions were made with, by the digest in their entries."""

    def __init__(self, uow: Work) -> None:
        self._uow = uow

    def of(self, payload: Mapping[str, Any]) -> FormSchema | None:
        """The form of an entry; None when it had none."""
        shown = payload.get("form")
        return lookups.form(self._uow, shown["digest"]) if shown else None


def _entry(
    entry: SealedEntry,
    body: Mapping[str, Any],
    payload: Mapping[str, Any],
    forms: Forms | None,
    known: Known,
) -> TimelineEntry:
    names = known.elements
    actor = body.get("actor") or {}
    raw_element = payload.get("element")
    element: Mapping[str, Any] = raw_element if isinstance(raw_element, dict) else {"id": raw_element or ""}
    element_id = str(element.get("id", ""))
    outcome = payload.get("outcome") or {}
    form = forms.of(payload) if forms else None
    answers = tuple(_answers(payload.get("judgements", []), names))
    return TimelineEntry(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        person_name=actor.get("name", ""),
        unit_name=actor.get("unit", {}).get("name", ""),
        position_name="、".join(holding["name"] for holding in actor.get("positions", [])),
        element_id=element_id,
        element_name=element.get("name") or names.get(element_id, element_id),
        outcome_code=outcome.get("code", ""),
        outcome_name=outcome.get("name", ""),
        negative=bool(outcome.get("negative", False)),
        returned=(element_id, outcome.get("code", "")) in known.returning,
        opinion=_text(payload.get("opinion", "")),
        changes=tuple(_change(field, form) for field in payload.get("fields", [])),
        attachments=tuple(_file(found, "attachment", element_id, known) for found in payload.get("attachments", [])),
        photos=tuple(_file(found, "photo", element_id, known) for found in payload.get("photos", [])),
        warnings=tuple(found for found in answers if found.outcome != CheckOutcome.CLEAR),
        passed=tuple(found for found in answers if found.outcome == CheckOutcome.CLEAR),
        flows=tuple(t["element"] for t in payload.get("transitions", []) if t["kind"] == "flow_taken"),
        refusal=str(payload.get("code", "")),
        item=element.get("item_number", ""),
        process_name=known.processes.get((payload.get("definition") or {}).get("key", ""), ""),
        job_type=_text(payload.get("type", "")) if entry.kind in _JOBS else "",
        message=_message(entry.kind, payload),
        incident=_text(payload.get("incident_kind", "")),
        event_name=_text(payload.get("name", "")) if entry.kind in _EVENTS else "",
        due_at=canonical.instant(payload["due_at"]) if "due_at" in payload else None,
        starts=payload.get("starts") is True,
        reason=_reason(entry.kind, payload),
        client=" ".join(part for part in body["client"].values() if part),
        hash=entry.hash.hex(),
    )


def _message(kind: str, payload: Mapping[str, Any]) -> str:
    """Why a job failed, why a case cannot go on, or why somebody resolved that so."""
    if kind in _JOBS:
        return _text(payload.get("message", ""))
    return _text(payload.get("reason", "")) if kind in _MENDING else ""


def _reason(kind: str, payload: Mapping[str, Any]) -> str:
    """Why an operator did something to the case; on what basis its personal data was erased."""
    if kind == EntryKind.PROCESS_INSTANCE_ERASED:
        return _text(payload["basis"])
    return _text(payload.get("reason", "")) if kind in _OPERATED else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _change(field: Mapping[str, Any], form: FormSchema | None) -> FieldChange:
    """A changed field in the words of the very form it was typed into."""
    path, old, new = field["path"], field["old"], field["new"]
    if isinstance(old, Erased) or isinstance(new, Erased):
        return FieldChange(path=path, label=_label(form, path), old=None, new=None, readable=False)
    if form is not None:
        old, new = displayed(form, path, old), displayed(form, path, new)
    return FieldChange(path=path, label=_label(form, path), old=old, new=new)


def _label(form: FormSchema | None, path: str) -> str:
    return form.fields[path].label if form is not None and path in form.fields else path


def _file(found: Mapping[str, Any], kind: str, element_id: str, known: Known) -> FileView:
    return FileView(
        key=AttachmentKey(int(found["key"])),
        kind=kind,
        code=found["code"],
        name=_text(found["name"]),
        media_type=found["media_type"],
        size_bytes=found["size"],
        sha256=found["sha256"],
        uploaded_by=known.people.get(found["uploaded_by"], ""),
        uploaded_at=canonical.instant(found["uploaded_at"]),
        material=known.materials.get((element_id, found["code"]), ""),
    )


def _answers(judgements: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Iterable[WarningView]:
    """What each check said, in the order they were asked. What entries of the first version lack is empty."""
    for judgement in judgements:
        for result in judgement["results"]:
            evidence = result["evidence"]
            yield WarningView(
                element_id=judgement["element"],
                element_name=names.get(judgement["element"], judgement["element"]),
                code=result["code"],
                name=result["name"],
                outcome=result["outcome"],
                level=RiskLevel(result["level"]),
                reason=_text(result["reason"]),
                parameters=result["parameters"],
                evidence=evidence if isinstance(evidence, dict) else {},
                given_reason=_text(result.get("given_reason", "")),
                data_versions=result.get("data_versions", {}),
                exempt=(result.get("exemption") or {}).get("basis", ""),
            )


def warnings_of(story: Sequence[TimelineEntry]) -> tuple[WarningView, ...]:
    """The newest warnings of each element: a later judgement of the same element replaces the earlier one."""
    newest: dict[str, tuple[WarningView, ...]] = {}
    for entry in story:
        for element_id in {found.element_id for found in (*entry.warnings, *entry.passed)}:
            newest[element_id] = tuple(w for w in entry.warnings if w.element_id == element_id)
    return tuple(warning for group in newest.values() for warning in group)
