"""For any text at all: nothing but FeelError is raised, and what is parsed can be printed and parsed again."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, Limits, compile_expression, compile_unary_tests
from engine.feel.builtins import BUILTINS
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.printer import print_expression, print_unary_tests
from engine.feel.words import LANGUAGE_NAMES

SIGNS = "( ) [ ] { } , : . .. + - * / ** = != < <= > >= -> @ ? 1 0 2.5 .5 1e3 1e-7 x y item partial a.b"
CLAUSES = "if then else for in return some every satisfies between and or instance of function external"
WORDS = [
    *SIGNS.split(" "),
    *CLAUSES.split(" "),
    *["true", "false", "null", "not", "number", "list<", "context<", "string"],
    *('"a"', '""', '"2026-01-05"', '@"P1D"', '@"P1M"', '@"09:00:00Z"', '@"2026-01-05T09:00:00@Asia/Shanghai"', '"\\u'),
    *('"(a+)+"', "1..3", "[1, 2]", "{a: 1}", "(< 5)", "//", "/*", "，", "李", "\n", "\ud800", "\x00"),
    *sorted(BUILTINS),
    *sorted(LANGUAGE_NAMES),
]
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
ATOMS = st.sampled_from(["1", "-2.5", '"a"', "x", "null", "true", '@"P1D"', "?", "[1, 2]", "{a: 1}", "(1..x)"])
SHAPES = [
    *("{0} + {1}", "{0} ** {1}", "-{0}", "{0} and {1}", "{0} or {1} or {0}", "{0} < {1}", "{0} between {1} and {0}"),
    *("{0} in ({1}, > {0})", "{0} in [{1}..{0}[", "({0})[{1}]", "({0}).a", "if {0} then {1} else {0}", "not({0})"),
    *("for i in {0} return {1}", "some i in {0}, j in {1} satisfies {0}", "{{a: {0}, b: {1}}}", "sum({0}, {1})"),
    *("({0}) instance of list<number>", "function(p: number) {0}", "substring(string: {0}, start position: {1})"),
    *("[{0}, {1}]", "({0})({1})", "]{0}..{1}]", "{0} - {1} - {0}", "{0} / {1} * {0}", "(>= {0})"),
]


@st.composite
def _combined(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    return draw(st.sampled_from(SHAPES)).format(f"({draw(inner)})", f"({draw(inner)})")


EXPRESSIONS = st.recursive(ATOMS, _combined, max_leaves=6)
LIMITS = Limits(steps=2000)
ADDRESS = re.compile(" at 0x[0-9a-f]+")  # of functions that are values


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_text_raises_anything_else(text: str) -> None:
    """Compiling and evaluating ends in a value or a FeelError, with names and without."""
    for names in (None, {"x", "y"}):
        for compiled in (compile_expression, compile_unary_tests):
            try:
                result = compiled(text, names=names)
                if compiled is compile_expression:
                    compile_expression(text, names=names)({"x": 1, "y": [1, "a"]}, limits=LIMITS)
                else:
                    compile_unary_tests(text, names=names)(5, {"x": 1, "y": [1, "a"]}, limits=LIMITS)
            except FeelError:
                continue
            assert result.text == text


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_well_formed_texts_evaluate(text: str) -> None:
    """Any combination of the clauses has a value, null included, the same each time, or ends in a FeelError."""
    expression = compile_expression(text)
    try:
        value = expression({"x": 3, "?": 2}, limits=LIMITS)
    except FeelError:
        return
    again = expression({"x": 3, "?": 2}, limits=LIMITS)
    assert ADDRESS.sub("", repr(again)) == ADDRESS.sub("", repr(value))


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_printing_and_parsing_give_the_same_tree(text: str) -> None:
    """For expressions and for cells."""
    node = parse_expression(text)
    assert parse_expression(print_expression(node)) == node
    cell = parse_unary_tests(text)
    assert parse_unary_tests(print_unary_tests(cell)) == cell
