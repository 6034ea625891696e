"""Event subprocess: begins when its start event occurs in the scope in which it is drawn.

Corrects: SpiffWorkflow never interrupts the scope, runs an event subprocess with an error or escalation start at once,
and keeps a finished process open for an armed timer.
"""

from collections.abc import Mapping
from typing import Any

from engine.runtime.elements.none_events import StartEvent
from engine.runtime.elements.sub_process import SubProcess
from engine.runtime.elements.token import Token
from engine.runtime.scopes import Scope


class EventSubProcess(SubProcess):
    """A token of it lives in the scope around it, which is not over before it is."""

    def execute(self, token: Token) -> None:
        """Begin at the start event, which hands on what came."""
        came, token.results = token.results, {}
        token.workflow.begin(token.make_local(), self.siblings, self.name, (str(token.occurred),), came)


class EventSubProcessStart(StartEvent):
    """Waits with the scope in which its event subprocess is drawn."""

    def occur(self, workflow: Any, holder: Scope, results: Mapping[str, object]) -> None:
        """Take everything else in the scope away if interrupting, then begin; other events of an interrupted scope
        are waited for no longer.
        """
        token = Token(workflow, self.siblings.task_specs[self.siblings.around[self.name]], scope=holder)
        token.results, token.occurred = dict(results), self.name
        if self.event is not None and self.event.interrupting:
            workflow.armed.close_all(holder)
            workflow.cancel_others(holder, token)
        token.task_spec._update(token)
