"""The built-in functions of DMN 1.5, and those of Camunda's that depend on nothing but their arguments."""

from . import contexts, conversions, extras, lists, numbers, ranges, strings, temporal
from .registry import BUILTINS, Builtin

__all__ = ["BUILTINS", "REFUSED", "Builtin"]

REFUSED = {
    "uuid": "it gives another value every time",
    "random number": "it gives another value every time",
    "fromAi": "a language model gives another value every time",
}
"""Functions of other engines that are refused, each with the reason."""

_MODULES = (contexts, conversions, extras, lists, numbers, ranges, strings, temporal)
