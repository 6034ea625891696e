"""Deploying BPMN, DMN and form files: atomic, versioned, content-addressed; what cannot run is refused by id."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.feel import FeelError, dmn
from engine.forms import schema as form_schema
from engine.model.actors import Actor, Client, Permission
from engine.model.commands import Deploy, Deployed, DeployedDefinition
from engine.model.definitions import LintFinding, Severity
from engine.model.errors import Detail, Invalid, NotFound, Refused
from engine.model.ids import DefinitionKey, DeploymentKey, Digest
from engine.model.trace_entries import EntryKind
from engine.runtime import gate, trial
from engine.service import check_uses, recording, rights, start_events
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.service.shown_models import without_silent_checks
from engine.service.start_events import Openings
from engine.store import commands, definitions, indicators
from engine.store.definitions import DefinitionRow
from engine.supervision import checks

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_FILES = 200
MAX_NAME = 200
KINDS = {".bpmn": "process", ".dmn": "decision", ".form": "form"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A definition that a file holds."""

    kind: str
    id: str
    name: str
    resource_name: str
    digest: Digest
    version_tag: str = ""


def deploy(uow: Work, command: Deploy, actor: Actor, client: Client) -> Deployed:
    """Deploy files together: all of them or none. The same bytes as the newest version make no new version.

    Raises NotAllowed, Invalid for files that are no such files, Refused with a detail for each element that cannot run.
    """
    rights.require(actor, Permission.DEPLOY)
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in command.resources}
    attempt = Attempt(uow, actor, client, "deployment.create", command.command_id, digests)
    commands.lock(uow, actor.person_key, command.command_id)
    definitions.lock_deployments(uow)
    if (earlier := attempt.earlier()) is not None:
        return _deployed(earlier)
    now = uow.now()
    with attempt.deciding():
        found, warnings = _inspect(uow, command.resources)
        _refuse_doubles(found)
        newest = {kind: definitions.latest(uow, kind, _ids(found, kind)) for kind in KINDS.values()}
        openings = _openings(uow, found, newest["process"], command.resources, now)
    key = DeploymentKey(uow.keys(1)[0])
    definitions.put_resources(uow, {digests[name]: body for name, body in command.resources})
    definitions.insert_deployment(uow, key, actor.person_key, now, sorted(digests.items()))
    made = [_version(uow, one, newest[one.kind].get(one.id), key) for one in found]
    for one in made:
        if one.kind == "process" and one.new:
            start_events.replace(uow, one.id, one.key, openings[one.id], now)
    sizes = {name: len(body) for name, body in command.resources}
    payload = _payload(key, sizes, digests, made, {(one.kind, one.id): one.digest for one in found})
    entry = recording.draft(uow, EntryKind.DEPLOYMENT_CREATED, actor, client, command.command_id, payload)
    recording.to_system(uow, entry)
    result = Deployed(key=key, definitions=tuple(made), warnings=tuple(_line(finding) for finding in warnings))
    attempt.keep(_stored(result))
    return result


def lint(
    resources: Sequence[tuple[str, bytes]],
    *,
    forms: Iterable[str],
    decisions: Iterable[str],
    processes: Iterable[str] | None = None,
) -> list[LintFinding]:
    """Everything that the gate has to say about files, given the ids of forms, decisions and processes known elsewhere.

    processes: None when called processes are not to be looked for.
    """
    found, findings = _look(resources, set(forms), set(decisions), None if processes is None else set(processes))
    wrong = {finding.resource for finding in findings if finding.severity is Severity.ERROR}
    return findings + trial.run([one for one in _models(resources, found) if one[0] not in wrong])


def looked_at(uow: Work, resources: Sequence[tuple[str, bytes]]) -> list[LintFinding]:
    """What the gate says of files against what is deployed, without playing them."""
    known = {kind: set(definitions.latest(uow, kind)) for kind in KINDS.values()}
    return _look(resources, known["form"], known["decision"], known["process"])[1]


def definition_xml(uow: Work, actor: Actor, key: int) -> bytes:
    """The BPMN file of a process definition. The diagrams of the unit's businesses are no secret from its people."""
    found = definitions.by_key(uow, key)
    if found is None or not (rights.has(actor, Permission.DEFINITION_READ) or rights.has(actor, Permission.CASE_READ)):
        raise NotFound("process_definition.not_found", "there is no such process definition")
    return without_silent_checks(required(definitions.resource(uow, found.digest), f"resource {found.digest}"))


def definition(uow: Work, key: int) -> DefinitionRow:
    """A process definition by its key; NotFound when there is none."""
    found = definitions.by_key(uow, key)
    if found is None:
        raise NotFound("process_definition.not_found", "there is no such process definition")
    return found


def search(
    uow: Work, *, after: int | None = None, limit: int = 50, process_id: str | None = None
) -> list[DefinitionRow]:
    """Process definitions, newest first."""
    return definitions.newest_first(uow, "process", after=after, limit=limit, identity=process_id)


def _inspect(uow: Work, resources: Sequence[tuple[str, bytes]]) -> tuple[list[Found], list[LintFinding]]:
    """What the files hold, with warnings. Raises Invalid or Refused with every error at once."""
    if not resources:
        raise Invalid("deployment.empty", "a deployment needs at least one .bpmn, .dmn or .form file")
    if len(resources) > MAX_FILES:
        raise Invalid("deployment.too_many", f"at most {MAX_FILES} files in one deployment")
    _check_names([name for name, _ in resources])
    known = {kind: set(definitions.latest(uow, kind)) for kind in KINDS.values()}
    library = set(indicators.codes(uow))
    found, findings = _look(resources, known["form"], known["decision"], known["process"], library)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not errors:
        errors = trial.run([one for one in _models(resources, found) if _is_new(uow, one[1])])
    if errors:
        details = [
            Detail(
                place=f"{finding.resource}#{finding.element_id}",
                code=finding.rule,
                message=f"{finding.message} {finding.cure}".strip(),
            )
            for finding in errors
        ]
        raise Refused(
            "deployment.refused",
            f"nothing was deployed: {len(errors)} element(s) cannot run as drawn",
            details=details,
        )
    return found, findings


def _models(resources: Sequence[tuple[str, bytes]], found: Sequence[Found]) -> list[tuple[str, bytes]]:
    """The files that hold processes."""
    names = {one.resource_name for one in found if one.kind == "process"}
    return [(name, body) for name, body in resources if name in names]


def _is_new(uow: Work, body: bytes) -> bool:
    """Whether these bytes were never deployed: what was, has had its trial."""
    return definitions.resource(uow, Digest(hashlib.sha256(body).hexdigest())) is None


def _check_names(names: Sequence[str]) -> None:
    """File names are labels: relative, printable, each once."""
    for name in names:
        parts = name.split("/")
        if len(name) > MAX_NAME or not name.isprintable() or "\\" in name or any(p in ("", ".", "..") for p in parts):
            raise Invalid("deployment.name", f"{name[:80]!r} is no name for a file", params={"name": name[:80]})
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise Invalid("deployment.name_doubled", f"{doubled[0]} is there twice", params={"name": doubled[0]})


def _look(
    resources: Sequence[tuple[str, bytes]],
    forms: set[str],
    decisions: set[str],
    processes: set[str] | None = None,
    known_indicators: Collection[str] | None = None,
) -> tuple[list[Found], list[LintFinding]]:
    """What the files hold and what is wrong. processes: deployed before; None does not ask whether called ones are.

    known_indicators: codes of the library; None does not ask whether those that checks name are there.
    """
    found: list[Found] = []
    findings: list[LintFinding] = []
    by_kind: dict[str, list[tuple[str, bytes]]] = {kind: [] for kind in KINDS.values()}
    for name, body in resources:
        kind = KINDS.get("." + name.rsplit(".", 1)[-1].lower())
        if kind is None:
            findings.append(_file_error(name, "deployment.kind", "The file is not a .bpmn, .dmn or .form file"))
        elif len(body) > MAX_FILE_BYTES:
            findings.append(_file_error(name, "deployment.too_large", "The file is larger than 4 MiB"))
        else:
            by_kind[kind].append((name, body))
    for name, body in by_kind["form"]:
        findings += form_schema.lint(body, resource=name)
        found += _forms(name, body)
    for name, body in by_kind["decision"]:
        made, wrong = _decisions(name, body)
        found += made
        findings += wrong
    known_forms = forms | {one.id for one in found if one.kind == "form"}
    known_decisions = decisions | {one.id for one in found if one.kind == "decision"}
    called = None if processes is None else processes | gate.process_ids(body for _, body in by_kind["process"])
    for name, body in by_kind["process"]:
        report = gate.inspect(
            body,
            resource=name,
            forms=known_forms,
            decisions=known_decisions,
            checks=checks.CHECKS,
            called=called,
        )
        findings += report.findings
        if known_indicators is not None:
            findings += check_uses.unknown_indicators(report.processes, known_indicators, name)
        found += [
            replace(_found("process", process.process_id, process.name, name, body), version_tag=process.version_tag)
            for process in report.processes
        ]
    return found, findings


def _forms(name: str, body: bytes) -> list[Found]:
    """The form of a file; nothing when it cannot be read, which `lint` has said already."""
    try:
        form = form_schema.parse(body, resource=name)
    except Invalid:
        return []
    return [_found("form", form.form_id, "", name, body)]


def _decisions(name: str, body: bytes) -> tuple[list[Found], list[LintFinding]]:
    """The decisions of a file, and what is wrong with them."""
    try:
        model = dmn.load(body)
    except FeelError as error:
        return [], [_file_error(name, "dmn.invalid", f"The file cannot be read as DMN: {error}")]
    wrong = [_file_error(name, "dmn.problem", problem) for problem in model.problems]
    if not model.decisions:
        wrong.append(_file_error(name, "dmn.empty", "The file holds no decision"))
    named = [(decision, model.names.get(decision, decision)) for decision in model.decisions]
    return [_found("decision", decision, label, name, body) for decision, label in named], wrong


def _found(kind: str, identity: str, name: str, resource_name: str, body: bytes) -> Found:
    digest = Digest(hashlib.sha256(body).hexdigest())
    return Found(kind=kind, id=identity, name=name, resource_name=resource_name, digest=digest)


FILE_CURES = {
    "deployment.kind": "Leave it out.",
    "deployment.too_large": "Split it.",
    "dmn.invalid": "Correct what the message names.",
    "dmn.empty": "Leave it out, or put a decision into it.",
    "dmn.problem": "Correct what the message names.",
}


def _file_error(name: str, rule: str, message: str) -> LintFinding:
    return LintFinding(
        rule=rule,
        severity=Severity.ERROR,
        element_id="",
        message=message if message.endswith(".") else message + ".",
        cure=FILE_CURES[rule],
        resource=name,
    )


def _refuse_doubles(found: Sequence[Found]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for one in found:
        other = seen.setdefault((one.kind, one.id), one.resource_name)
        if other != one.resource_name:
            raise Refused(
                "deployment.doubled",
                f"{one.kind} {one.id} is in {other} and in {one.resource_name}",
                params={"id": one.id, "first": other, "second": one.resource_name},
            )


def _openings(
    uow: Work,
    found: Sequence[Found],
    newest: Mapping[str, DefinitionRow],
    resources: Sequence[tuple[str, bytes]],
    now: datetime,
) -> dict[str, Openings]:
    """What the start events of new versions wait for, by process id."""
    bodies = dict(resources)
    return {
        one.id: start_events.found(uow, bodies[one.resource_name], one.digest, one.id, now)
        for one in found
        if one.kind == "process" and (one.id not in newest or newest[one.id].digest != one.digest)
    }


def _ids(found: Sequence[Found], kind: str) -> list[str]:
    return [one.id for one in found if one.kind == kind]


def _version(uow: Work, one: Found, newest: DefinitionRow | None, deployment: DeploymentKey) -> DeployedDefinition:
    """The newest version when its bytes are the same, else a new one, inserted."""
    same = newest is not None and newest.digest == one.digest
    if newest is not None and same:
        row = newest
    else:
        row = DefinitionRow(
            key=DefinitionKey(uow.keys(1)[0]),
            id=one.id,
            version=newest.version + 1 if newest else 1,
            name=one.name,
            digest=one.digest,
            resource_name=one.resource_name,
            deployment_key=deployment,
            version_tag=one.version_tag,
        )
        definitions.insert_definition(uow, one.kind, row)
    return DeployedDefinition(
        kind=one.kind,
        id=row.id,
        name=row.name,
        key=row.key,
        version=row.version,
        resource_name=one.resource_name,
        new=not same,
    )


def _payload(
    key: int,
    sizes: Mapping[str, int],
    digests: Mapping[str, str],
    made: Sequence[DeployedDefinition],
    of: Mapping[tuple[str, str], str],
) -> dict[str, object]:
    def listed(kind: str) -> list[dict[str, object]]:
        return [
            {"id": m.id, "name": m.name, "version": m.version, "digest": of[m.kind, m.id], "key": str(m.key)}
            for m in made
            if m.kind == kind
        ]

    return {
        "deployment": str(key),
        "resources": [{"name": name, "digest": digests[name], "size": sizes[name]} for name in sorted(digests)],
        "processes": listed("process"),
        "decisions": listed("decision"),
        "forms": listed("form"),
    }


def _line(finding: LintFinding) -> str:
    return f"{finding.resource}#{finding.element_id}: {finding.message} {finding.cure}".strip()


def _stored(result: Deployed) -> dict[str, object]:
    return {
        "key": str(result.key),
        "definitions": [
            {
                "kind": d.kind,
                "id": d.id,
                "name": d.name,
                "key": str(d.key),
                "version": d.version,
                "resource_name": d.resource_name,
                "new": d.new,
            }
            for d in result.definitions
        ],
        "warnings": list(result.warnings),
    }


def _deployed(stored: Mapping[str, object]) -> Deployed:
    listed = stored["definitions"]
    warnings = stored["warnings"]
    if not isinstance(listed, list) or not isinstance(warnings, list):
        raise NotFound("command.result_lost", "the stored result of this deployment cannot be read")
    return Deployed(
        key=DeploymentKey(int(str(stored["key"]))),
        definitions=tuple(DeployedDefinition(**{**one, "key": DefinitionKey(int(one["key"]))}) for one in listed),
        warnings=tuple(warnings),
    )
