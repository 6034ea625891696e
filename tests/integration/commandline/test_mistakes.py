"""Slips at the command line are answered in one line, and found nothing by accident."""

import json
import os
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


HALF = '{"x": "' + chr(92) + 'ud83d"}'
ODD = {
    "twice.json": ('{"x": 1, "y": {"a": 1, "a": 2}}', "the key `a` stands twice"),
    "half.json": (HALF, "half of a character"),
    "huge.json": ('{"x": 1e999999}', "1e999999 is no number"),
    "long.json": ('{"x": ' + "9" * 7000 + "}", "is no number"),
    "nan.json": ('{"x": NaN}', "is not JSON"),
}


def test_json_that_says_two_things_or_none_is_refused(tmp_path: Path) -> None:
    """A key that stands twice, half a surrogate, numbers that FEEL has not; each in one line with the reason."""
    for name, (content, reason) in ODD.items():
        (tmp_path / name).write_text(content)
        for words in (("feel", "x", "--context"), ("feel", "x", "--sql", "duckdb", "--types")):
            done = mingjing(*words, str(tmp_path / name))
            assert done.returncode == 1, name
            assert reason in done.stderr, done.stderr
            assert len(done.stderr.splitlines()) == 1


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    """JSON, decisions and models that are larger than any that is accepted are refused before memory is full."""
    endless = tmp_path / "endless.dmn"
    endless.symlink_to("/dev/zero")
    for words in (
        ("feel", "x", "--context", str(endless)),
        ("decide", str(endless), "--decision", "d"),
        ("lint", str(endless)),
        ("simulate", str(endless)),
    ):
        done = mingjing(*words)
        assert done.returncode in {1, 2}, words
        assert "larger than" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_every_value_can_be_shown(tmp_path: Path) -> None:
    """Also on a terminal that has no sign for it."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "engine.cli", "feel", '"中"']
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert json.loads(done.stdout) == "中"
    for text in ("for i in 1e6000..1e6000 return i", '@"P1Y" * 1e6000'):
        assert mingjing("feel", text).returncode == 0


def test_types_and_context_go_with_what_reads_them(tmp_path: Path) -> None:
    """--types without --sql, and --context with it, would have no effect: that is said."""
    (tmp_path / "x.json").write_text('{"x": "number"}')
    for words, reason in ((("--types",), "--types goes with --sql"), (("--sql", "duckdb", "--context"), "--sql")):
        done = mingjing("feel", "x", *words, str(tmp_path / "x.json"))
        assert done.returncode == 2
        assert reason in done.stderr


IMPORTING = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:main" name="main">
<import name="rates" namespace="urn:rates" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:rates#rate"/></informationRequirement>
<literalExpression><text>rates.rate * 2</text></literalExpression></decision></definitions>"""
RATES = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:rates" name="rates">
<import name="base" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<decision id="rate" name="rate"><informationRequirement><requiredDecision href="urn:base#b"/></informationRequirement>
<literalExpression><text>base.b + 1</text></literalExpression></decision></definitions>"""
BASE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:base" name="base">
<decision id="b" name="b"><literalExpression><text>20</text></literalExpression></decision></definitions>"""


def test_a_decision_may_import_other_files(tmp_path: Path) -> None:
    """--import names them, in any order; one that is missing is named."""
    files = {"main.dmn": IMPORTING, "rates.dmn": RATES, "base.dmn": BASE}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    main, rates, base = (str(tmp_path / name) for name in files)
    done = mingjing("decide", main, "--decision", "d", "--import", rates, "--import", base)
    assert json.loads(done.stdout)["value"] == 42
    done = mingjing("decide", main, "--decision", "d", "--import", rates)
    assert done.returncode == 1
    assert "urn:base" in done.stderr
    assert len(done.stderr.splitlines()) == 1


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


def test_lint_names_a_wrong_table_once_and_says_what_to_do(tmp_path: Path) -> None:
    """File, what is wrong, the cure and the rule, each once."""
    (tmp_path / "d.dmn").write_text(SINGLE.replace("<decisionTable>", '<decisionTable hitPolicy="BOGUS">'))
    done = mingjing("lint", str(tmp_path / "d.dmn"))
    place = str(tmp_path / "d.dmn")
    expected = "d: the hit policy `BOGUS` does not exist. Correct what the message names. [dmn.problem]"
    assert done.stdout == f"error: {place}: {expected}\n"
    assert done.returncode == 1
