"""The DMN Technology Compatibility Kit, where it lies beside the checkout."""

from pathlib import Path

import pytest

from tests.golden.tck_runner import run

KIT = Path(__file__).resolve().parents[3] / "shared" / "data" / "dmn-tck"
REFUSED = Path(__file__).with_name("tck_refused.txt")


@pytest.mark.skipif(not KIT.is_dir(), reason="the kit is not there")
def test_only_the_listed_cases_of_the_kit_fail() -> None:
    """Every failure is on the list with its reason, and the list holds nothing that passes: it may only shrink.

    The list is that of the whole public kit; the folder may hold a part of it.
    """
    outcomes = run(KIT)
    failures = {f"{one.case} {one.node}" for one in outcomes if not one.passed}
    there = {f"{one.case} {one.node}" for one in outcomes}
    lines = [line.partition("#")[0].strip() for line in REFUSED.read_text(encoding="utf-8").splitlines()]
    assert failures == {line for line in lines if line in there}
