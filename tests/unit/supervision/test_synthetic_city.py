"""What was planted in the synthetic city is found, and nothing else. Needs ../shared; passes over without it."""

import pytest

from scripts import measure_checks


@pytest.mark.skipif(
    not (measure_checks.CITY / "truth.csv").exists(), reason="../shared/data/synthetic_city is not here"
)
def test_every_label_is_found_and_nothing_else() -> None:
    """Precision and recall are 1 for each check that the city has labels for, and no row is an open question."""
    scores = list(measure_checks.measure(measure_checks.CITY))
    assert {score.trial.label for score in scores if score.wanted} == {
        "SEP-01", "SEP-02", "SEQ-01", "DDL-01", "DDL-02", "THR-03", "DUP-01", "DUP-03", "XDB-02", "XDB-03",
    }  # fmt: skip
    for score in scores:
        assert (score.found, score.open) == (score.wanted, 0), score.trial.label
