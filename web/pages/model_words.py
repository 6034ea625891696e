"""Words about models that are being drawn."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

_MODELS: Mapping[str, LazyString] = {
    "process": lazy_gettext("Process (BPMN)"),
    "decision": lazy_gettext("Decision (DMN)"),
    "form": lazy_gettext("Form"),
}


def model_kind(kind: str) -> str:
    """What a file that is being drawn holds."""
    return str(_MODELS.get(kind, kind))
