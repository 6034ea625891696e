"""Writes the pages of docs/reference that repeat what the code says: ``.venv/bin/python scripts/reference.py``.

``--check`` writes nothing and names the pages that are stale; tests/conventions/test_reference.py does the same.
Problems have a script of their own (`problem_reference`); the rules of the gate are in `rule_reference`.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.cli import parser as command  # noqa: E402
from engine.identity import access  # noqa: E402
from engine.model.actors import Permission, Scope  # noqa: E402
from engine.model.trace_entries import EntryKind  # noqa: E402
from engine.trace import schemas  # noqa: E402
from scripts import (  # noqa: E402
    bpmn_reference,
    camunda_reference,
    check_reference,
    job_reference,
    rule_reference,
    sql_reference,
)
from scripts.markdown import cell, page, table  # noqa: E402

FOLDER = ROOT / "docs" / "reference"

PERMISSIONS: Mapping[Permission, str] = {
    Permission.CASE_START: "start a case",
    Permission.CASE_READ: "see cases within the scope",
    Permission.CASE_OPERATE: "see how the cases within the scope run; suspend, resume and cancel them, with a reason",
    Permission.USER_TASK_WORK: "work on user tasks of one's positions",
    Permission.USER_TASK_ASSIGN: "give a user task to another holder of the position",
    Permission.JOB_WORK: "be given jobs within the scope, with their variables; complete or fail them",
    Permission.JOB_READ: "list jobs and incidents within the scope, with what workers said when they failed",
    Permission.INCIDENT_RESOLVE: "have a failed step tried again: set retries of a job, resolve an incident",
    Permission.CASE_ERASE: "destroy the key of a case that is over, two persons together",
    Permission.CASE_MEND: "change variables of a case, or complete the element of an incident in its place",
    Permission.MESSAGE_PUBLISH: "publish messages to cases within the scope and to start events",
    Permission.SIGNAL_BROADCAST: "broadcast signals to cases within the scope and to start events",
    Permission.TRACE_READ: "read the trace of a case and list all cases within the scope; every reading is traced",
    Permission.TRACE_VERIFY: "find out whether a trace was altered",
    Permission.SYSTEM_TRACE_READ: "read the system stream",
    Permission.DEFINITION_READ: "list and read deployed models",
    Permission.DEPLOY: "deploy models",
    Permission.PEOPLE_MANAGE: "see people and their roles (changes: `mingjing users`)",
    Permission.ALERT_READ: "see alerts of cases within the scope, with their evidence and what became of each check",
    Permission.ALERT_HANDLE: "sign for, verify, rectify, feed back, review and clear alerts of one's units; exempt",
    Permission.DISCIPLINE_READ: "open what was sealed for one's own discipline body, on a desk apart",
    Permission.CALENDAR_EDIT: "enter notices into the working calendar; limits are counted anew, and it is traced",
    Permission.SWEEP: "have the checks of running cases in reach judged again now, and read how far a sweep came",
    Permission.INDICATOR_READ: "look at the indicator library: values, legal bases, versions",
    Permission.INDICATOR_KEEP: "propose versions of indicators, and publish those that somebody else proposed",
    Permission.CHECK_READ: "look at the check library, and try a check on a case that one may see",
    Permission.METRICS_READ: "read `/metrics` from another machine",
}

SCOPES: Mapping[Scope, str] = {
    Scope.OWN: "what the person started or acts in",
    Scope.UNIT: "that, and what belongs to exactly the unit of the grant",
    Scope.SUBTREE: "that, and what belongs to the unit of the grant or a unit below it",
    Scope.ALL: "everything",
}

SETTINGS: Mapping[str, tuple[str, str]] = {
    "MINGJING_HTTP_HOSTS": (
        "hosts that jobs of type `mingjing:http` may call: `host`, `host:port` or `*.domain`, separated by commas",
        "none",
    ),
    "MINGJING_HTTP_PRIVATE_HOSTS": ("such hosts whose addresses may be private (the office's own network)", "none"),
    "MINGJING_SMTP": (
        (
            "mail server of jobs `mingjing:email` and of notices: `smtp://`, `smtps://`, `smtp+starttls://`; "
            "its password: secret `smtp`"
        ),
        "none",
    ),
    "MINGJING_MAIL_FROM": ("sender of these mails", "none"),
    "DATABASE_OWNER_URL": ("DSN of the `owner` role, which migrates", "`DATABASE_URL`"),
    "MINGJING_ORGANISATION": ("name of the root unit, when an empty installation is founded", "`本单位`"),
    "MINGJING_HEADS": ("folder that signed tree heads are written to; better a place that others keep", "`VAR/heads`"),
    "MINGJING_HEAD_SECONDS": ("how often a tree head is signed and handed out, at least 10", "300"),
    "MINGJING_WITNESSES": ("URLs that tree heads are sent to (POST, JSON), separated by commas", "none"),
    "MINGJING_TSA": ("URL of an authority for time stamps (RFC 3161); needs the extra `timestamps`", "none"),
    "MINGJING_SIGNING_KEY": ("file of the Ed25519 key (PKCS #8, PEM) that signs tree heads", "`VAR/keys/signing.key`"),
    "PROMETHEUS_MULTIPROC_DIR": ("set by the web server itself (`VAR/metrics`); do not set it", "none"),
}
"""Settings that the docstring of web/settings.py does not tell of: meaning, default."""

_SETTING = re.compile(r"(MINGJING|DATABASE|PROMETHEUS)_[A-Z_]*[A-Z]")


# cli.md


def cli() -> str:
    """Every verb with its own help."""
    parts = [f"## {name}\n\n```text\n{_help(one)}```\n" for name, one in _verbs(command())]
    about = (
        "After `make setup` the command is `.venv/bin/mingjing`. Every error is one line on stderr; the exit status\n"
        "is 0 when all is well, 1 when the work failed, 2 when the command line is wrong. `lint` is 0 without errors,\n"
        "1 with errors, 2 when a file cannot be read.\n"
    )
    return page("The command `mingjing`", "`engine.cli`", about, *parts)


def _help(parser: argparse.ArgumentParser) -> str:
    # The default of --var is a path of this machine, and the width is that of this terminal.
    columns, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), "100"
    try:
        return parser.format_help()
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns


def _verbs(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield parser.prog, parser
    for group in groups:
        for child in group.choices.values():
            yield from _verbs(child)


# settings.md


def settings() -> str:
    """Environment variables that the code reads, and the variables of make."""
    told = dict(_told())
    used = _used()
    if used != set(told):
        raise SystemExit(f"settings without a meaning, or without a reader: {sorted(used ^ set(told))}")
    rows = [(f"`{name}`", *told[name]) for name in sorted(used)]
    makefile = re.findall(r"^(\w+) \?= *(.*?)\s*\\?$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    made = [
        (f"`{name}`", "the first that is new enough" if name == "PYTHON" else f"`{value}`") for name, value in makefile
    ]
    return page(
        "Settings",
        "the environment variables in `engine` and `web`, and `Makefile`",
        table(("variable", "meaning", "default"), rows),
        "\n`1`, `true`, `yes` and `on` switch on; everything else is off.\n",
        "## Variables of make\n\nFor example `make run PORT=8080 VAR=/srv/mingjing DEMO=0`.\n",
        table(("variable", "default"), made),
    )


def _told() -> Iterator[tuple[str, tuple[str, str]]]:
    docstring = ast.get_docstring(ast.parse((ROOT / "web/settings.py").read_text(encoding="utf-8"))) or ""
    for line in docstring.splitlines():
        columns = [column.strip().replace("``", "`") for column in line.strip("|").split("|")]
        if len(columns) == 3 and _SETTING.fullmatch(columns[0].strip("`")):
            yield columns[0].strip("`"), (columns[1], columns[2])
    yield from SETTINGS.items()


def _used() -> set[str]:
    files = [*ROOT.glob("engine/**/*.py"), *ROOT.glob("web/**/*.py")]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files if "node_modules" not in path.parts)
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    # Flask's configuration has a key MINGJING_DEMO too: the same name, and it comes from the variable.
    return {text for text in texts if isinstance(text, str) and _SETTING.fullmatch(text)}


# trace-kinds.md


def trace_kinds() -> str:
    """Every kind of entry with the members of its payload."""
    about = (
        "The envelope, canonical form and hashing are in [the trace, in plain words](../developer/trace.md). The\n"
        "schemas are frozen: what has to change becomes a new version of a kind. ✔ means: always there.\n"
    )
    return page(
        "Kinds of trace entries", "the schemas in `engine/trace/schemas`", about, *map(_kind, sorted(EntryKind))
    )


def _kind(kind: EntryKind) -> str:
    schema = schemas.load(kind)
    payload = schema["properties"]["payload"]
    required = set(payload.get("required", ()))
    rows = [
        (f"`{name}`", _type(value), "✔" if name in required else "", cell(value.get("description", "")))
        for name, value in payload["properties"].items()
    ]
    return f"## {kind}\n\n{schema['description']}\n\n" + table(("payload", "type", "", "note"), rows)


def _type(value: Mapping[str, object]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "const" in value or "enum" in value:
        choices = value.get("enum", [value.get("const")])
        return " or ".join(f"`{one}`" for one in choices) if isinstance(choices, list) else "?"
    for union in ("anyOf", "oneOf"):
        found = value.get(union)
        if isinstance(found, list):
            return " or ".join(_type(one) for one in found)
    if value.get("type") == "array" and isinstance(value.get("items"), Mapping):
        return f"list of {_type(value['items'])}"  # type: ignore[arg-type]  # a mapping, see the line above
    named = value.get("type", "any")
    return " or ".join(map(str, named)) if isinstance(named, list) else str(named)


# permissions.md, checks.md


def permissions() -> str:
    """Role by permission."""
    english, chinese = _role_names()
    if set(english) != set(access.ROLES) or set(PERMISSIONS) != set(Permission) or set(SCOPES) != set(Scope):
        raise SystemExit("a role, permission or scope has no name or meaning")
    head = ["permission", "allows", *(f"`{role}`" for role in access.ROLES)]
    rows = [
        (f"`{one}`", meaning, *("✔" if one in granted else "" for granted in access.ROLES.values()))
        for one, meaning in PERMISSIONS.items()
    ]
    roles = [(f"`{role}`", english[role], chinese[role]) for role in access.ROLES]
    scopes = [(f"`{scope}`", meaning) for scope, meaning in SCOPES.items()]
    after = (
        "\nOne of the three administrators (三员分立: "
        + ", ".join(f"`{role}`" for role in sorted(access.ADMINISTRATORS))
        + ") holds no other role, and is refused "
        + ", ".join(f"`{one}`" for one in Permission if one in access.BUSINESS)
        + " whatever else was granted.\n"
    )
    return page(
        "Roles and permissions",
        "`engine.identity.access`",
        table(head, rows),
        after,
        "## Roles\n",
        table(("role", "English", "中文"), roles),
        "\n## Scopes\n\nA role is granted in a unit, with a scope over the tree of units.\n",
        table(("scope", "reaches"), scopes),
        "\nA user task is also within reach of whoever holds one of its candidate positions in its unit.\n",
    )


def _role_names() -> tuple[dict[str, str], dict[str, str]]:
    from babel.messages.pofile import read_po  # noqa: PLC0415  # slow to import

    tree = ast.parse((ROOT / "web/pages/labels.py").read_text(encoding="utf-8"))
    english: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.AnnAssign) or getattr(node.target, "id", "") != "_ROLES":
            continue
        for key, value in (
            zip(node.value.keys, node.value.values, strict=True) if isinstance(node.value, ast.Dict) else ()
        ):
            if isinstance(key, ast.Constant) and isinstance(value, ast.Call):
                english[str(key.value)] = str(ast.literal_eval(value.args[0]))
    with (ROOT / "web/translations/zh_Hans_CN/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans_CN")
    found = {role: catalogue.get(text) for role, text in english.items()}
    return english, {role: str(message.string) for role, message in found.items() if message is not None}


# rules.md, routes.md


def rules() -> str:
    """The rules that refuse a deployment."""
    about = (
        "`mingjing lint` and every deployment ask these rules. One error refuses the whole deployment; warnings\n"
        "say what a launch demands, infos what is read otherwise than it is written. … stands for the id,\n"
        "name or value in question.\n"
    )
    parts: list[str] = []
    for family, found in rule_reference.collect(ROOT).items():
        title, place = rule_reference.HEADS[family]
        rows = [
            (
                f"`{name}`",
                ", ".join(sorted(rule.severities)),
                "<br>".join(map(cell, rule.messages)),
                "<br>".join(map(cell, rule.cures)),
            )
            for name, rule in sorted(found.items())
        ]
        parts += [f"## {title}\n\nFrom {place}.\n", table(("rule", "severity", "what", "cure"), rows)]
    return page("Rules of the model gate", "the calls that raise them", about, *parts)


def bpmn() -> str:
    """What runs, and what is refused."""
    runs = [
        (element, "runs", "<br>".join(f"`{test}`: {cell(about)}" for test, about in tests))
        for element, tests in bpmn_reference.proofs(ROOT).items()
    ]
    refused = [
        (element, "refused", f"`{finding.rule}`", cell(finding.cure))
        for element, finding in bpmn_reference.refusals().items()
    ]
    return page(
        "BPMN 2.0.2",
        "the tests in `tests/unit/runtime`",
        bpmn_reference.about(),
        "## Runs\n",
        table(("element", "", "shown by"), runs),
        bpmn_reference.approval(),
        "## Refused\n\nShown by `test_elements.py::test_refused`.\n",
        table(("element", "", "rule", "instead"), refused),
    )


def routes() -> str:
    """Every route and who may call it."""
    from web import auth  # noqa: PLC0415  # only this page needs the web application
    from web.factory import create_app  # noqa: PLC0415
    from web.settings import Settings  # noqa: PLC0415

    dsn = "postgresql://nobody@localhost/none"  # nothing connects: the map of routes needs no database
    with TemporaryDirectory() as var:
        app = create_app(Settings(var=Path(var), database_url=dsn, secret_key=var, testing=True))
    api: list[tuple[str, str, str, str]] = []
    pages: list[tuple[str, str, str, str]] = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        declared = auth.declared_access(app, rule.endpoint)
        if declared is None:
            raise SystemExit(f"{rule.rule} declares no access")
        about = (app.view_functions[rule.endpoint].__doc__ or "").partition("\n\n")[0]
        about = "Built files and pictures." if rule.endpoint == "static" else about
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            own = rule.rule.startswith(("/v2/", "/api/")) or rule.endpoint.startswith("health.")
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            (api if own else pages).append((method, f"`{path}`", _who(declared), cell(about)))
    head = ("method", "path", "who", "what")
    about = (
        "`signed in`: anybody who signed in. The service asks again for the thing itself: a case outside the reader's\n"
        "reach is 404. Shapes of the API: `/api/openapi.json`.\n"
    )
    return page(
        "Routes", "the application's `url_map`", about, "## API\n", table(head, api), "\n## Pages\n", table(head, pages)
    )


def _who(declared: object) -> str:
    from web.auth import Access  # noqa: PLC0415

    if not isinstance(declared, Access) or declared.anonymous:
        return "everybody"
    if not declared.permissions:
        return "signed in"
    wanted = " or ".join(f"`{permission}`" for permission in declared.permissions)
    return wanted + (", or from this machine" if declared.loopback else "")


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli,
    "settings.md": settings,
    "trace-kinds.md": trace_kinds,
    "permissions.md": permissions,
    "rules.md": rules,
    "bpmn.md": bpmn,
    **check_reference.PAGES,
    "routes.md": routes,
    "camunda8.md": camunda_reference.camunda8,
    "jobs.md": job_reference.built_in_jobs,
    "feel-sql.md": lambda: page("FEEL in SQL", "`engine.feel.sql`", *sql_reference.parts(table)),
}


def stale() -> list[str]:
    """Pages whose file differs from what the code says now."""
    return [
        name
        for name, make in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    if "--check" in arguments:
        old = stale()
        for name in old:
            print(f"docs/reference/{name} is stale: run scripts/reference.py", file=sys.stderr)
        return 1 if old else 0
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
