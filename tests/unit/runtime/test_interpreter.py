"""What happens in a step, element by element."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.model.errors import Broken, Conflict, Invalid, NotFound, Refused
from engine.model.ids import ElementInstanceId
from engine.runtime import interpreter
from tests.unit.runtime.builder import (
    WORLD,
    Case,
    both,
    bpmn,
    chain,
    decides,
    end,
    flow,
    node,
    start,
    story,
    terminate,
    user,
    xor,
)  # fmt: skip
from tests.unit.runtime.proving import proves

LINE = bpmn(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e"))


@proves("none start event", "user task", "none end event")
def test_line_step_by_step() -> None:
    """Activations, completions and flows come in firing order; the case ends when no token is left."""
    case = Case(LINE)
    assert case.story == ["+s#1", "-s#1", ">s_a", "+a#1"]
    assert case.step.waiting[0].element == "a"
    assert not case.step.ended
    case.complete("a")
    assert case.story == ["-a#1", ">a_b", "+b#1"]
    case.complete("b")
    assert case.story == ["-b#1", ">b_e", "+e#1", "-e#1"]
    assert case.step.ended


def test_variables_live_once_and_are_merged() -> None:
    """Completion replaces keys at the root and deletes none."""
    case = Case(LINE, {"x": 1, "y": {"z": [1]}})
    case.complete("a", x=2, w="新")
    assert case.step.variables == {"x": 2, "y": {"z": [1]}, "w": "新"}
    assert interpreter.variables(case.step.state) == case.step.variables


def test_completing_twice_is_a_conflict() -> None:
    """What does not wait cannot be completed, whether done already or never there."""
    case = Case(LINE)
    old = case.step.state
    case.complete("a")
    for instance in ("a#1", "a#2", "nobody#1", "b"):
        with pytest.raises(Conflict) as caught:
            interpreter.complete(case.process, case.step.state, ElementInstanceId(instance), {}, WORLD)
        assert caught.value.code == "element.not_waiting"
    assert interpreter.complete(case.process, old, ElementInstanceId("a#1"), {}, WORLD).state == case.step.state


@proves("exclusive gateway")
def test_exclusive_gateway_takes_the_first_true_flow() -> None:
    """Flows are judged in document order; the default only when none is true."""
    gateway = xor("g", default="g_c")
    model = bpmn(
        start(), user("a", "b", "c"), gateway, end(), chain("s", "g"),
        flow("g", "c"), flow("g", "a", "x > 10"), flow("g", "b", "x > 5"),
        flow("a", "e"), flow("b", "e"), flow("c", "e"),
    )  # fmt: skip
    assert [Case(model, {"x": x}).open for x in (11, 7, 1)] == [["a"], ["b"], ["c"]]
    assert Case(model, {}).open == ["c"]


def test_no_way_out_is_refused() -> None:
    """Neither a true condition nor a default: refused by the gateway's id, and the old state is still good."""
    model = bpmn(
        start(),
        user("a"),
        xor("g"),
        end("e", "f"),
        chain("s", "a", "g"),
        flow("g", "e", "x = 1"),
        flow("g", "f", "x = 2"),
    )
    case = Case(model)
    with pytest.raises(Refused) as caught:
        case.complete("a", x=3)
    assert (caught.value.code, caught.value.params["element"]) == ("gateway.no_flow", "g")
    assert case.complete("a", x=2).ended


def test_condition_that_is_no_boolean_is_refused() -> None:
    """A condition that gives a number is a mistake of the model, not a no."""
    model = bpmn(
        start(), xor("g", default="g_f"), end("e", "f"), chain("s", "g"), flow("g", "e", "x + 1"), flow("g", "f")
    )
    with pytest.raises(Refused) as caught:
        Case(model, {"x": 1})
    assert (caught.value.code, caught.value.params["element"]) == ("expression.failed", "g")


@proves("implicit merge", "implicit split")
def test_implicit_merge_and_split() -> None:
    """A task passes every token on by itself and to every unconditional flow."""
    model = bpmn(
        start(),
        user("a", "b"),
        end(),
        chain("s", "a"),
        flow("a", "b"),
        flow("a", "b", identifier="again"),
        chain("b", "e"),
    )
    case = Case(model)
    case.complete("a")
    assert case.story == ["-a#1", ">a_b", ">again", "+b#1", "+b#2"]
    case.complete("b")
    assert not case.step.ended
    assert case.complete("b").ended


@proves("parallel gateway")
def test_parallel_split_and_join() -> None:
    """The join fires once, when the last branch arrives."""
    model = bpmn(start(), both("f", "j"), user("a", "b"), end(), chain("s", "f", "a", "j", "e"), chain("f", "b", "j"))
    case = Case(model)
    assert case.open == ["a", "b"]
    case.complete("b")
    assert case.story == ["-b#1", ">b_j"]
    case.complete("a")
    assert case.story == ["-a#1", ">a_j", "+j#1", "-j#1", ">j_e", "+e#1", "-e#1"]
    assert case.step.ended


def test_flows_straight_from_split_to_join() -> None:
    """Two flows between the same two gateways are two flows."""
    model = bpmn(
        start(),
        both("f", "j"),
        end(),
        chain("s", "f"),
        flow("f", "j", identifier="x"),
        flow("f", "j", identifier="y"),
        chain("j", "e"),
    )
    assert Case(model).story == [
        "+s#1",
        "-s#1",
        ">s_f",
        "+f#1",
        "-f#1",
        ">x",
        ">y",
        "+j#1",
        "-j#1",
        ">j_e",
        "+e#1",
        "-e#1",
    ]


def loop(*branches: str) -> bytes:
    """Parallel block in a loop: split, branches, join, then again or out."""
    return bpmn(
        start(), both("f", "j"), xor("m"), xor("g", default="g_m"), user(*branches), user("review"), end(),
        chain("s", "m", "f"), *(chain("f", branch, "j") for branch in branches), chain("j", "review", "g"),
        flow("g", "m"), flow("g", "e", "ok = true"),
    )  # fmt: skip


@proves("joins in loops")
@pytest.mark.parametrize("rounds", [2, 3, 4])
def test_join_in_a_loop_in_every_order(rounds: int) -> None:
    """Whatever the order of the branches in each round, each round joins exactly once."""
    process = interpreter.load(loop("a", "b"), "p")
    for orders in itertools.product(itertools.permutations("ab"), repeat=rounds):
        case = Case(process)
        for number, order in enumerate(orders, 1):
            assert case.open == ["a", "b"]
            case.complete(order[0])
            assert case.open == [order[1]]
            case.complete(order[1])
            assert case.open == ["review"]
            assert f"+j#{number}" in case.story
            case.complete("review", ok=number == rounds)
        assert case.step.ended


def test_three_branches_in_two_rounds_in_every_order() -> None:
    """The same with three branches."""
    process = interpreter.load(loop("a", "b", "c"), "p")
    for orders in itertools.product(itertools.permutations("abc"), repeat=2):
        case = Case(process)
        for number, order in enumerate(orders, 1):
            for branch in order:
                case.complete(branch)
            assert case.open == ["review"]
            case.complete("review", ok=number == 2)
        assert case.step.ended


def test_excess_token_stays_before_the_join() -> None:
    """A second token on the same flow waits for its partner; it is neither lost nor counted for another flow."""
    model = bpmn(
        start(), both("f", "j"), user("a", "b"), xor("m"), end(),
        chain("s", "f", "m", "a", "j", "e"), flow("f", "m", identifier="twice"), chain("f", "b", "j"),
    )  # fmt: skip
    case = Case(model)
    assert case.open == ["a", "a", "b"]
    case.complete("a")
    case.complete("a")
    assert case.open == ["b"]
    case.complete("b")
    assert case.story[-2:] == ["+e#1", "-e#1"]
    assert not case.step.ended


@proves("terminate end event")
def test_terminate_end_event_removes_every_token() -> None:
    """Waiting tasks are closed; tokens before a join vanish without having been activated."""
    model = bpmn(
        start(), both("f", "j"), user("a", "b", "c", "d"), terminate("stop"), end(),
        chain("s", "f", "a", "j"), chain("f", "b", "j", "e"), chain("f", "c", "stop"), chain("f", "d", "e"),
    )  # fmt: skip
    case = Case(model)
    case.complete("a")
    case.complete("c")
    assert case.story == ["-c#1", ">c_stop", "+stop#1", "-stop#1", "!b#1", "!d#1"]
    assert case.step.closed == ("b#1", "d#1")
    assert case.step.ended


def test_terminated_in_the_step_in_which_it_began() -> None:
    """A user task that a terminate end event removes at once neither waits nor is closed."""
    model = bpmn(start(), both("f"), user("a"), terminate("stop"), end(), chain("s", "f", "a", "e"), chain("f", "stop"))
    step = Case(model).step
    assert (step.waiting, step.closed, step.ended) == ((), (), True)
    assert story(step)[-1] == "!a#1"


@proves("business rule task (DMN)")
def test_business_rule_task() -> None:
    """The output becomes the result variable, visible to the next condition, and is written down."""
    rule = node(
        "businessRuleTask", "r", extension='<zeebe:calledDecision decisionId="limits" resultVariable="limits"/>'
    )
    model = bpmn(
        start(), rule, xor("g", default="g_f"), end("e", "f"), chain("s", "r", "g"),
        flow("g", "e", "limits.income = 5"), flow("g", "f"),
    )  # fmt: skip
    case = Case(model, {"x": 7}, decides({"income": 5}))
    assert "+e#1" in case.story
    assert case.step.variables["limits"] == {"income": 5}
    (decision,) = case.step.decisions
    assert (decision.element, decision.decision_id, decision.matched_rules) == ("r", "limits", (2,))
    assert (decision.inputs, decision.output) == ({"x": 7}, {"income": 5})


def test_assignment_is_evaluated_when_the_token_arrives() -> None:
    """Fixed positions, an assignee from a variable, positions from a FEEL list."""
    model = bpmn(
        start(),
        user("a", extension='<zeebe:assignmentDefinition candidateGroups="x, y"/>'),
        user("b", extension='<zeebe:assignmentDefinition assignee="=who" candidateGroups="=posts"/>'),
        end(), chain("s", "a", "b", "e"),
    )  # fmt: skip
    case = Case(model)
    assert case.step.waiting[0].candidate_positions == ("x", "y")
    case.complete("a", who="lin", posts=["p1", "p2"])
    (task,) = case.step.waiting
    assert (task.assignee, task.candidate_positions) == ("lin", ("p1", "p2"))


def test_assignment_that_is_no_list_is_refused() -> None:
    """Positions that are numbers are a failed expression of that element."""
    model = bpmn(
        start(), user("a", extension='<zeebe:assignmentDefinition candidateGroups="=7"/>'), end(), chain("s", "a", "e")
    )
    with pytest.raises(Refused) as caught:
        Case(model)
    assert (caught.value.code, caught.value.params["element"]) == ("expression.failed", "a")


def test_ids_like_the_engines_own_names() -> None:
    """SpiffWorkflow has inner elements called Start and End; a drawing may use these ids."""
    model = bpmn(start("Start"), user("p.EndJoin"), end("End"), chain("Start", "p.EndJoin", "End"))
    case = Case(model)
    assert case.complete("p.EndJoin").ended


def test_load_refuses_what_the_gate_refuses() -> None:
    """Defence in depth: nothing runs that the gate would not pass; an unknown process is not found."""
    with pytest.raises(Invalid) as caught:
        interpreter.load(bpmn(start(), node("scriptTask", "x"), end(), chain("s", "x", "e")), "p")
    assert (caught.value.code, caught.value.details[0].place) == ("model.refused", "x")
    with pytest.raises(NotFound):
        interpreter.load(LINE, "q")


def test_state_of_another_definition_is_refused() -> None:
    """A state runs only on the definition that it was made with."""
    other = interpreter.load(LINE.replace(b'name="P"', b'name="Q"'), "p")
    with pytest.raises(Broken):
        interpreter.complete(other, Case(LINE).step.state, ElementInstanceId("a#1"), {}, WORLD)
    with pytest.raises(Broken):
        interpreter.complete(other, b"[]", ElementInstanceId("a#1"), {}, WORLD)


def test_twelve_parallel_blocks_start_quickly() -> None:
    """Consecutive AND blocks cost nothing before they are reached."""
    parts, before = [start()], "s"
    for n in range(12):
        parts += [
            both(f"f{n}", f"j{n}"),
            user(f"a{n}", f"b{n}"),
            chain(before, f"f{n}", f"a{n}", f"j{n}"),
            chain(f"f{n}", f"b{n}", f"j{n}"),
        ]
        before = f"j{n}"
    process = interpreter.load(bpmn(*parts, end(), chain(before, "e")), "p")
    began = time.process_time()
    case = Case(process)
    assert time.process_time() - began < 0.1
    for n in range(12):
        case.complete(f"b{n}")
        case.complete(f"a{n}")
    assert case.step.ended


def test_six_hundred_rounds_do_not_stall() -> None:
    """Round 600 finds its task, and costs as much state as round 10."""
    model = bpmn(
        start(),
        xor("m"),
        user("a"),
        xor("g", default="g_m"),
        end(),
        chain("s", "m", "a", "g"),
        flow("g", "m"),
        flow("g", "e", "done = true"),
    )
    case = Case(model)
    sizes = []
    for _ in range(600):
        case.complete("a", done=False)
        sizes.append(len(case.step.state))
    assert case.waiting == ["a#601"]
    assert sizes[-1] - sizes[9] < 20
    assert case.complete("a", done=True).ended


def test_a_thousand_elements_in_a_chain() -> None:
    """Neither parser nor step overflows the stack."""
    gateways = [f"x{n}" for n in range(1000)]
    model = bpmn(start(), xor(*gateways), user("a"), end(), chain("s", *gateways, "a", "e"))
    assert Case(model).open == ["a"]


def test_threads_share_a_process() -> None:
    """The loaded process is immutable: cases that run in eight threads at once do not disturb each other."""
    process = interpreter.load(loop("a", "b"), "p")

    def play(seed: int) -> object:
        case = Case(process, {"seed": seed})
        for number in range(4):
            for branch in "ab" if (seed >> number) % 2 else "ba":
                case.complete(branch)
            case.complete("review", ok=number == 3, last=seed + number)
        return case.step.ended, case.step.variables["last"]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(play, range(16))) == [(True, seed + 3) for seed in range(16)]


def test_five_hundred_tokens_in_one_place() -> None:
    """A join with excess tokens and hundreds of waiting tasks costs no more than their number."""
    split = "".join(flow("f", "a", identifier=f"t{n}") for n in range(500))
    model = bpmn(start(), both("f"), user("a"), end(), chain("s", "f"), split, chain("a", "e"))
    case = Case(model)
    assert len(case.waiting) == 500
    before = len(case.step.state)
    case.complete("a")
    assert len(case.step.state) < before
