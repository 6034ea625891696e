"""What a case shows as its warnings."""

from engine.service.timeline import warnings_of
from tests.unit.web import page_samples as samples


def test_a_later_judgement_of_an_element_replaces_the_earlier_one() -> None:
    """Also when everything passed the second time: the old warning is history then, not a present warning."""
    first = samples.entry(1, "user_task.completed.v1")
    second = samples.entry(2, "user_task.completed.v1", warnings=())
    assert warnings_of([first]) == (samples.WARNING,)
    assert warnings_of([first, second]) == ()
