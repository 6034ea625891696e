"""Documents: requirements, types, knowledge models, services, boxed expressions, imports, unsafe XML."""

from datetime import UTC, date, datetime

import pytest

from engine.feel import DmnError
from engine.feel.dmn import load
from tests.unit.feel.dmn_builder import (
    decision,
    definitions,
    input_data,
    literal,
    requires,
    table,
    text,
)


def test_decisions_use_what_they_require() -> None:
    """Values go up the graph; the inputs that are needed are known beforehand."""
    model = load(
        definitions(
            input_data("income", "number"),
            input_data("persons", "number"),
            decision("per head", literal("income / persons"), requirements=requires("income", "persons")),
            decision(
                "eligible",
                table(["per head"], [(("<= 800",), ("true",)), (("> 800",), ("false",))]),
                requirements=requires("per head", kind="requiredDecision"),
            ),
        )
    )
    assert model.decisions == ("per head", "eligible")
    assert model.inputs("eligible") == {"income", "persons"}
    result = model.evaluate("eligible", {"income": 3000, "persons": 4})
    assert (result.value, result.matched, result.errors) == (True, (1,), ())
    assert result.inputs == {"income": 3000, "persons": 4, "per head": 750}


def test_a_missing_required_input_is_an_error() -> None:
    """Also deep in the graph."""
    model = load(definitions(input_data("x"), decision("d", literal("x = null"), requirements=requires("x"))))
    assert model.evaluate("d", {}).errors == ("missing input `x`",)
    assert model.evaluate("d", {}).value is None
    assert model.evaluate("d", {}, strict=False).value is True
    assert model.evaluate("d", {"x": None}).value is True


def test_a_decision_without_input_data_reads_the_variables() -> None:
    """As dmn-js draws a single table: the expressions name process variables."""
    model = load(definitions(decision("d", literal("income * 2"))))
    assert model.inputs("d") == {"income"}
    assert model.evaluate("d", {"income": 5}).value == 10


def test_what_the_document_declares_is_seen_only_where_required() -> None:
    """A decision that forgot its requirement is a problem of the model and an error when it runs."""
    model = load(definitions(input_data("x"), decision("d", literal("x + y"))))
    assert model.problems == ("d: uses `x`, which it does not require",)
    assert model.inputs("d") == {"y"}
    assert model.evaluate("d", {"x": 1, "y": 2}).errors == ("d: uses `x`, which it does not require",)


def test_values_must_fit_the_declared_types() -> None:
    """A wrong type and a value outside of the constraint are errors; dates may come as text."""
    item = (
        '<itemDefinition name="level"><typeRef>number</typeRef>' + text("allowedValues", "[1..5]") + "</itemDefinition>"
    )
    model = load(
        definitions(
            item,
            input_data("n", "level"),
            input_data("day", "date"),
            decision("d", literal('day + duration("P1D")'), requirements=requires("n", "day"), type_ref="date"),
        )
    )
    assert model.evaluate("d", {"n": 5, "day": "2026-01-05"}).value == date(2026, 1, 6)
    assert model.evaluate("d", {"n": 6, "day": "2026-01-05"}).errors == ("input `n`: 6 does not fit the type `level`",)
    assert model.evaluate("d", {"n": "x", "day": "2026-01-05"}).value is None


KNOWLEDGE = (
    '<businessKnowledgeModel id="fact" name="fact"><variable name="fact"/>'
    '<encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    + literal("if n <= 1 then 1 else n * fact(n - 1)")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def test_knowledge_models_are_functions() -> None:
    """Called in FEEL and invoked in a box, recursive too, and by the host."""
    invocation = (
        "<invocation>" + literal("fact") + '<binding><parameter name="n"/>' + literal("4") + "</binding></invocation>"
    )
    model = load(
        definitions(
            KNOWLEDGE,
            decision("a", literal("fact(5)"), requirements=requires("fact", kind="requiredKnowledge")),
            decision("b", invocation, requirements=requires("fact", kind="requiredKnowledge")),
            decision("c", literal("fact(1000)"), requirements=requires("fact", kind="requiredKnowledge")),
        )
    )
    assert model.evaluate("a", {}).value == 120
    assert model.evaluate("b", {}).value == 24
    assert model.invoke("fact", {"n": 3}).value == 6
    assert model.parameters("fact") == ("n",)
    result = model.evaluate("c", {})
    assert result.value is None
    assert "function calls inside each other" in result.errors[0]


def test_services_hide_their_decisions() -> None:
    """Input data and input decisions come as arguments; nothing else is seen."""
    model = load(
        definitions(
            input_data("x"),
            decision("given", literal("1 / 0")),
            decision(
                "out", literal("x + given"), requirements=requires("x") + requires("given", kind="requiredDecision")
            ),
            '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#out"/>'
            '<inputDecision href="#given"/><inputData href="#x"/></decisionService>',
            decision("d", literal("s(1, 2)"), requirements=requires("s", kind="requiredKnowledge")),
        )
    )
    assert model.evaluate("d", {}).value == 3
    assert model.invoke("s", {"x": 5, "given": 6}).value == 11


def test_boxed_expressions() -> None:
    """Contexts, lists, relations, conditionals, filters, loops and quantifiers."""
    relation = '<relation><column name="a"/><row>' + literal("1") + "</row><row>" + literal("2") + "</row></relation>"
    entry = '<contextEntry><variable name="rows"/>' + relation + "</contextEntry>"
    loop = f'<for iteratorVariable="r"><in>{literal("rows")}</in><return>{literal("r.a * 10")}</return></for>'
    some = f'<some iteratorVariable="r"><in>{literal("rows")}</in><satisfies>{literal("r.a > 1")}</satisfies></some>'
    every = some.replace("some", "every")
    kept = f"<filter><in>{literal('rows')}</in><match>{literal('a > 1')}</match></filter>"
    choice = (
        f"<conditional><if>{literal('true')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    )
    result = f"<list>{loop}{some}{every}{kept}{choice}</list>"
    model = load(definitions(decision("d", f"<context>{entry}<contextEntry>{result}</contextEntry></context>")))
    assert model.problems == ()
    assert model.evaluate("d", {}).value == [[10, 20], True, False, [{"a": 2}], 1]


def test_imports_are_found_by_namespace() -> None:
    """Elements, types and inputs of another document, under the prefix of the import."""
    other = load(
        definitions(input_data("x"), decision("twice", literal("x * 2"), requirements=requires("x")), namespace="urn:o")
    )
    imports = '<import name="o" namespace="urn:o" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    requirement = '<informationRequirement><requiredDecision href="urn:o#twice"/></informationRequirement>'
    xml = definitions(decision("d", literal("o.twice + 1"), requirements=requirement), imports=imports)
    model = load(xml, imports=[other])
    assert model.evaluate("d", {"x": 4}).value == 9
    assert model.evaluate("d", {"urn:o#x": 5}).value == 11
    assert model.inputs("d") == {"x"}
    with pytest.raises(DmnError, match="urn:o"):
        load(xml)


def test_the_clock_is_an_argument() -> None:
    """A decision that asks for the day gets it from the caller; without one it fails with a reason."""
    model = load(definitions(decision("d", literal("string(today())"))))
    assert model.evaluate("d", {}, now=datetime(2026, 1, 5, tzinfo=UTC)).value == "2026-01-05"
    assert "clock" in model.evaluate("d", {}).errors[0]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"<definitions", "not well-formed"),
        (b"<html/>", "not DMN"),
        (b'<!DOCTYPE d [<!ENTITY a "x">]><definitions>&a;</definitions>', "DOCTYPE"),
        (
            definitions(decision("d", literal("1"), requirements=requires("d", kind="requiredDecision"))),
            "requires itself",
        ),
    ],
)
def test_documents_that_cannot_be_read_are_refused(xml: bytes, reason: str) -> None:
    """Broken, foreign, unsafe and circular documents raise DmnError."""
    with pytest.raises(DmnError, match=reason):
        load(xml)


def test_faults_are_problems_of_the_model() -> None:
    """Unknown functions, foreign languages and references into nothing are told without data."""
    model = load(
        definitions(
            decision("a", literal("foo(1)")),
            decision(
                "b", '<literalExpression expressionLanguage="https://python.org"><text>1</text></literalExpression>'
            ),
            decision("c", literal("1"), requirements=requires("nothing")),
        )
    )
    assert [problem.partition(":")[0] for problem in model.problems] == ["a", "b", "c"]
    assert model.evaluate("b", {}).value is None
    with pytest.raises(DmnError, match="no decision"):
        model.evaluate("nobody", {})


NAMED_ENTRY = f'<contextEntry><variable name="a"/>{literal("1")}</contextEntry>'
JUEL = text("inputExpression", "1", 'expressionLanguage="juel"')
MISREAD = [
    ("<literalExpression><text>1 <b>+ 2</b></text></literalExpression>", "holds the element `b`"),
    (literal("1") + literal("2"), "holds 2 expressions"),
    (table(["1"], [(("-",), ("1",))], policy="COLLECT", aggregation="AVG"), "aggregation `AVG` does not exist"),
    (table(["1"], [(("-",), ("1",))], policy="FIRST", aggregation="SUM"), "goes with the hit policy COLLECT"),
    (table(["1"], [(("-",), ("1", "2"))], outputs=("p", "p")), "two outputs of a decision table have the name `p`"),
    (table(["1"], [(("-",), ())], outputs=()), "has no output"),
    (
        "<context>" + NAMED_ENTRY * 2 + "</context>",
        "the entry `a` twice",
    ),
    (f"<context><contextEntry>{literal('1')}</contextEntry>{NAMED_ENTRY}</context>", "not its last"),
    ('<relation><column name="a"/><column name="a"/></relation>', "the column `a` twice"),
    (f'<relation><column name="a"/><row>{literal("1")}{literal("2")}</row></relation>', "2 cells for 1 columns"),
    (f'<decisionTable><input>{JUEL}</input><output name="o"/></decisionTable>', "other than FEEL: `juel`"),
]


@pytest.mark.parametrize(("logic", "problem"), MISREAD)
def test_what_would_be_read_otherwise_than_it_is_written_is_a_problem(logic: str, problem: str) -> None:
    """Nothing of a decision is skipped or overwritten in silence."""
    problems = load(definitions(decision("d", logic))).problems
    assert any(one.startswith("d: ") and problem in one for one in problems), problems


def test_types_that_are_not_there_or_go_in_circles_are_problems() -> None:
    """A slip in a type does not switch its checks off; the names of numbers in older tools are read."""
    items = (
        '<itemDefinition name="T"><typeRef>U</typeRef></itemDefinition>'
        '<itemDefinition name="U"><typeRef>T</typeRef></itemDefinition>'
        '<itemDefinition name="V"><typeRef>string</typeRef></itemDefinition>'
        '<itemDefinition name="V"><typeRef>number</typeRef></itemDefinition>'
    )
    model = load(definitions(items, input_data("x", "nubmer"), decision("d", literal("1"), type_ref="list&lt;dat&gt;")))
    assert set(model.problems) >= {
        "x: there is no type `nubmer`",
        "d: there is no type `dat`",
        "type T: is defined by itself",
        "type U: is defined by itself",
        "type V: is defined 2 times",
    }
    sound = load(definitions(*(input_data(one, one) for one in ("integer", "long", "double", "feel:number", "Any"))))
    assert sound.problems == ()
    whole = load(definitions(input_data("n", "integer"), decision("d", literal("n + 1"), requirements=requires("n"))))
    assert whole.evaluate("d", {"n": 1}).value == 2
    assert "does not fit the type `integer`" in whole.evaluate("d", {"n": "1"}).errors[0]


def test_names_and_languages_of_the_document_are_looked_at() -> None:
    """Two decisions of one name, and a document that is not in FEEL."""
    second = f'<decision id="e" name="d">{literal("2")}</decision>'
    model = load(definitions(decision("d", literal("1")), second))
    assert model.problems == ("e: the name `d` is that of `d` too; give each its own",)
    foreign = definitions(decision("d", literal("1"))).replace(
        b"<definitions ", b'<definitions expressionLanguage="js" '
    )
    assert load(foreign).problems == ("definitions: an expression language other than FEEL: `js`",)


def test_a_call_that_does_not_fit_is_an_error() -> None:
    """Too few, too many or misnamed arguments of knowledge models and services: null, but not in silence."""
    function = (
        '<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>'
        f'<formalParameter name="a"/><formalParameter name="b"/>{literal("a - b")}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    needs = requires("f", kind="requiredKnowledge")
    bound = "".join(f'<binding><parameter name="{one}"/>{literal("1")}</binding>' for one in ("a", "b", "c"))
    for logic in (literal("f(1)"), literal("f(a: 1, c: 2)"), f"<invocation>{literal('f')}{bound}</invocation>"):
        result = load(definitions(function, decision("d", logic, requirements=needs))).evaluate("d", {})
        assert result.value is None
        assert result.errors == ("f: is called with other arguments than its own: a, b",)


def test_nothing_is_no_logic() -> None:
    """A decision without an expression, or with an empty one, has no value and says so."""
    model = load(definitions(decision("d", ""), decision("e", literal(""))))
    assert model.evaluate("d", {}).errors == ("d: has no logic",)
    assert model.evaluate("e", {}).errors == ("e: an expression is empty",)
