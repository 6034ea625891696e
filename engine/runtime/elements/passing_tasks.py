"""None task and manual task: nothing for the engine to do; the token passes on (BPMN 2.0.2, 13.3.3).

Corrects: SpiffWorkflow lets a manual task wait as a user task does.
"""

from engine.runtime.elements.token import TokenSpec


class PassingTask(TokenSpec):
    """Activated and completed in one go."""
