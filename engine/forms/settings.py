"""Reads the settings of one component: literals or FEEL, rules, options, data class. Mistakes become findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from engine.feel import Expression, FeelError, compile_expression
from engine.forms.components import ComponentType, Options, Pattern, Rules, Setting
from engine.forms.patterns import PatternError, compile_pattern
from engine.model.classes import DataClass
from engine.model.definitions import LintFinding, Severity

_VALIDATION_TYPES = frozenset({"", "custom", "email", "phone"})
_SUBTYPES = frozenset({"date", "time", "datetime"})
_DATA_CLASSES = {one.value: one for one in DataClass}


@dataclass(slots=True)
class Findings:
    """What is wrong with one form, in the order it was found."""

    resource: str
    all: list[LintFinding] = field(default_factory=list)

    def error(self, rule: str, element_id: str, message: str, cure: str) -> None:
        """Something that refuses the form."""
        self._add(Severity.ERROR, rule, element_id, message, cure)

    def warning(self, rule: str, element_id: str, message: str, cure: str) -> None:
        """Something doubtful."""
        self._add(Severity.WARNING, rule, element_id, message, cure)

    @property
    def errors(self) -> list[LintFinding]:
        return [finding for finding in self.all if finding.severity is Severity.ERROR]

    def _add(self, severity: Severity, rule: str, element_id: str, message: str, cure: str) -> None:
        self.all.append(
            LintFinding(
                rule=rule, severity=severity, element_id=element_id, message=message, cure=cure, resource=self.resource
            )
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one component as written (`raw`)."""

    raw: Mapping[str, object]
    findings: Findings

    @property
    def id(self) -> str:
        """The component's id, empty when it has none."""
        written = self.raw.get("id")
        return written if isinstance(written, str) else ""

    def data_class(self, inherited: DataClass) -> DataClass:
        """The class in ``properties``, else the one inherited."""
        properties = self.raw.get("properties")
        written = properties.get("class") if isinstance(properties, dict) else None
        if written is None:
            return inherited
        if written not in _DATA_CLASSES:
            self.findings.error(
                "form.class_unknown",
                self.id,
                f"The data class {written!r} is not known.",
                f"Use one of {', '.join(_DATA_CLASSES)}.",
            )
            return inherited
        return _DATA_CLASSES[written]

    def hide(self) -> tuple[Expression, ...]:
        """The component's own condition, if it has one that can hide."""
        conditional = self.raw.get("conditional")
        text = conditional.get("hide") if isinstance(conditional, dict) else None
        if not text:
            return ()
        # form-js hides on FEEL only: a condition without "=" never hides.
        compiled = self.setting(text)
        if isinstance(compiled, Expression):
            return (compiled,)
        self.findings.warning("form.hide_not_feel", self.id, "The hide condition never hides.", 'Begin it with "=".')
        return ()

    def setting(self, value: object) -> Setting:
        """A literal, or compiled FEEL when the text begins with ``=``."""
        if isinstance(value, str) and value.startswith("="):
            try:
                return compile_expression(value[1:])
            except FeelError as error:
                self.findings.error("form.feel", self.id, f"{value!r} is not FEEL: {error}", "Correct the expression.")
                return None
        if value is None or isinstance(value, bool | int | Decimal | str):
            return value
        self.findings.error("form.malformed", self.id, f"{value!r} is not a setting.", "Write a value or FEEL.")
        return None

    def expression(self) -> Expression | None:
        """The FEEL of an expression field."""
        compiled = self.setting(self.raw.get("expression"))
        if isinstance(compiled, Expression):
            return compiled
        self.findings.error(
            "form.expression_missing", self.id, "The expression field has no FEEL.", 'Begin it with "=".'
        )
        return None

    def rules(self, kind: ComponentType) -> Rules:
        """The ``validate`` settings."""
        written = self.raw.get("validate") or {}
        if not isinstance(written, dict):
            self.findings.error(
                "form.malformed", self.id, "validate is not an object.", "Save the form with an editor."
            )
            return Rules()
        required = self.setting(written.get("required", False))
        if not isinstance(required, Expression):
            required = bool(required)
        else:
            self.findings.warning(
                "form.required_feel",
                self.id,
                "The browser takes a FEEL required as always required.",
                "Require it always and hide it by condition.",
            )
        if self.raw.get("disallowPassedDates"):
            self.findings.warning(
                "form.passed_dates", self.id, "Only the browser disallows past dates.", "Use a check."
            )
        validation_type = str(written.get("validationType") or "")
        if validation_type not in _VALIDATION_TYPES:
            self.findings.error(
                "form.validation_type", self.id, f"{validation_type!r} is unknown.", "Use email or phone."
            )
        numeric = kind is ComponentType.NUMBER
        pattern_text = str(written.get("pattern") or "")
        return Rules(
            required=required,
            minimum=self.bound(written, "min") if numeric else None,
            maximum=self.bound(written, "max") if numeric else None,
            min_length=self.bound(written, "minLength"),
            max_length=self.bound(written, "maxLength"),
            pattern=self.pattern(pattern_text) if pattern_text else None,
            pattern_text=pattern_text,
            pattern_message=str(written.get("patternErrorMessage") or ""),
            validation_type=validation_type,
        )

    def bound(self, written: Mapping[str, object], name: str) -> Setting:
        """A bound: a number or FEEL."""
        if written.get(name) is None:
            return None
        setting = self.setting(written[name])
        if isinstance(setting, Expression):
            return setting
        return self.decimal(name, setting)

    def number(self, name: str) -> Decimal | None:
        """A number of the component itself."""
        return None if self.raw.get(name) in (None, "") else self.decimal(name, self.raw[name])

    def decimal(self, name: str, value: object) -> Decimal | None:
        """A finite number (an increment above 0), or None with a finding."""
        try:
            number = Decimal("NaN" if isinstance(value, bool) else str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and (name != "increment" or number > 0):
            return number
        self.findings.error("form.number", self.id, f"{name} {value!r} is not a number to use.", "Write a number.")
        return None

    def digits(self) -> int | None:
        """How many decimal digits a number may have; None for any."""
        digits = self.raw.get("decimalDigits")
        if digits is None or (isinstance(digits, int) and not isinstance(digits, bool) and digits >= 0):
            return digits
        self.findings.error("form.number", self.id, f"decimalDigits {digits!r} is not a count.", "Write 0 or more.")
        return None

    def pattern(self, text: str) -> Pattern | None:
        """The compiled pattern, or None with a finding."""
        try:
            return compile_pattern(text)
        except PatternError as error:
            self.findings.error(
                "form.pattern",
                self.id,
                f"The pattern {text!r} cannot be checked on the server: {error}.",
                "Write it without look-around and back-references.",
            )
            return None

    def subtype(self, kind: ComponentType) -> str:
        """The kind of moment; empty for other components."""
        if kind is not ComponentType.DATETIME:
            return ""
        subtype = str(self.raw.get("subtype") or "date")
        if subtype not in _SUBTYPES:
            self.findings.error(
                "form.subtype", self.id, f"The subtype {subtype!r} is unknown.", "Use date, time or datetime."
            )
        return subtype

    def options(self) -> Options | None:
        """Where a choice has its options from, or None with a finding."""
        key, written, expression = self.raw.get("valuesKey"), self.raw.get("values"), self.raw.get("valuesExpression")
        if key is not None:
            return Options(key=str(key))
        if isinstance(written, list):
            return Options(values=tuple(option_values(written)))
        compiled = self.setting(expression) if expression else None
        if isinstance(compiled, Expression):
            return Options(expression=compiled)
        self.findings.error(
            "form.options_missing", self.id, "The choice has no options.", "Give it values or a valuesKey."
        )
        return None


def option_values(options: object) -> Iterator[object]:
    """The values that form-js would offer for a list of options: primitives, or objects with ``value``."""
    for option in options if isinstance(options, list | tuple) else ():
        value = option.get("value") if isinstance(option, Mapping) else option
        if value not in (None, "", {}):
            yield value
