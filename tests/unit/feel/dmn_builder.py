"""Small DMN documents for the tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "urn:test", imports: str = "") -> bytes:
    """A document."""
    body = imports + "".join(parts)
    return f'<definitions xmlns="{NAMESPACE}" id="d" name="test" namespace="{namespace}">{body}</definitions>'.encode()


def text(name: str, content: str, attributes: str = "") -> str:
    return f"<{name} {attributes}><text>{escape(content)}</text></{name}>"


def literal(content: str) -> str:
    return text("literalExpression", content)


def input_data(name: str, type_ref: str = "") -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def requires(*names: str, kind: str = "requiredInput") -> str:
    wrapper = "knowledgeRequirement" if kind == "requiredKnowledge" else "informationRequirement"
    return "".join(f'<{wrapper}><{kind} href="#{name}"/></{wrapper}>' for name in names)


def decision(name: str, logic: str, *, requirements: str = "", type_ref: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>'
    return f'<decision id="{name}" name="{name}">{variable}{requirements}{logic}</decision>'


def table(
    inputs: Sequence[str],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: Sequence[str] = ("out",),
    output_values: str = "",
    input_values: str = "",
    default: str = "",
) -> str:
    """A decision table; input values and output values are those of the first column."""
    parts = []
    for place, one in enumerate(inputs):
        allowed = text("inputValues", input_values) if input_values and not place else ""
        parts.append(f"<input>{text('inputExpression', one)}{allowed}</input>")
    for place, one in enumerate(outputs):
        allowed = text("outputValues", output_values) if output_values and not place else ""
        fallback = text("defaultOutputEntry", default) if default and not place else ""
        parts.append(f"<output name={quoteattr(one)}>{allowed}{fallback}</output>")
    for tests, values in rules:
        cells = "".join(text("inputEntry", one) for one in tests) + "".join(text("outputEntry", one) for one in values)
        parts.append(f"<rule>{cells}</rule>")
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    return f"<decisionTable {attributes}>{''.join(parts)}</decisionTable>"
