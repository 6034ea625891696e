"""Service task, and every other task with a ``zeebe:taskDefinition``: waits until a worker outside has done the job.

Corrects: SpiffWorkflow runs service tasks in its Python script engine, inside the step.
"""

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as SpiffUserTask

from engine.model.errors import Broken, Refused
from engine.model.transitions import WaitingJob
from engine.runtime.elements.token import Token, TokenSpec
from engine.runtime.values import normalise


class JobTask(TokenSpec, SpiffUserTask):
    """`manual` (set by SpiffWorkflow's mixin) keeps the engine loop away from it."""

    def begin(self, token: Token) -> None:
        """Announce the job."""
        job = self.activity.job
        if token.instance is None or job is None:
            raise Broken("runtime.job_missing", f"{self.name} waits without an element instance or a job.")
        kind = self.value(token, job.type)
        if not isinstance(kind, str) or not kind:
            raise Refused(
                "expression.failed",
                f"The job type of {self.name} is no text.",
                params={"element": self.name, "expression": str(job.type.expression), "reason": "not a text"},
            )
        process_id, digest = token.workflow.called_at(token.scope)
        token.workflow.journal.waits(
            WaitingJob(
                element=self.definition.id,
                instance=token.instance,
                type=kind,
                retries=job.retries,
                headers=dict(job.headers),
                variables=normalise(dict(token.seen.visible())),
                process_id=process_id,
                digest=digest,
            )
        )
