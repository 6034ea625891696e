"""docs/reference/camunda8.md: every operation of Camunda's REST API, offered here or not, and why not.

The operations are those of Camunda's Python SDK (its modules name method and path); ours are the routes of `web.api`.
"""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from scripts.markdown import page, table
from web import api
from web.converters import KeyConverter

ROOT = Path(__file__).resolve().parents[1]
CLIENT_TESTS = ROOT / "tests" / "api" / "clients"

_ONE_TENANT = "one installation serves one city; units and scopes take the place of tenants"
_PEOPLE = "people, roles and positions are kept by the security administrator: page `/people`, `mingjing users`"
_CLUSTER = "there is no cluster to steer: PostgreSQL is the only state, backed up by `mingjing backup`"
WHY_NOT = {
    "ad_hoc_sub_process": "ad-hoc subprocesses are refused at deployment",
    "agent_definition": "no AI agents act in a case",
    "agent_instance": "no AI agents act in a case",
    "audit_log": "the sealed trace takes its place: `/api/process-instances/{key}/trace`",
    "authentication": _PEOPLE,
    "authorization": _PEOPLE,
    "backup": _CLUSTER,
    "batch_operation": "what changes a case is done case by case, with its own entry in the trace",
    "clock": "time is not set from outside; `mingjing simulate` plays with it",
    "cluster": _CLUSTER,
    "cluster_variable": "values that cases share are indicators, with versions and a legal basis",
    "conditional": "conditions are evaluated inside a case only",
    "decision_definition": "see the operations that are offered",
    "decision_instance": "a decision is kept with the step that took it, in the trace",
    "decision_requirements": "a decision and its requirements are one file with one version: the decision's own",
    "document": "attachments and photos belong to the draft of a user task: `/api/user-tasks/{key}/draft/files`",
    "element_instance": "what happened at elements is read from the trace",
    "expression": "see the operations that are offered",
    "exporting": _CLUSTER,
    "form": "forms are read through the user task, cut to what its reader may see",
    "global_listener": "listeners would act outside of the diagram",
    "group": _PEOPLE,
    "incident": "see the operations that are offered",
    "job": "see the operations that are offered",
    "license_": "there are no licences to check",
    "mapping_rule": _PEOPLE,
    "message": "see the operations that are offered",
    "message_subscription": "see the operations that are offered",
    "process_definition": "counts are on the pages of the application",
    "process_instance": "a case may not be changed behind its diagram, deleted, or moved to another version",
    "recovery": _CLUSTER,
    "resource": "a deployed file is read as the XML of its definitions, and never deleted: cases refer to it",
    "role": _PEOPLE,
    "secret": "secrets are files of the operator, named in the model and never sent to clients",
    "setup": "the first administrator is made by `mingjing users create`",
    "signal": "see the operations that are offered",
    "system": "usage is at `/metrics`",
    "tenant": _ONE_TENANT,
    "user": _PEOPLE,
    "user_task": "see the operations that are offered",
    "variable": "variables are personal data: read with the right to the case, through user task, form and trace",
}
"""By group of the SDK: why what is missing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of the SDK. path: below ``/v2``, parameters as ``{}``."""

    group: str
    name: str
    method: str
    path: str


def operations() -> Iterator[Operation]:
    """Every operation that the installed SDK knows, by group and name."""
    found = importlib.util.find_spec("camunda_orchestration_sdk")
    if found is None or found.origin is None:
        raise SystemExit("camunda-orchestration-sdk is not installed; run: make setup")
    for file in sorted((Path(found.origin).parent / "api").glob("*/*.py")):
        if file.name == "__init__.py":
            continue
        match = re.search(r'"method": "(\w+)",\s*"url": "([^"]+)"', file.read_text(encoding="utf-8"))
        if match is None:
            raise SystemExit(f"no method and path in {file}; the SDK has changed its shape")
        path = re.sub(r"\{\w+\}", "{}", match[2])
        yield Operation(group=file.parent.name, name=file.stem, method=match[1].upper(), path=path)


def offered() -> set[tuple[str, str]]:
    """Method and path of what we answer below ``/v2``."""
    app = Flask("reference")
    app.url_map.converters["key"] = KeyConverter
    api.register(app)
    return {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule.removeprefix("/v2")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v2/")
        for method in rule.methods or ()
    }


def exercised() -> set[str]:
    """Names (in the SDK's spelling) of the operations that a test calls through one of Camunda's clients."""
    python = (CLIENT_TESTS / "test_python.py").read_text(encoding="utf-8")
    node = (CLIENT_TESTS / "node" / "story.mjs").read_text(encoding="utf-8")
    named = set(re.findall(r"\.(\w+)\(", python))
    return named | {re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower() for name in re.findall(r"\.(\w+)\(", node)}


ALIASES = {"create_deployment": "deploy_resources_from_files"}
"""Operations that the SDKs call through a helper of their own."""


def camunda8() -> str:
    """The page."""
    ours, tested = offered(), exercised()
    known = list(operations())
    rows, missing = [], []
    for one in known:
        line = (f"`{one.method} /v2{one.path}`", f"`{one.name}`")
        if (one.method, one.path) in ours:
            rows.append((*line, "✔" if ALIASES.get(one.name, one.name) in tested else ""))
        else:
            missing.append((*line, WHY_NOT[one.group]))
    about = (
        "Camunda's clients work unchanged for what is offered: the Python SDK `camunda-orchestration-sdk` and the npm\n"
        "client `@camunda8/orchestration-cluster-api` deploy, start, work jobs and complete user tasks in our tests.\n"
        "Sign in with `BASIC`: the sign-in name, and a token of `POST /api/tokens` as the password. Whatever is not\n"
        "offered answers 404 as a problem.\n"
    )
    return page(
        "The Camunda 8 REST API, operation by operation",
        "the routes of `web.api` and the operations of `camunda-orchestration-sdk`",
        about,
        f"## Offered: {len(rows)}\n",
        table(("operation", "in the SDK", "tested through a client"), rows),
        f"\n## Not offered: {len(missing)}\n",
        table(("operation", "in the SDK", "instead"), missing),
    )
