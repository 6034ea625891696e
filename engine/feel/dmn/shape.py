"""What a document says twice, half or where nothing is read: problems, since to skip it would change its meaning."""

from collections import Counter
from collections.abc import Collection, Iterator

from lxml import etree

from ..scanner import normalize_name

_HOLDERS = frozenset(
    [
        *("decision", "contextEntry", "binding", "functionDefinition", "encapsulatedLogic", "invocation"),
        *("if", "then", "else", "in", "match", "return", "satisfies"),
    ]
)
"""Elements that hold one boxed expression."""


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_feel(language: str) -> bool:
    """Whether an expressionLanguage is FEEL: by default, or by its name."""
    return not language or "feel" in language.lower()


def faults(root: etree._Element, boxes: Collection[str]) -> Iterator[str]:
    """Problems of the XML, with the id of what they are in. boxes: the names of boxed expressions."""
    if not is_feel(root.get("expressionLanguage") or ""):
        yield f"definitions: an expression language other than FEEL: `{root.get('expressionLanguage')}`"
    names: dict[str, str] = {}
    for part in root:
        owner = _owner(part)
        if local(part) in {"decision", "inputData", "businessKnowledgeModel", "decisionService"}:
            name = normalize_name(part.get("name") or "")
            if name and names.setdefault(name, owner) != owner:
                yield f"{owner}: the name `{name}` is that of `{names[name]}` too; give each its own"
        for element in part.iter("*"):
            for fault in _element_faults(element, boxes):
                yield f"{owner}: {fault}"


def type_references(root: etree._Element) -> list[tuple[str, str]]:
    """Every reference to a type, with the id of what it is in."""
    found: list[tuple[str, str]] = []
    for part in root:
        owner = _owner(part)
        for element in part.iter("*"):
            inner = element.text if local(element) == "typeRef" else None
            found += [
                (owner, reference.strip())
                for reference in (inner, element.get("typeRef"), element.get("outputTypeRef"))
                if reference and reference.strip()
            ]
    return list(dict.fromkeys(found))


def _owner(part: etree._Element) -> str:
    name = part.get("name") or local(part)
    return f"type {name}" if local(part) == "itemDefinition" else part.get("id") or name


def _element_faults(element: etree._Element, boxes: Collection[str]) -> Iterator[str]:
    kind = local(element)
    inside = [child for child in element if local(child)]
    if kind == "text" and inside:
        yield f"a text holds the element `{local(inside[0])}`; only characters are read in it"
    language = element.get("expressionLanguage") or ""
    if kind != "literalExpression" and not is_feel(language):
        yield f"an expression language other than FEEL: `{language}`"
    held = [child for child in inside if local(child) in boxes]
    if kind in _HOLDERS and len(held) > 1:
        yield f"`{kind}` holds {len(held)} expressions, where one is read"
    rule = _RULES.get(kind)
    if rule is not None:
        yield from rule(element, held)


def _twice(elements: list[etree._Element]) -> str | None:
    """The first name that occurs more than once."""
    names = Counter(normalize_name(one.get("name") or "") for one in elements)
    return next((name for name, count in names.items() if count > 1), None)


def _context(element: etree._Element, _held: object) -> Iterator[str]:
    entries = [entry for entry in element if local(entry) == "contextEntry"]
    variables = [[child for child in entry if local(child) == "variable"] for entry in entries]
    twice = _twice([found[0] for found in variables if found])
    if twice:
        yield f"a context has the entry `{twice}` twice"
    if any(not found for found in variables[:-1]):
        yield "a context has an entry without a name that is not its last; it would be its result"


def _relation(element: etree._Element, _held: object) -> Iterator[str]:
    columns = [child for child in element if local(child) == "column"]
    twice = _twice(columns)
    if twice is not None:
        yield f"a relation has the column `{twice}` twice"
    for place, row in enumerate((child for child in element if local(child) == "row"), 1):
        cells = sum(1 for child in row if local(child))
        if cells != len(columns):
            yield f"row {place} of a relation has {cells} cells for {len(columns)} columns"


def _table(element: etree._Element, _held: object) -> Iterator[str]:
    outputs = [child for child in element if local(child) == "output"]
    if not outputs:
        yield "a decision table has no output"
    if len(outputs) > 1 and (twice := _twice(outputs)) is not None:
        yield f"two outputs of a decision table have the name `{twice}`; give each its own"


_RULES = {"context": _context, "relation": _relation, "decisionTable": _table}
