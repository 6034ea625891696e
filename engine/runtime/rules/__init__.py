"""The rules of the model gate, one family a file. Order matters: see `FAMILIES`.

A rule is a generator over a `Model`. It reads the drawing, never runs it, and must survive any XML that
`engine.runtime.xml` lets pass.
"""

from collections.abc import Callable, Iterator

from engine.model.definitions import LintFinding
from engine.runtime.rules import (
    activities,
    approval,
    built_in_jobs,
    connections,
    decisions,
    document,
    elements,
    event_places,
    events,
    expressions,
    graph,
    launch,
    outlook,
    soundness,
    supervision,
    user_tasks,
)
from engine.runtime.rules.model import Model

Rule = Callable[[Model], Iterator[LintFinding]]

FAMILIES: tuple[Rule, ...] = (
    document.inspect,
    elements.inspect,
    connections.inspect,
    events.inspect,
    event_places.inspect,
    graph.inspect,
    soundness.inspect,
    outlook.inspect,
    expressions.inspect,
    user_tasks.inspect,
    approval.inspect,
    activities.inspect,
    built_in_jobs.inspect,
    decisions.inspect,
    supervision.inspect,
    launch.inspect,
)

JUDGING: frozenset[Rule] = frozenset({soundness.inspect, outlook.inspect, launch.inspect})
"""What judges a drawing that the interpreter could run."""
