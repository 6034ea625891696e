"""``supervision:approval``: what is read, what is refused at deployment, and how votes make one result."""

from decimal import Decimal

import pytest

from engine.model.approval import ALWAYS, Countersign, Disagreement, Resume, SelfApproval, Verb
from engine.model.errors import Refused
from engine.model.ids import ElementId
from engine.runtime import gate, interpreter
from tests.unit.runtime.builder import Case, both, bpmn, chain, end, many, node, start, user

OUTCOMES = (
    '<supervision:outcomes resultVariable="opinion"><supervision:outcome code="agree" name="同意"/>'
    '<supervision:outcome code="disagree" name="不同意" negative="true"/></supervision:outcomes>'
)


def _vote(options: str, *, sequential: bool = False) -> bytes:
    """A vote of the people in ``items`` between two user tasks."""
    drawn = f"{OUTCOMES}<supervision:approval {options}/>"
    task = node(
        "userTask",
        "m",
        extension=drawn,
        inner=many(sequential=sequential, outputCollection="opinions", outputElement="=opinion"),
    )
    return bpmn(start(), user("a", "f"), task, end(), chain("s", "a", "m", "f", "e"))


def _cast(model: bytes, votes: str, people: list[object] | None = None) -> tuple[Case, int]:
    """The case after these votes (``+`` or ``-``), and how many were cast before it was decided."""
    case = Case(model, {"items": people or list(range(1, len(votes) + 1))})
    case.complete("a")
    for place, vote in enumerate(votes):
        if "m" not in case.open:
            return case, place
        case.complete("m", opinion="agree" if vote == "+" else "disagree")
    return case, len(votes)


@pytest.mark.parametrize(
    ("options", "votes", "result", "cast"),
    [
        ('countersign="all"', "+++", "agree", 3),
        ('countersign="all"', "+-+", "disagree", 2),
        ('countersign="all" everybody="true"', "-++", "disagree", 3),
        ('countersign="any"', "-++", "disagree", 1),
        ('countersign="any"', "+--", "agree", 1),
        ('countersign="ratio" share="0.5"', "+-+-", "agree", 3),
        ('countersign="ratio" share="0.6"', "--+++", "agree", 5),
        ('countersign="ratio" share="0.6"', "---++", "disagree", 3),
        ('countersign="ratio" share="0.6" disagreement="veto"', "+-+++", "disagree", 2),
        ('countersign="weighted" weight="=1"', "+-", "disagree", 2),
        ('countersign="weighted" weight="=1"', "++-", "agree", 2),
    ],
)
def test_votes_make_one_result(options: str, votes: str, result: str, cast: int) -> None:
    """The result variable holds the outcome of the whole; votes that change nothing any more are not waited for."""
    case, were_cast = _cast(_vote(options), votes)
    assert (case.step.variables["opinion"], were_cast) == (result, cast)
    assert case.open == ["f"]


def test_weights_come_from_the_item_and_a_chair_may_outweigh() -> None:
    """Three of six is a tie and does not pass; the chair's three with one more does."""
    people: list[object] = [{"weight": 3}, {"weight": 1}, {"weight": 1}, {"weight": 1}]
    model = _vote('countersign="weighted" weight="=item.weight"')
    assert _cast(model, "+---", people)[0].step.variables["opinion"] == "disagree"
    assert _cast(model, "++--", people)[0].step.variables["opinion"] == "agree"


def test_the_others_are_terminated_visibly_when_it_is_decided() -> None:
    """Whoever was not waited for has a terminated task in the trace, not a missing one."""
    case, _ = _cast(_vote('countersign="any"'), "+", [1, 2, 3])
    assert sum(one.startswith("!m#") for one in case.story) == 2


def test_in_sequence_the_next_is_asked_only_after_the_one_before() -> None:
    """And nobody more after a veto."""
    case, cast = _cast(_vote('countersign="all"', sequential=True), "+-+")
    assert (cast, case.step.variables["opinion"]) == (2, "disagree")
    case = Case(_vote('countersign="all"', sequential=True), {"items": [1, 2]})
    case.complete("a")
    assert case.open == ["m"]


def test_a_vote_without_voters_is_refused() -> None:
    """An empty list never means that everybody agreed."""
    case = Case(_vote('countersign="all"'), {"items": []})
    with pytest.raises(Refused) as refused:
        case.complete("a")
    assert refused.value.code == "countersign.nobody"


def test_options_are_read_with_what_is_usual() -> None:
    """Names of verbs, targets and policies; a node that says nothing lets people urge and copy, and no more."""
    options = (
        '<supervision:approval returnTo="a initiator" resume="direct" selfApproval="refuse" fallback="head">'
        '<supervision:verb code="send-back" name="退给经办"/><supervision:verb code="transfer"/></supervision:approval>'
    )
    model = bpmn(start(), user("a"), node("userTask", "b", extension=options), end(), chain("s", "a", "b", "e"))
    elements = interpreter.load(model, "p").definition.elements
    drawn = elements[ElementId("b")].approval
    assert dict(drawn.verbs) == {Verb.SEND_BACK: "退给经办", Verb.TRANSFER: "", Verb.URGE: "", Verb.CC: ""}
    assert (drawn.return_to, drawn.resume) == (("a", "initiator"), Resume.DIRECT)
    assert (drawn.self_approval, drawn.fallback, drawn.vote) == (SelfApproval.REFUSE, ("head",), None)
    assert set(elements[ElementId("a")].approval.verbs) == ALWAYS
    vote = interpreter.load(_vote('countersign="ratio" share="0.6"'), "p").definition.elements[ElementId("m")]
    assert vote.approval.vote is not None
    assert vote.approval.vote.mode is Countersign.RATIO
    assert vote.approval.vote.share == Decimal("0.6")
    assert vote.approval.vote.disagreement is Disagreement.COUNT


@pytest.mark.parametrize(
    "options",
    [
        'countersign="most"', 'countersign="ratio"', 'countersign="ratio" share="1.1"', 'countersign="all" share="1"',
        'countersign="weighted"', 'countersign="all" weight="=1"', 'everybody="true"', 'disagreement="veto"',
        'returnTo="nowhere"', 'returnTo="f"', 'resume="later"', 'selfApproval="pass"',
    ],
)  # fmt: skip
def test_options_that_cannot_be_meant_are_refused(options: str) -> None:
    """At deployment already, at the node."""
    report = gate.inspect(_vote(options), resource="", forms=None, decisions=None)
    assert {one.element_id for one in report.findings if one.severity.value == "error"} == {"m"}


def test_a_target_inside_a_joined_branch_is_refused_at_deployment() -> None:
    """The designer learns it, not the clerk."""
    options = '<supervision:approval returnTo="{}"/>'
    for target, fine in (("a", True), ("b", False)):
        model = bpmn(
            start(), user("a", "b", "c"), both("g", "j"), end(), chain("s", "a", "g", "b", "j", "f", "e"),
            chain("g", "c", "j"), node("userTask", "f", extension=options.format(target)),
        )  # fmt: skip
        errors = [
            one.rule for one in gate.inspect(model, resource="", forms=None, decisions=None).findings
            if one.severity.value == "error"
        ]  # fmt: skip
        assert errors == ([] if fine else ["approval-option"])


def test_unknown_verbs_are_refused() -> None:
    """A verb that nobody offers is no silent nothing."""
    options = '<supervision:approval><supervision:verb code="teleport"/></supervision:approval>'
    model = bpmn(start(), node("userTask", "a", extension=options), end(), chain("s", "a", "e"))
    found = gate.inspect(model, resource="", forms=None, decisions=None).findings
    assert "approval-option" in {one.rule for one in found}
