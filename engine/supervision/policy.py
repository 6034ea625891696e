"""From answers to consequences. What a report-only check found never has one that anybody in the unit could notice."""

from collections.abc import Iterable

from engine.model.findings import CheckOutcome, CheckResult, RiskLevel


def level(results: Iterable[CheckResult]) -> RiskLevel:
    """The level of an element: the highest among what is HIT or CANNOT_SAY and not silent; NONE when all is clear."""
    return max((result.level for result in results if result.warns), key=lambda one: one.rank, default=RiskLevel.NONE)


def blocking(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results that forbid the step: blocking HITs, unless exempt or passed with a reason that the check allows.

    An open question warns but does not forbid.
    """
    return tuple(
        result
        for result in results
        if result.blocking and result.outcome is CheckOutcome.HIT and result.warns and not result.given_reason
    )


def visible(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results that the unit may see, clear ones included."""
    return tuple(result for result in results if not result.silent)
