"""Words for the codes of the libraries of indicators and checks."""

from collections.abc import Callable, Mapping

from flask_babel import LazyString, lazy_gettext

_KINDS: Mapping[str, LazyString] = {
    "admission_criterion": lazy_gettext("Admission criterion"),
    "review_condition": lazy_gettext("Review condition"),
    "technical_standard": lazy_gettext("Technical standard"),
    "discretion_band": lazy_gettext("Discretion band"),
}

_VALUE_TYPES: Mapping[str, LazyString] = {
    "number": lazy_gettext("Number"),
    "range": lazy_gettext("Range"),
    "choices": lazy_gettext("List of choices"),
    "date": lazy_gettext("Day"),
    "boolean": lazy_gettext("Yes or no"),
    "text": lazy_gettext("Text"),
    "table": lazy_gettext("Table"),
    "bands": lazy_gettext("Bands by tier"),
}

_PHASES: Mapping[str, LazyString] = {
    "entry": lazy_gettext("On arrival"),
    "submit": lazy_gettext("On submitting"),
    "after": lazy_gettext("Afterwards"),
    "timer": lazy_gettext("While it waits"),
}

_ACTIONS: Mapping[str, LazyString] = {
    "prompt_clerk": lazy_gettext("Prompt the clerk"),
    "alert_unit": lazy_gettext("Alert the unit"),
    "report_discipline": lazy_gettext("Report to the discipline body"),
}

_LOOKS: Mapping[str, LazyString] = {
    "before": lazy_gettext("Before the act"),
    "during": lazy_gettext("During the act"),
    "after": lazy_gettext("After the act"),
}


def indicator_kind_label(code: str) -> str:
    """A kind of indicator in words."""
    return str(_KINDS.get(code, code))


def value_type_label(code: str) -> str:
    """What an indicator's value is, in words."""
    return str(_VALUE_TYPES.get(code, code))


def phase_label(code: str) -> str:
    """When a drawn check is judged, in words."""
    return str(_PHASES.get(code, code))


def action_label(code: str) -> str:
    """What follows from a finding, in words."""
    return str(_ACTIONS.get(code, code))


def look_label(code: str) -> str:
    """At which time of an act a check of the catalogue looks, in words."""
    return str(_LOOKS.get(code, code))


def with_words(code: str, words: Callable[[str], str]) -> tuple[str, str]:
    """A code with its words, for the options of a choice."""
    return code, words(code)
