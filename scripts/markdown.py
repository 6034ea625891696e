"""Pages and tables in Markdown, for the scripts that write the reference."""

from collections.abc import Iterable

NOTE = "This page is written by `scripts/reference.py` from {source}; a test fails when it is stale.\n"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; cells must be escaped already."""
    head = list(head)
    lines: list[Iterable[str]] = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def page(title: str, source: str, *parts: str) -> str:
    """A whole page."""
    return "\n".join((f"# {title}\n", NOTE.format(source=source), *parts))
