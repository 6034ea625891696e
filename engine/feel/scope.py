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

    def knows(self, name: str) -> bool:
        """Whether the name is known here or around."""
        return name in self or (self.parent.knows(name) if isinstance(self.parent, Scope) else name in self.parent)
