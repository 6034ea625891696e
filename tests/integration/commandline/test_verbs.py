"""The verbs from outside: what they print, their exit status, and one line for every error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import parser

ROOT = Path(__file__).resolve().parents[3]


def mingjing(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in the project's folder."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MINGJING_VAR")}
    return subprocess.run(
        [sys.executable, "-m", "engine.cli", *words],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
        timeout=120,
    )


def test_a_new_installation_gets_its_first_administrator(short_var: Path) -> None:
    """Migrate, prepare, create, list, disable; then back up, restore elsewhere, verify."""
    var = ("--var", str(short_var))
    assert "revision" in mingjing("db", "upgrade", *var).stdout
    prepare = (
        "from pathlib import Path; import sys; from engine.service.bootstrap import prepare;"
        "from engine.store.embedded import embedded; var = Path(sys.argv[1])\n"
        "with embedded(var) as dsns: prepare(dsns.app, var, print)"
    )
    subprocess.run([sys.executable, "-c", prepare, str(short_var)], check=True, capture_output=True, cwd=ROOT)
    words = ("users", "create", "boss", "--name", "王芳", "--role", "security_admin", "--password-stdin", *var)
    created = mingjing(*words, text="a long enough Pass-phrase 7\n")
    assert created.returncode == 0, created.stderr
    people = json.loads(mingjing("users", "list", "--json", *var).stdout)
    assert {"boss", "system"} == {person["username"] for person in people}
    swept = mingjing("sweep", *var)
    assert swept.stdout == "0 case(s) judged, 0 new finding(s), 0 could not be judged\n", swept.stderr
    assert "NO-1" in mingjing("sweep", "--unit", "NO-1", *var).stderr
    assert mingjing("users", "disable", "boss", *var).returncode == 0
    backup, elsewhere = short_var.parent / "b.tar", short_var.parent / "elsewhere"
    assert mingjing("backup", str(backup), "--with-keys", *var).returncode == 0
    refused = mingjing("restore", str(backup), *var)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    restored = mingjing("restore", str(backup), "--var", str(elsewhere))
    assert restored.stdout.endswith("Restored; the trace verifies.\n"), restored.stderr
    assert mingjing("trace", "verify", "--var", str(elsewhere)).stdout.startswith("ok: ")
    assert "boss" in mingjing("users", "list", "--var", str(elsewhere)).stdout


def test_lint_has_three_exit_statuses(tmp_path: Path) -> None:
    """0 for our own content, 1 for a model that cannot run, 2 for what cannot be read."""
    assert mingjing("lint", "processes", "forms").returncode == 0
    source = (ROOT / "processes/dibao/dibao.bpmn").read_text()
    bad = tmp_path / "bad.bpmn"
    bad.write_text(source.replace('formId="dibao-receipt"', 'formId="nowhere"'))
    found = mingjing("lint", str(bad), "--json")
    assert found.returncode == 1
    assert any(finding["severity"] == "error" for finding in json.loads(found.stdout))
    bad.write_text(source[: len(source) // 2])
    assert mingjing("lint", str(bad)).returncode == 2
    missing = mingjing("lint", str(tmp_path / "none.bpmn"))
    assert missing.returncode == 2
    assert missing.stderr == f"mingjing: {tmp_path / 'none.bpmn'}: No such file or directory\n"


def test_expressions_and_decisions_at_the_command_line(tmp_path: Path) -> None:
    """FEEL and DMN with exact numbers in and out."""
    case = tmp_path / "case.json"
    case.write_text('{"income": 0.1}')
    assert mingjing("feel", "=income + 0.2", "--context", str(case)).stdout == "0.3\n"
    failed = mingjing("feel", "1 +")
    assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1)
    words = ("decide", "processes/dibao/dibao-limits.dmn", "--decision", "nothing", "--input", str(case))
    assert mingjing(*words).returncode == 1
    assert any(check["code"] == "THR-01" for check in json.loads(mingjing("checks", "list", "--json").stdout))


VERBS = """serve | worker | db upgrade | db url | backup | restore | deploy | lint | decide | feel | trace verify
| trace head | trace export | trace erase
| checks list | users create | users list | users set-password | users disable | users token"""


@pytest.mark.parametrize("words", [one.strip() for one in VERBS.split("|")])
def test_every_help_has_an_example(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help of each verb shows how it is used."""
    with pytest.raises(SystemExit) as end:
        parser().parse_args([*words.split(), "--help"])
    assert end.value.code == 0
    assert "example:\n  " in capsys.readouterr().out


def test_a_wrong_word_is_one_line() -> None:
    """An unknown verb: one line on stderr, exit status 2."""
    done = mingjing("frobnicate")
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")


def test_rules_in_sql_at_the_command_line(tmp_path: Path) -> None:
    """The SQL of the value and that for WHERE; a refusal is one line that names the construct and its place."""
    types = tmp_path / "types.json"
    types.write_text('{"income": "number(12,2)", "kind": {"type": "string", "column": "household_type"}}')
    shown = mingjing("feel", 'kind = "urban" and income < 5', "--sql", "postgres", "--types", str(types)).stdout
    where = '"household_type" = \'urban\' AND "income" < 5'
    value = 'COALESCE("household_type" = \'urban\', FALSE) AND "income" < 5'
    assert json.loads(shown) == {"kind": "boolean", "value": value, "where": where}
    refused = mingjing("feel", 'matches(kind, "^u")', "--sql", "duckdb", "--types", str(types))
    assert refused.returncode == 1
    assert refused.stderr.startswith("mingjing: matches(): ")
    assert refused.stderr.endswith("(line 1, column 1)\n")
