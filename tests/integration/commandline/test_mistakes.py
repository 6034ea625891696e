"""Slips at the command line are answered in one line, and found nothing by accident."""

import json
import subprocess
import sys
from pathlib import Path


def mingjing(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_mistyped_folder_is_not_made_into_a_database(short_var: Path) -> None:
    """Verifying, listing and backing up where nothing was ever started says so and creates nothing."""
    for words in (("trace", "verify"), ("users", "list"), ("backup", "/tmp/never.tar"), ("db", "url")):
        done = mingjing(*words, "--var", str(short_var))
        assert done.returncode == 1
        assert "start it once" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not short_var.exists()


SINGLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="d" name="d">
<decisionTable><input><inputExpression><text>age</text></inputExpression></input><output name="out"/>
<rule><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>"child"</text></outputEntry></rule>
<rule><inputEntry><text>&lt; 20</text></inputEntry><outputEntry><text>"young"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_wrong_inputs_of_rules_are_one_line(tmp_path: Path) -> None:
    """Files that are missing, no JSON, no DMN or too deep, and texts that are wrong or cost too much."""
    files = {"list.json": "[1]", "bad.json": "{bad", "deep.json": "[" * 100_000, "none.dmn": "<a/>", "d.dmn": SINGLE}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    for words in (
        *(("feel", text) for text in ("1 +", "", "age", "uuid()", "for i in 1..9999999 return i", "(" * 500)),
        *(("feel", "1", "--context", name) for name in ("gone.json", "list.json", "bad.json", "deep.json", ".")),
        *(("decide", name, "--decision", "d") for name in ("gone.dmn", "none.dmn", "list.json", ".")),
        ("decide", "d.dmn", "--decision", "nothing"),
        ("decide", "d.dmn", "--decision", "d", "--input", "list.json"),
        ("decide", "d.dmn", "--decision", "d"),
    ):
        command = [sys.executable, "-m", "engine.cli", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
        assert done.returncode == 1, words
        assert len(done.stderr.splitlines()) == 1, (words, done.stderr)
        assert done.stderr.startswith("mingjing: "), words


def test_a_decision_names_the_rules_that_contradict(tmp_path: Path) -> None:
    """The result and its errors as JSON, and the errors on stderr; exit status 1."""
    (tmp_path / "d.dmn").write_text(SINGLE)
    (tmp_path / "case.json").write_text('{"age": 5}')
    done = mingjing("decide", str(tmp_path / "d.dmn"), "--decision", "d", "--input", str(tmp_path / "case.json"))
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "value": None,
        "matched": [1, 2],
        "inputs": {"age": 5},
        "errors": ["d: the rules 1, 2 all match, but the hit policy is UNIQUE"],
    }
    assert done.stderr == "mingjing: d: the rules 1, 2 all match, but the hit policy is UNIQUE\n"


def test_values_are_shown_as_feel_writes_them() -> None:
    """Durations, ranges, functions and far dates have no kind in JSON."""
    for text, shown in (('@"P1DT2H"', "P1DT2H"), ("[1..5)", "[1..5)"), ('@"12026-01-05"', "12026-01-05")):
        assert json.loads(mingjing("feel", text).stdout) == shown


def test_an_unknown_scope_is_one_line(short_var: Path) -> None:
    """No traceback for a role with a scope that there is not."""
    done = mingjing("users", "create", "w2", "--name", "王", "--role", "clerk:galaxy", "--var", str(short_var))
    assert done.returncode == 1
    assert "own, unit, subtree, all" in done.stderr
    assert "Traceback" not in done.stderr
