"""The licence gate over the lock files: refuses GPL, AGPL, SSPL and BUSL. LGPL is allowed (used as a library).

Python: every package of constraints.txt, by the metadata of what is installed. Node: the field ``license`` of
each package-lock.json. An SPDX expression with OR is allowed when one of its alternatives is.
"""

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_FOLDERS = ("web/islands", "tests/api/clients/node")
REFUSED = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public|Affero|SSPL|Server Side Public|BUSL|Business Source", re.I)

# Read by a person, because the metadata say too little.
REVIEWED = {
    "pypi:axe-playwright-python": "MIT by its licence file, axe-core in it MPL-2.0; used by tests only",
    "pypi:camunda-orchestration-sdk": "Apache-2.0 by its readme, which is its description; used by tests only",
    "npm:bpmn-js": "bpmn.io licence: MIT, and the logo on diagrams stays visible",
    "npm:@bpmn-io/form-js-viewer": "bpmn.io licence: MIT, and the logo on forms stays visible",
    "npm:@bpmn-io/form-js-editor": "bpmn.io licence: MIT, and the logo on forms stays visible",
    "npm:dmn-js": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:dmn-js-boxed-expression": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:dmn-js-decision-table": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:dmn-js-drd": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:dmn-js-literal-expression": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:dmn-js-shared": "bpmn.io licence: MIT, and the logo on decisions stays visible",
    "npm:component-props": "MIT by its readme; comes with dmn-js",
}


def main() -> int:
    """Print what is refused or unknown; exit status 1 when there is any."""
    problems = python_problems(ROOT / "constraints.txt")
    for folder in NODE_FOLDERS:
        problems += node_problems(ROOT / folder / "package-lock.json")
    for problem in problems:
        print(f"licences: {problem}", file=sys.stderr)
    return 1 if problems else 0


def python_problems(lock: Path) -> list[str]:
    """What is wrong with the Python packages of a lock file."""
    problems = []
    for line in lock.read_text().splitlines():
        name, _, version = line.partition("==")
        if not version:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:
            problems.append(f"{name} is locked but not installed; make constraints.txt anew")
            continue
        problems += judge(f"pypi:{name}", licence_of(found))
    return problems


def node_problems(lock: Path) -> list[str]:
    """What is wrong with the Node packages of a lock file."""
    if not lock.exists():
        return []
    packages = json.loads(lock.read_text())["packages"]
    problems = []
    for place, entry in packages.items():
        if place:
            problems += judge(f"npm:{place.rpartition('node_modules/')[2]}", str(entry.get("license", "")))
    return problems


def licence_of(found: Distribution) -> str:
    """The SPDX expression, else the classifiers, else the first line of the licence field."""
    meta = found.metadata

    def first(name: str) -> str:
        return str((meta.get_all(name) or [""])[0])

    classifiers = [
        line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or () if line.startswith("License")
    ]
    named = [line for line in classifiers if line != "OSI Approved"]
    field = first("License").strip().split("\n")[0]
    return first("License-Expression") or " OR ".join(named) or field


def judge(package: str, licence: str) -> list[str]:
    """A sentence when the licence is refused or unknown, else nothing."""
    if package in REVIEWED:
        return []
    if not licence or licence.upper() in ("UNKNOWN", "UNLICENSED") or licence.startswith("SEE LICENSE"):
        return [f"{package}: no known licence ({licence or 'none'}); read it, then add it to REVIEWED with the reason"]
    if not allowed(licence):
        return [f"{package}: {licence} is not allowed here"]
    return []


def allowed(expression: str) -> bool:
    """Whether an SPDX expression (or a plain name) can be satisfied without a refused licence."""
    while (inner := re.search(r"\(([^()]*\b(?:OR|AND)\b[^()]*)\)", expression)) is not None:
        verdict = "MIT" if allowed(inner.group(1)) else "SSPL"
        expression = expression[: inner.start()] + verdict + expression[inner.end() :]
    return any(
        all(not REFUSED.search(part) for part in re.split(r"\bAND\b", one)) for one in re.split(r"\bOR\b", expression)
    )


if __name__ == "__main__":
    sys.exit(main())
