"""One page of docs/reference/checks for each check, from its own values: for `reference`."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from engine.supervision.check import Check
from engine.supervision.checks import CHECKS
from engine.supervision.sentences import COMMON, Sentence
from scripts.markdown import cell, page, table


def rows() -> list[tuple[str, ...]]:
    """The rows of the overview, by code."""
    return [
        (
            f"[`{check.code}`](checks/{check.code}.md)",
            check.name,
            check.kind,
            ", ".join(sorted(check.phases)),
            str(check.level),
            check.source,
        )
        for check in sorted(CHECKS.values(), key=lambda one: one.code)
    ]


def parameters(check: Check) -> list[tuple[str, ...]]:
    """name, kind, default, Chinese name, meaning. A required one has no default but says so."""
    return [
        (
            f"`{one.name}`",
            ", ".join(f"`{choice}`" for choice in one.choices) or str(one.kind),
            "required" if one.required else f"`{one.default}`" if one.default else "",
            one.zh,
            one.meaning,
        )
        for one in check.parameters
    ]


def sentences(said: Mapping[str, Sentence]) -> list[tuple[str, ...]]:
    """code, Chinese, English."""
    return [(f"`{code}`", sentence.zh, sentence.en) for code, sentence in said.items()]


def about(check: Check) -> str:
    """Rule, source, where it can be judged today."""
    groups = "".join(
        f"At least one of {' and '.join(f'`{name}`' for name in sorted(group))} must be drawn.\n"
        for group in check.alternatives
    )
    return (
        f"{check.name} · {check.kind} · phases: {', '.join(sorted(check.phases))} · usual level: {check.level}\n\n"
        f"{check.rule}\n\nSource: {check.source}\n\n{handed(check)}\n\n{groups}"
    )


def handed(check: Check) -> str:
    """What the check is given by the engine as it is now."""
    said = ["Judged from the case's variables."]
    if check.trace != "none":
        said.append("Parameters that need the trace are CANNOT_SAY until the engine hands it over.")
    if check.sources:
        said.append("Datasets are not connected yet: a check that needs one is CANNOT_SAY by its name.")
    if "indicator" in check.by_name:
        said.append("With `indicator` it is CANNOT_SAY until the indicator library is connected.")
    return " ".join(said)


def overview() -> str:
    """The catalogue of checks."""
    told = (
        "A model names a check by its code; level and actions belong to the model, the level here is the usual one.\n"
        "How to write one: [checks](../developer/checks.md). `mingjing checks list --json` prints the same.\n"
    )
    return page(
        "Checks",
        "`engine.supervision.checks`",
        told,
        table(("code", "name", "type", "phases", "level", "source"), _cells(rows())),
        "\n## What every check may say\n",
        table(("code", "中文", "English"), _cells(sentences(COMMON))),
    )


def one_page(code: str) -> str:
    """The page of a check."""
    found = CHECKS[code]
    return page(
        f"{code} {found.name}",
        f"`engine/supervision/checks/{code.lower().replace('-', '_')}.py`",
        about(found),
        "## Parameters\n",
        table(("name", "value", "default", "中文", "meaning"), _cells(parameters(found))),
        f"\n## In a model\n\n```xml\n{found.example}\n```\n",
        "## What it says\n",
        table(("code", "中文", "English"), _cells(sentences(found.sentences))),
    )


def _cells(found: Iterable[Iterable[str]]) -> list[list[str]]:
    return [[cell(text) for text in row] for row in found]


PAGES: Mapping[str, Callable[[], str]] = {
    "checks.md": overview,
    **{f"checks/{code}.md": partial(one_page, code) for code in CHECKS},
}
