"""Script task: a FEEL expression, whose value becomes the result variable. No other language is ever run.

Corrects: SpiffWorkflow executes script tasks as Python.
"""

from engine.model.errors import Broken
from engine.runtime.elements.token import Token, TokenSpec


class ScriptTask(TokenSpec):
    """Evaluates when the token is there; the value is delivered as any other result."""

    def execute(self, token: Token) -> bool:
        """Evaluate."""
        script = self.activity.script
        if script is None:
            raise Broken("runtime.script_missing", f"{self.name} has no script.")
        token.results = {script.variable: self.evaluate(token, script.expression)}
        return True
