"""A DMN document as values: what the reader makes of the XML, before anything is compiled."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """Base of all boxed expressions. type_ref: the declared type of the result, or empty."""

    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Boxed):
    """feel: whether the text is FEEL at all."""

    text: str
    feel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """name: empty for the result entry."""

    name: str
    type_ref: str
    value: "Boxed | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Boxed):
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Boxed):
    function: Boxed | None
    bindings: tuple[tuple[str, Boxed | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Boxed):
    """external: its body is Java or PMML, which is never run."""

    parameters: tuple[tuple[str, str], ...]
    body: Boxed | None
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList(Boxed):
    items: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Boxed):
    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Boxed):
    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter(Boxed):
    source: Boxed | None
    match: Boxed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFor(Boxed):
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedQuantified(Boxed):
    every: bool
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInput:
    """allowed: unary tests that the value must pass, or empty."""

    text: str
    type_ref: str
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOutput:
    """allowed: the values in order of priority, as unary tests, or empty."""

    name: str
    type_ref: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    tests: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Boxed):
    hit_policy: str
    aggregation: str
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type. function_result: set for types of functions."""

    name: str
    type_ref: str
    collection: bool
    components: "tuple[ItemDefinition, ...]"
    allowed: str
    constraint: str
    function_result: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """variable: the name under which others see it."""

    id: str
    name: str
    variable: str
    type_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Element):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """requirements: references (``#id`` or ``namespace#id``) to what it may use."""

    requirements: tuple[str, ...]
    logic: Boxed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge(Element):
    """A business knowledge model."""

    requirements: tuple[str, ...]
    logic: FunctionDefinition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Element):
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


DrgElement: TypeAlias = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """texts: every FEEL text of the document; names: every name it declares; types: every reference to a type, with
    the id of what it is in; faults: what is wrong in its XML."""

    name: str
    namespace: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    elements: tuple[DrgElement, ...]
    names: frozenset[str]
    texts: tuple[str, ...]
    types: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
