"""The door to the room: read a form-js schema, say what is wrong with it, judge data against it."""

from engine.forms.changes import Change, changes
from engine.forms.components import FormField, FormSchema
from engine.forms.reader import Reader
from engine.forms.settings import Findings
from engine.forms.submission import validate
from engine.model.definitions import LintFinding
from engine.model.errors import Detail, Invalid

__all__ = ["Change", "FormField", "FormSchema", "changes", "lint", "parse", "validate"]


def parse(raw: bytes, *, resource: str) -> FormSchema:
    """Read a form. Raises Invalid ``form.schema_invalid`` with one detail per error that `lint` finds.

    Costly (it compiles FEEL and patterns): keep the result by digest; it is frozen and shared between threads.
    """
    findings = Findings(resource)
    form = Reader(findings).read(raw)
    if form is None:
        errors = findings.errors
        raise Invalid(
            "form.schema_invalid",
            f"{resource} cannot be used: {errors[0].message}",
            params={"resource": resource, "reason": errors[0].message},
            details=[Detail(place=e.element_id or resource, code=e.rule, message=e.message) for e in errors],
        )
    return form


def lint(raw: bytes, resource: str) -> tuple[LintFinding, ...]:
    """Everything wrong or doubtful in a form; errors refuse the deployment."""
    findings = Findings(resource)
    Reader(findings).read(raw)
    return tuple(findings.all)
