"""Names at run time: small dictionaries that ask the one around them."""

from collections.abc import Mapping
from typing import Any


class Scope(dict[str, Any]):
    """Own names first, then those of the parent; KeyError when nobody knows the name."""

    __slots__ = ("parent",)

    def __init__(self, names: Mapping[str, Any], parent: Mapping[str, Any]) -> None:
        dict.__init__(self, names)
        self.parent = parent

    def __missing__(self, name: str) -> Any:
        return self.parent[name]

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in self.parent
