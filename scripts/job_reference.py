"""docs/reference/jobs.md: the job types that our own worker does, from `engine.model.built_in_jobs`."""

from engine.model.built_in_jobs import BUILT_IN_JOBS
from scripts.markdown import page, table


def built_in_jobs() -> str:
    """Job types that our own worker does, with their headers."""
    about = (
        "A task with one of these types (`zeebe:taskDefinition`) needs no program outside: `mingjing worker` does it, "
        "at least once, with the retries of the task. A text with `{secret:NAME}` takes the content of "
        "`VAR/secrets/NAME`. What trying again would not change is an incident at once.\n"
    )
    parts = [about]
    for kind, job in BUILT_IN_JOBS.items():
        rows = [
            (
                f"`{name}`",
                "yes" if header.required else "",
                "expression" if header.expression else "text, or `=` and an expression" if header.feel else "text",
                header.meaning + (f": {', '.join(header.values)}" if header.values else ""),
            )
            for name, header in job.headers.items()
        ]
        if job.prefix:
            rows.append((f"`{job.prefix}NAME`", "", "text, or `=` and an expression", "a header of the request"))
        parts += [f"## {kind}\n", f"{job.about}\n", table(["header", "needed", "value", "meaning"], rows)]
    return page("Jobs of our own", "`engine.model.built_in_jobs`", *parts)
