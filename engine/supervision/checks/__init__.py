"""The checks, one file each. A module of this folder that is not private has a constant ``CHECK``; that is all the
registering there is.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine.supervision.check import Check


def _found() -> Iterator[tuple[str, Check]]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        check: Check = importlib.import_module(f"{__name__}.{module.name}").CHECK
        yield check.code, check


CHECKS: Mapping[str, Check] = MappingProxyType(dict(_found()))
"""All checks by their code in the catalogue."""
