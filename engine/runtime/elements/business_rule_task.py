"""Business rule task: asks the environment for a decision; SpiffWorkflow's own DMN engine is never loaded."""

from engine.feel import FeelError
from engine.model.errors import Broken, Refused
from engine.model.transitions import DecisionEvaluation
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.values import normalise


class BusinessRuleTask(TokenSpec):
    """The output of the decision becomes the value of its result variable."""

    def execute(self, token: Token) -> bool:
        """Decide, keep the output, write the evaluation down."""
        decision, variable = self.definition.decision_id, self.definition.decision_result_variable
        if decision is None or variable is None:
            raise Broken("runtime.decision_missing", f"{self.name} names no decision or no result variable.")
        workflow = token.workflow
        try:
            decided = workflow.world.decide(decision, dict(token.seen.visible()), workflow.world.now)
        except FeelError as error:
            raise Refused(
                "expression.failed",
                f"The decision {decision} at {self.name} failed: {error}",
                params={"element": self.name, "expression": decision, "reason": str(error)},
            ) from error
        output = normalise({variable: decided.output})
        token.results = output
        workflow.journal.decisions.append(
            DecisionEvaluation(
                element=self.definition.id,
                decision_id=decision,
                decision_digest=decided.digest,
                matched_rules=decided.matched,
                inputs=dict(decided.inputs),
                output=output[variable],
            )
        )
        return True
