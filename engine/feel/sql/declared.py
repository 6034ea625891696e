"""Types that a DMN document declares, held against what is known of a value in SQL.

FEEL turns a value that does not fit into null and reports an error, and a decision with an error is null. Here the
kind of a value is known beforehand: one that never fits is refused, and constraints (allowed values of a type) become
a condition that is true where the value breaks none.
"""

from dataclasses import dataclass

from sqlglot import exp

from .. import tree
from ..dmn.elements import ItemDefinition
from ..dmn.item_types import ItemTypes
from ..dmn.texts import Texts
from ..errors import FeelSyntaxError
from ..parser import parse_unary_tests
from ..scope import Scope
from ..types import KIND_NAMES
from ..values import Kind
from .fragment import Fragment, all_of, any_of, is_null
from .membership import cell
from .refusal import refuse
from .schema import Columns
from .translator import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The kind that a type reference asks for (None: any) and its constraints, each with the document it is from."""

    kind: Kind | None
    constraints: tuple[tuple[Texts, str], ...] = ()


def declared(types: ItemTypes, reference: str, what: str) -> Declared:
    """What a type reference asks for. Refused when it is no simple type."""
    wanted = types.texts.type(reference, what) if reference else None
    if wanted is None:
        return Declared(kind=None)
    if not isinstance(wanted, tree.TypeName):
        raise refuse("type", f"{what}: `{reference}` is no simple type")
    if wanted.name in {"Any", "any"}:
        return Declared(kind=None)
    found = types.find(wanted.name)
    if found is None:
        return Declared(kind=KIND_NAMES.get(wanted.name))
    owner, item = found
    return _of_item(owner, item, what)


def _of_item(owner: ItemTypes, item: ItemDefinition, what: str) -> Declared:
    if item.collection or item.components or item.function_result is not None:
        raise refuse("type", f"{what}: `{item.name}` is no simple type")
    base = declared(owner, item.type_ref, what)
    own = tuple((owner.texts, text) for text in (item.allowed, item.constraint) if text)
    return Declared(kind=base.kind, constraints=base.constraints + own)


def check_kind(value: Fragment, wanted: Declared, what: str) -> None:
    """Refuse a value that never fits."""
    if wanted.kind is not None and value.kind not in {wanted.kind, Kind.NULL}:
        raise refuse("type", f"{what}: a {wanted.kind.value} is declared, and this is a {value.kind.value}")


def keeps(translator: Translator, value: Fragment, wanted: Declared) -> exp.Expr:
    """True where the value is null or breaks no constraint of its type."""
    alone = Translator(translator.dialect, Columns({}), now=translator.now)
    return all_of(*(allowed(alone, value, texts, text) for texts, text in wanted.constraints))


def allowed(translator: Translator, value: Fragment, texts: Texts, text: str) -> exp.Expr:
    """True where the value is null or passes these tests."""
    passed = cell(translator, value, parse_cell(texts, text), truth=True)
    return any_of(is_null(value), passed.expr())


def parse_cell(texts: Texts, text: str) -> tree.UnaryTestsNode:
    """The tree of a cell. A text that is wrong is refused: it is a problem of the document."""
    try:
        return parse_unary_tests(text, texts.names)
    except FeelSyntaxError as error:
        raise refuse("text", str(error)) from None


def literal_keeps(value: Fragment, constraints: tuple[tuple[Texts, str], ...], what: str) -> None:
    """Refuse an output that breaks its constraints, or may."""
    if not constraints or value.kind is Kind.NULL:
        return
    if not value.is_constant:
        raise refuse("output", f"{what}: only literals can be held against allowed values")
    for texts, text in constraints:
        if texts.tests(text, what)(value.constant, Scope({}, {})) is not True:
            raise refuse("output", f"{what}: the output is outside of its allowed values")
