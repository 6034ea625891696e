"""Where checks stand: in the newest version of each deployed process. Silent ones only for whoever may know of them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.model.definitions import CheckDefinition, ElementDefinition, LintFinding, ProcessDefinition, Severity
from engine.model.findings import Action
from engine.model.indicators import CheckUse
from engine.service import lookups
from engine.service.equipment import Work
from engine.store import definitions

PARAMETER = "indicator"
"""The parameter of a check that names an indicator."""

_LITERAL = re.compile(r'"([^"\\]+)"')
_OPERATORS = ("=", "<", ">", "+")
SILENT = frozenset({Action.REPORT_DISCIPLINE})


def named(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of indicators that a check names: the text itself, or each text that its expression may give.

    A text that is compared or put together with others is not a code; what an expression makes of it is not known here.
    """
    drawn = parameters.get(PARAMETER, "")
    if not drawn.startswith("="):
        return (drawn,) if drawn else ()
    text = drawn[1:]
    found = (one for one in _LITERAL.finditer(text) if not _part_of_more(text[: one.start()], text[one.end() :]))
    return tuple(dict.fromkeys(one.group(1) for one in found))


def _part_of_more(before: str, after: str) -> bool:
    return before.rstrip().endswith(_OPERATORS) or after.lstrip().startswith(_OPERATORS)


def drawn(uow: Work) -> Iterator[CheckUse]:
    """Every check that is drawn in the newest version of a process, without those that only report."""
    for row in sorted(definitions.latest(uow, "process").values(), key=lambda one: one.id):
        process = lookups.executable(uow, row.digest, row.id).definition
        for element in process.elements.values():
            for check in element.checks:
                if check.actions != SILENT:
                    yield use(row.id, row.name, row.key, element, check)


def use(
    process_id: str,
    process_name: str,
    key: int,
    element: ElementDefinition,
    check: CheckDefinition,
    *,
    silent: bool = False,
) -> CheckUse:
    """A check of an element as pages show it."""
    return CheckUse(
        process_id=process_id,
        process_name=process_name or process_id,
        definition_key=key,
        element_id=element.id,
        element_name=element.name or element.id,
        check_id=check.id,
        code=check.code,
        name=check.name,
        phase=check.phase.value,
        level=check.level.value,
        actions=tuple(sorted(action.value for action in check.actions)),
        blocking=check.blocking,
        parameters=check.parameters,
        silent=silent,
    )


def of_indicator(uow: Work, code: str) -> tuple[CheckUse, ...]:
    """The checks that name an indicator."""
    return tuple(one for one in drawn(uow) if code in named(one.parameters))


def unknown_indicators(
    processes: Iterable[ProcessDefinition], known: Iterable[str], resource: str
) -> Iterator[LintFinding]:
    """A warning for each check that names an indicator that the library does not hold.

    A warning only: the value may be published later, and until then the check answers CANNOT_SAY, which is no pass.
    """
    codes = set(known)
    for process in processes:
        for element in process.elements.values():
            for check in element.checks:
                for code in named(check.parameters):
                    if code not in codes:
                        yield LintFinding(
                            rule="indicator-unknown",
                            severity=Severity.WARNING,
                            element_id=element.id,
                            message=f"Check {check.id!r} at {element.id} names the indicator {code!r}, "
                            "which is not in the library.",
                            cure="Publish the indicator, or correct its code; until then the check cannot say.",
                            resource=resource,
                        )
