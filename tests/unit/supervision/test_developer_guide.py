"""The check that the developer guide prints works as it stands."""

import importlib.util
import re
from pathlib import Path

import pytest

from engine.supervision.check import Check
from engine.supervision.facts import Facts
from tests.unit.supervision.asking import NOW, drawn

GUIDE = Path(__file__).parents[3] / "docs" / "developer" / "checks.md"


@pytest.fixture(name="check", scope="module")
def the_check_of_the_guide(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Its block of Python, as a module."""
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("checks") / "cal_01.py"
    path.write_text(block, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("cal_01", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.CHECK
    assert isinstance(found, Check)
    return found


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2026-03-02T10:00:00+08:00", "办理时间：2026-03-02 10:00 在工作时间内"),
        ("2026-03-02T18:00:00+08:00", "办理时间：2026-03-02 18:00 不在工作时间内"),
        ("2026-03-07T10:00:00+08:00", "办理时间：2026-03-07 10:00 不在工作时间内"),
        (None, "无法判断办理时间：缺少办理时间（at）"),
        ("2027-03-02T10:00:00+08:00", "无法判断办理时间：工作日历没有 2027 年的放假和调休安排"),
    ],
)
def test_it_answers(check: Check, at: object, sentence: str) -> None:
    """HIT, CLEAR and CANNOT_SAY."""
    answer = check.answer(drawn("CAL-01", {"at": "=at"}), Facts(variables={"at": at}, now=NOW))
    assert check.say(answer, "办理时间") == sentence
