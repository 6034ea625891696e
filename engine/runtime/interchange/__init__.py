"""What other tools write, read as our dialect: every rewrite is a finding of severity info, none is silent.

A rewrite happens only where the meaning is certain; else the finding is an error that names the modern equivalent.
The tree in memory is changed, never the file. Afterwards only the dialect is left, so nobody else knows of this.
"""

from collections.abc import Callable, Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.interchange import camunda, data, executable, expressions, loops, performers
from engine.runtime.rules.model import Reporter

Rewriter = Callable[[Reporter, etree._Element], Iterator[LintFinding]]

_REWRITERS: tuple[Rewriter, ...] = (
    executable.rewrite,
    performers.rewrite,
    camunda.rewrite,
    loops.rewrite,
    data.rewrite,
    expressions.rewrite,
)


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """Change the tree; give a finding for each change. Order matters: a later one sees what an earlier one wrote."""
    for part in _REWRITERS:
        yield from part(reporter, root)
