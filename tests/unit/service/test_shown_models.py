"""What a model shows of its checks."""

import pytest

from engine.service.shown_models import without_silent_checks

KEPT = (
    b'<supervision:check id="a" actions="prompt_clerk report_discipline"><supervision:parameter/></supervision:check>'
)


@pytest.mark.parametrize(
    "silent",
    [
        b'<supervision:check id="s" actions="report_discipline"/>',
        b"<s:check id='s' actions='report_discipline'><s:parameter name=\"x\"/></s:check>",
        b'<supervision:check\n  id="s"\n  actions = " report_discipline "\n>\n</supervision:check>',
    ],
)
def test_a_check_that_only_reports_is_not_shown(silent: bytes) -> None:
    """Whatever it looks like; its neighbours stay."""
    assert without_silent_checks(b"<checks>" + KEPT + silent + KEPT + b"</checks>") == (
        b"<checks>" + KEPT + KEPT + b"</checks>"
    )


def test_a_model_without_any_is_shown_byte_for_byte() -> None:
    """The digest that a reader computes is that of the deployment."""
    assert without_silent_checks(b"<checks>" + KEPT + b"</checks>") == b"<checks>" + KEPT + b"</checks>"
