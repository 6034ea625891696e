"""Generated decision tables of all hit policies, for comparing what DMN gives with SQL."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from engine.feel.dmn import DecisionResult, load
from engine.feel.sql import DecisionTranslation, Dialect, NotTranslatable, translate_decision
from tests.rules import COLUMNS, Fetch, canonical, same
from tests.unit.feel.dmn_builder import decision, definitions, table

INPUTS: dict[str, list[str]] = {
    "n": [
        "1",
        "2.5",
        "< 0",
        ">= 2",
        "[0..2]",
        "(2..100]",
        "< m",
        "not(1)",
        "not(< 2, 7)",
        "? > m",
        "1, 4, > 50",
        "null",
    ],
    "i": ["1", "0, 1, 2", "[1..3]", "[4..9999]", "< 1", "odd(?)", "> 3", "not(2)", "[1, 2, 3]"],
    "n / i": ["< 1", ">= 1", "[0..2]", "(2..9]", "> m / 3"],
    "s": ['"a"', '"a", "ab"', 'not("a")', "t", '< "b"', 'contains(?, "b")', '["a".."b"]', "null", '"汉"'],
    "d": ['@"2020-02-29"', '< @"2020-01-01"', '[@"2020-01-01"..@"2020-12-31"]', "> e", "? = e"],
    "b": ["true", "false", "c", "not(true)", "null"],
    "string length(s)": ["0", "1", "[2..9]", "> 2"],
}
OUTPUTS = {
    "string": ['"x"', '"y"', '"z"', '"x"', "", "s"],
    "number": ["1", "2", "-3.5", "2", "", "n", "n * 2"],
    "literal string": ['"x"', '"y"', '"z"'],
    "literal number": ["1", "2", "-3.5", "2"],
}
POLICIES = [
    *(("UNIQUE", ""), ("UNIQUE", ""), ("FIRST", ""), ("FIRST", ""), ("ANY", ""), ("PRIORITY", ""), ("RULE ORDER", "")),
    *(("OUTPUT ORDER", ""), ("COLLECT", ""), ("COLLECT", "SUM"), ("COLLECT", "COUNT"), ("COLLECT", "MIN")),
    ("COLLECT", "MAX"),
]
_LITERAL = {"ANY", "PRIORITY", "OUTPUT ORDER"}
_NUMERIC = {"SUM", "MIN", "MAX"}


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A document with one decision `out`."""
    policy, aggregation = draw(st.sampled_from(POLICIES))
    inputs = draw(st.lists(st.sampled_from(sorted(INPUTS)), min_size=1, max_size=3, unique=True))
    kind = "number" if aggregation in _NUMERIC else draw(st.sampled_from(["string", "number"]))
    literal = policy in _LITERAL or aggregation in {"MIN", "MAX"}
    entries = OUTPUTS[f"literal {kind}"] if literal else OUTPUTS[kind]
    several = policy in {"UNIQUE", "FIRST", "ANY"} and draw(st.booleans())
    rules = [
        (
            [draw(st.sampled_from(["-", *INPUTS[one], *INPUTS[one]])) for one in inputs],
            [draw(st.sampled_from(entries)) for _ in range(2 if several else 1)],
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    ordered = policy in {"PRIORITY", "OUTPUT ORDER"}
    lists = policy in {"RULE ORDER", "OUTPUT ORDER"} or (policy == "COLLECT" and not aggregation)
    default = "" if lists else draw(st.sampled_from(["", "", '"z"' if kind == "string" else "2"]))
    logic = table(
        inputs,
        rules,
        policy=policy,
        aggregation=aggregation,
        outputs=("first", "second") if several else ("out",),
        output_values=('"y", "x", "z"' if kind == "string" else "2, 1, -3.5") if ordered else "",
        input_values=draw(st.sampled_from(["", "", "< 1000"])) if inputs[0] in {"n", "i"} else "",
        default=default,
    )
    return definitions(decision("out", logic))


def compare_table(xml: bytes, rows: list[dict[str, Any]], dialect: Dialect, fetch: Fetch) -> bool:
    """Whether the table was translated; then values, rule and error are those of DMN, for every row."""
    model = load(xml)
    assert model.problems == ()
    try:
        made = translate_decision(model, "out", COLUMNS, dialect)
    except NotTranslatable:
        return False
    extra = [one for one in (made.rule, made.error) if one is not None]
    items = [f"({one.sql(dialect=dialect.value)})" for one in [*made.values.values(), *extra]]
    for row, found in zip(rows, fetch(", ".join(items), rows), strict=True):
        result = model.evaluate("out", row)
        shown = f"{xml.decode()}\n{items[0]}\n{row}\nDMN {result}\nSQL {found}"
        _same_row(made, result, list(found), shown)
    return True


def _same_row(made: DecisionTranslation, result: DecisionResult, found: list[Any], shown: str) -> None:
    error = found.pop() if made.error is not None else None
    rule = found.pop() if made.rule is not None else None
    assert (error is not None) == bool(result.errors), shown
    for (name, unit), value in zip(made.units.items(), found, strict=True):
        wanted = result.value.get(name) if len(found) > 1 and result.value is not None else result.value
        assert _same(wanted, value, unit), shown
    if made.rule is not None and not result.errors:
        assert rule in result.matched if result.matched else rule is None, shown


def _same(wanted: Any, value: Any, unit: str) -> bool:
    if isinstance(wanted, list) and isinstance(value, Sequence):
        return len(wanted) == len(value) and all(map(same, wanted, value))
    return same(canonical(wanted, unit), value)
