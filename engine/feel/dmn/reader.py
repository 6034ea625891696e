"""DMN XML, versions 1.1 to 1.5, to a `Document`. Namespaces of the versions do not matter: local names do."""

from collections.abc import Callable

from lxml import etree

from ..errors import DmnError
from ..scanner import normalize_name
from . import elements as e
from .shape import faults, is_feel, local, type_references

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
_NAMED = frozenset(
    [
        *("variable", "inputData", "decision", "businessKnowledgeModel", "decisionService", "formalParameter"),
        *("itemComponent", "output", "informationItem", "column", "parameter", "itemDefinition"),
    ]
)
_REQUIREMENTS = ("requiredDecision", "requiredInput", "requiredKnowledge")


def parse_xml(data: bytes) -> etree._Element:
    """The root element. Raises DmnError: no DOCTYPE, no entities, no network, no giants."""
    if len(data) > MAX_BYTES:
        raise DmnError(f"the document is larger than {MAX_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = str(error).removesuffix(" (<string>, line 1)")
        raise DmnError(f"the document is not well-formed XML: {reason}") from None
    if root.getroottree().docinfo.doctype:
        raise DmnError("the document has a DOCTYPE, which is not accepted")
    return root


def kids(element: etree._Element | None, *names: str) -> list[etree._Element]:
    return [] if element is None else [child for child in element if local(child) in names]


def kid(element: etree._Element | None, *names: str) -> etree._Element | None:
    return next(iter(kids(element, *names)), None)


def attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name) or "")


def text_of(element: etree._Element | None) -> str:
    """The content of the `text` child."""
    inner = kid(element, "text")
    return "" if inner is None else (inner.text or "").strip()


def read(data: bytes) -> e.Document:
    """The document. Raises DmnError."""
    root = parse_xml(data)
    if local(root) != "definitions":
        raise DmnError(f"the document is not DMN: its root is `{local(root)}`")
    if "/DMN/" not in (namespace := etree.QName(root).namespace or ""):
        raise DmnError(f"the document is not DMN: its namespace is `{namespace}`")
    try:
        drg = [_ELEMENTS[local(child)](child) for child in root if local(child) in _ELEMENTS]
        return e.Document(
            name=attribute(root, "name"),
            namespace=attribute(root, "namespace"),
            imports=tuple(_imports(root)),
            items=tuple(_item(child) for child in kids(root, "itemDefinition")),
            elements=tuple(drg),
            names=frozenset(_names(root)),
            texts=tuple(text for child in root.iter("{*}text") if (text := (child.text or "").strip())),
            types=tuple(type_references(root)),
            faults=tuple(faults(root, _BOXES)),
        )
    except RecursionError:
        raise DmnError("the document is nested too deeply") from None


def _imports(root: etree._Element) -> list[e.Import]:
    return [
        e.Import(name=normalize_name(attribute(one, "name")), namespace=attribute(one, "namespace"))
        for one in kids(root, "import")
        if "MODEL" in attribute(one, "importType") or "/DMN/" in attribute(one, "importType")
    ]


def _names(root: etree._Element) -> set[str]:
    names = {attribute(one, "iteratorVariable") for one in root.iter("{*}for", "{*}some", "{*}every")}
    names |= {attribute(one, "name") for one in root.iter() if local(one) in _NAMED or local(one) == "import"}
    return {normalize_name(name) for name in names} - {""}


# ---- types


def _item(element: etree._Element) -> e.ItemDefinition:
    type_ref = kid(element, "typeRef")
    function = kid(element, "functionItem")
    return e.ItemDefinition(
        name=normalize_name(attribute(element, "name")),
        type_ref=((type_ref.text if type_ref is not None else "") or "").strip(),
        collection=attribute(element, "isCollection") in {"true", "1"},
        components=tuple(_item(child) for child in kids(element, "itemComponent")),
        allowed=text_of(kid(element, "allowedValues")),
        constraint=text_of(kid(element, "typeConstraint")),
        function_result=None if function is None else attribute(function, "outputTypeRef"),
    )


# ---- elements of the requirements graph


def _common(element: etree._Element) -> dict[str, str]:
    variable = kid(element, "variable")
    name = normalize_name(attribute(element, "name"))
    return {
        "id": attribute(element, "id") or name,
        "name": name,
        "variable": normalize_name(attribute(variable, "name")) or name,
        "type_ref": attribute(variable, "typeRef"),
    }


def _references(element: etree._Element, *names: str) -> tuple[str, ...]:
    return tuple(attribute(one, "href") for one in kids(element, *names))


def _requirements(element: etree._Element) -> tuple[str, ...]:
    return tuple(
        reference
        for requirement in kids(element, "informationRequirement", "knowledgeRequirement")
        for reference in _references(requirement, *_REQUIREMENTS)
    )


def _input_data(element: etree._Element) -> e.InputData:
    return e.InputData(**_common(element))


def _decision(element: etree._Element) -> e.Decision:
    return e.Decision(**_common(element), requirements=_requirements(element), logic=_inside(element))


def _knowledge(element: etree._Element) -> e.Knowledge:
    logic = kid(element, "encapsulatedLogic")
    return e.Knowledge(
        **_common(element),
        requirements=_requirements(element),
        logic=None if logic is None else _function(logic),
    )


def _service(element: etree._Element) -> e.Service:
    return e.Service(
        **_common(element),
        outputs=_references(element, "outputDecision"),
        encapsulated=_references(element, "encapsulatedDecision"),
        input_decisions=_references(element, "inputDecision"),
        input_data=_references(element, "inputData"),
    )


_ELEMENTS: dict[str, Callable[[etree._Element], e.DrgElement]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


# ---- boxed expressions


def _inside(element: etree._Element | None) -> e.Boxed | None:
    """The boxed expression that an element holds."""
    child = kid(element, *_BOXES)
    return None if child is None else _box(child)


def _box(element: etree._Element) -> e.Boxed:
    return _BOXES[local(element)](element)


def _literal(element: etree._Element) -> e.Literal:
    language = attribute(element, "expressionLanguage")
    return e.Literal(
        text=text_of(element),
        feel=is_feel(language),
        type_ref=attribute(element, "typeRef"),
    )


def _context(element: etree._Element) -> e.Context:
    entries = []
    for entry in kids(element, "contextEntry"):
        variable = kid(entry, "variable")
        name = normalize_name(attribute(variable, "name"))
        entries.append(e.ContextEntry(name=name, type_ref=attribute(variable, "typeRef"), value=_inside(entry)))
    return e.Context(entries=tuple(entries), type_ref=attribute(element, "typeRef"))


def _invocation(element: etree._Element) -> e.Invocation:
    bindings = tuple(
        (normalize_name(attribute(kid(binding, "parameter"), "name")), _inside(binding))
        for binding in kids(element, "binding")
    )
    return e.Invocation(function=_inside(element), bindings=bindings, type_ref=attribute(element, "typeRef"))


def _function(element: etree._Element) -> e.FunctionDefinition:
    return e.FunctionDefinition(
        parameters=tuple(
            (normalize_name(attribute(one, "name")), attribute(one, "typeRef"))
            for one in kids(element, "formalParameter")
        ),
        body=_inside(element),
        external=attribute(element, "kind") not in {"", "FEEL"},
        type_ref=attribute(element, "typeRef"),
    )


def _list(element: etree._Element) -> e.BoxedList:
    items = tuple(_box(child) for child in kids(element, *_BOXES))
    return e.BoxedList(items=items, type_ref=attribute(element, "typeRef"))


def _relation(element: etree._Element) -> e.Relation:
    return e.Relation(
        columns=tuple(normalize_name(attribute(column, "name")) for column in kids(element, "column")),
        rows=tuple(tuple(_box(child) for child in kids(row, *_BOXES)) for row in kids(element, "row")),
        type_ref=attribute(element, "typeRef"),
    )


def _conditional(element: etree._Element) -> e.Conditional:
    return e.Conditional(
        condition=_inside(kid(element, "if")),
        then=_inside(kid(element, "then")),
        otherwise=_inside(kid(element, "else")),
        type_ref=attribute(element, "typeRef"),
    )


def _filter(element: etree._Element) -> e.BoxedFilter:
    return e.BoxedFilter(
        source=_inside(kid(element, "in")),
        match=_inside(kid(element, "match")),
        type_ref=attribute(element, "typeRef"),
    )


def _for(element: etree._Element) -> e.BoxedFor:
    return e.BoxedFor(
        variable=normalize_name(attribute(element, "iteratorVariable")),
        source=_inside(kid(element, "in")),
        body=_inside(kid(element, "return")),
        type_ref=attribute(element, "typeRef"),
    )


def _quantified(element: etree._Element) -> e.BoxedQuantified:
    return e.BoxedQuantified(
        every=local(element) == "every",
        variable=normalize_name(attribute(element, "iteratorVariable")),
        source=_inside(kid(element, "in")),
        body=_inside(kid(element, "satisfies")),
        type_ref=attribute(element, "typeRef"),
    )


def _table(element: etree._Element) -> e.Table:
    inputs = []
    for one in kids(element, "input"):
        expression = kid(one, "inputExpression")
        type_ref = attribute(expression, "typeRef")
        inputs.append(
            e.TableInput(text=text_of(expression), type_ref=type_ref, allowed=text_of(kid(one, "inputValues")))
        )
    outputs = tuple(
        e.TableOutput(
            name=normalize_name(attribute(one, "name")),
            type_ref=attribute(one, "typeRef"),
            allowed=text_of(kid(one, "outputValues")),
            default=text_of(kid(one, "defaultOutputEntry")),
        )
        for one in kids(element, "output")
    )
    return e.Table(
        hit_policy=attribute(element, "hitPolicy") or "UNIQUE",
        aggregation=attribute(element, "aggregation"),
        inputs=tuple(inputs),
        outputs=outputs,
        rules=tuple(_rule(rule) for rule in kids(element, "rule")),
        type_ref=attribute(element, "typeRef"),
    )


def _rule(element: etree._Element) -> e.Rule:
    return e.Rule(
        tests=tuple(text_of(one) for one in kids(element, "inputEntry")),
        outputs=tuple(text_of(one) for one in kids(element, "outputEntry")),
    )


_BOXES: dict[str, Callable[[etree._Element], e.Boxed]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": _function,
    "list": _list,
    "relation": _relation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "decisionTable": _table,
}
