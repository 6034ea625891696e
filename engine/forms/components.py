"""The frozen values a form-js schema is read into.

A schema nests components in groups; a *scope* flattens that away, because groups hold no data of their own: they only
prefix the path and may be hidden. So a scope is a tuple of `Component`: the root's, or the rows' of a dynamic list.

Paths are written as on the trace and in ``supervision:field``: ``applicant_name``, ``address.city`` (a group with a
path, or a dotted key), ``members[].income`` (a child of a dynamic list).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from engine.feel import Expression
from engine.model.classes import DataClass

MAX_TEXT = 20_000
"""Characters of one string."""
MAX_ROWS = 500
"""Rows of a dynamic list, values of a checklist or taglist."""
MAX_DEPTH = 12
"""Nesting of submitted data."""


class ComponentType(StrEnum):
    """The component types that hold data and that the server can judge."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    RADIO = "radio"
    SELECT = "select"
    TAGLIST = "taglist"
    EXPRESSION = "expression"
    DYNAMICLIST = "dynamiclist"


TEXT_TYPES = frozenset({ComponentType.TEXTFIELD, ComponentType.TEXTAREA})
SINGLE_CHOICE = frozenset({ComponentType.RADIO, ComponentType.SELECT})
MULTIPLE_CHOICE = frozenset({ComponentType.CHECKLIST, ComponentType.TAGLIST})
DISPLAY_TYPES = frozenset(
    {"text", "html", "image", "table", "documentPreview", "spacer", "separator", "iframe", "button"}
)
"""Types that show something and hold no data."""


class Pattern(Protocol):
    """A compiled regular expression without catastrophic backtracking (RE2)."""

    def search(self, text: str) -> object: ...


Literal: TypeAlias = bool | int | Decimal | str | None
Setting: TypeAlias = Literal | Expression
"""A setting of a component: written down, or FEEL to be evaluated against the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where the options of a choice come from; form-js asks in this order: `key`, `values`, `expression`.

    key: a variable of the case that holds the list. values: the options' values as written in the schema.
    """

    key: str | None = None
    values: tuple[object, ...] | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The ``validate`` settings. min, max, min_length, max_length and required may be FEEL; None = no such rule."""

    required: Setting = False
    minimum: Setting = None
    maximum: Setting = None
    min_length: Setting = None
    max_length: Setting = None
    pattern: Pattern | None = None
    pattern_text: str = ""
    pattern_message: str = ""
    validation_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRules:
    """Rules that form-js does not have, see `office_rules`; empty values are no rules."""

    format: str = ""
    min_rows: int = 0
    unique_by: str = ""
    exactly_one: tuple[str, str] | None = None
    valid_if: Expression | None = None
    valid_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component that holds data.

    segments: where its value lies inside its scope. path: where it lies in the form (see module docstring).
    hides: the conditions that hide it, its own and those of the groups around it, all inside the same scope.
    default: the ``defaultValue``, or None. children: the scope of a row; empty unless a dynamic list.
    """

    id: str
    type: ComponentType
    path: str
    label: str
    segments: tuple[str, ...]
    data_class: DataClass
    hides: tuple[Expression, ...] = ()
    disabled: bool = False
    readonly: Setting = False
    rules: Rules = field(default_factory=Rules)
    office: OfficeRules = field(default_factory=OfficeRules)
    default: object = None
    decimal_digits: int | None = None
    increment: Decimal | None = None
    serialize_to_string: bool = False
    subtype: str = ""
    options: Options | None = None
    expression: Expression | None = None
    children: tuple["Component", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field as others see it. A dynamic list is itself a field (`type` ``dynamiclist``), before its children."""

    path: str
    label: str
    type: str
    data_class: DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSchema:
    """A form, ready to judge data.

    fields: in form order. groups: paths of groups that have one (field access may name them).
    raw: the schema as written, read-only all the way down, decimal numbers as Decimal.
    variables: the root variables that the form holds, each with the strictest class among its fields.
    """

    form_id: str
    resource: str
    components: tuple[Component, ...]
    fields: Mapping[str, FormField]
    groups: frozenset[str]
    variables: Mapping[str, DataClass]
    raw: Mapping[str, object]
