"""Masked values: enough to tell two records apart, too little to learn what stands there.

===============================  ==========================================================
text of 11 characters and more   the first three and the last four: ``320***********1234``
text of 5 to 10 characters       the first and the last one: ``建****号``
text of 2 to 4 characters        the first one: ``林**``
anything else that is filled in  ``***``
===============================  ==========================================================

Empty values stay empty: that something was filled in is not what a mask hides.
"""

from collections.abc import Mapping

STARS = "***"
_LONG, _MIDDLE, _SHORT = 11, 5, 2


def mask(value: object) -> object:
    """A value as readers without the right to it see it; lists and records are masked inside."""
    if value is None or value == "":
        return value
    if isinstance(value, Mapping):
        return {name: mask(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask(inner) for inner in value]
    return _text(value) if isinstance(value, str) else STARS


def _text(value: str) -> str:
    length = len(value)
    if length >= _LONG:
        return f"{value[:3]}{'*' * (length - 7)}{value[-4:]}"
    if length >= _MIDDLE:
        return f"{value[0]}{'*' * (length - 2)}{value[-1]}"
    return f"{value[0]}{'*' * (length - 1)}" if length >= _SHORT else "*"
