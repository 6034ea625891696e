"""What a rule looks at, and how it speaks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.model.definitions import CheckShape, LintFinding, Severity
from engine.runtime.dialect import BPMN, ZEEBE, DrawnNode, DrawnProcess, first_extension, namespace

RESERVED = frozenset(
    {
        "true", "false", "null", "if", "then", "else", "for", "return", "some", "every", "satisfies", "in", "and", "or",
        "not", "between", "instance", "of", "function", "supervision", "item", "partial",
    }
)  # fmt: skip
"""Words that cannot be variables: FEEL's own, and what the engine offers to conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Speaks about one file."""

    resource: str

    def error(self, rule: str, element_id: str, message: str, cure: str) -> LintFinding:
        """Something that cannot run as drawn."""
        return self._finding(Severity.ERROR, rule, element_id, message, cure)

    def warning(self, rule: str, element_id: str, message: str, cure: str) -> LintFinding:
        """Something that a launch demands, or that hardly anybody means."""
        return self._finding(Severity.WARNING, rule, element_id, message, cure)

    def info(self, rule: str, element_id: str, message: str, cure: str) -> LintFinding:
        """Something that is read otherwise than it is written, or not read at all."""
        return self._finding(Severity.INFO, rule, element_id, message, cure)

    def _finding(self, severity: Severity, rule: str, element_id: str, message: str, cure: str) -> LintFinding:
        return LintFinding(
            rule=rule, severity=severity, element_id=element_id, message=message, cure=cure, resource=self.resource
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Reporter):
    """A file under inspection, after `engine.runtime.interchange` has rewritten it.

    processes: those that run. `forms`, `decisions`, `checks`, `called`: what is known; None: not asked. checks: with
    their shapes, when their parameters are to be looked at too.
    """

    root: etree._Element
    processes: tuple[DrawnProcess, ...]
    forms: Collection[str] | None
    decisions: Collection[str] | None
    checks: Collection[str] | Mapping[str, CheckShape] | None
    called: Collection[str] | None = None


def is_name(text: str | None) -> bool:
    """Whether a text can be the name of a variable: letters of any script, digits, underscore; no FEEL word."""
    return bool(text) and text is not None and text.isidentifier() and text not in RESERVED


def called_process(node: DrawnNode) -> str:
    """The process id that a call activity names, `=` and FEEL included; empty where it names none."""
    drawn = first_extension(node.xml, ZEEBE, "calledElement")
    named = drawn.get("processId", "") if drawn is not None else node.xml.get("calledElement", "")
    return str(named).strip()


def owner_id(element: etree._Element) -> str:
    """The id of an element, or of the nearest BPMN element around it that has one."""
    at: etree._Element | None = element
    while at is not None:
        if at.get("id") and namespace(at) == BPMN:
            return str(at.get("id"))
        at = at.getparent()
    return ""
