"""Jobs that our own worker does: a type that there is, with the headers that it needs and knows."""

from collections.abc import Iterator

from engine.feel import FeelError, compile_expression
from engine.model.built_in_jobs import BUILT_IN_JOBS, PREFIX, Header
from engine.model.definitions import LintFinding
from engine.runtime.dialect import ZEEBE, DrawnNode, children, first_extension
from engine.runtime.rules.model import Model, is_name


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            drawn = first_extension(node.xml, ZEEBE, "taskDefinition")
            kind = drawn.get("type", "") if drawn is not None else ""
            if kind.startswith(PREFIX):
                yield from _job(model, node, kind)


def _job(model: Model, node: DrawnNode, kind: str) -> Iterator[LintFinding]:
    job = BUILT_IN_JOBS.get(kind)
    if job is None:
        known = ", ".join(BUILT_IN_JOBS)
        yield model.error(
            "built-in-job-unknown",
            node.id,
            f"{node.id} has the job type {kind}, which does not exist.",
            f"Types that begin with {PREFIX} are done by Mingjing itself: {known}.",
        )
        return
    box = first_extension(node.xml, ZEEBE, "taskHeaders")
    given = {
        one.get("key", ""): one.get("value", "") for one in (children(box, ZEEBE, "header") if box is not None else ())
    }
    for name in sorted(given):
        if name not in job.headers and not (job.prefix and name.startswith(job.prefix) and len(name) > len(job.prefix)):
            yield model.error(
                "built-in-job-header-unknown",
                node.id,
                f"{node.id} has the header {name}, which {kind} does not know.",
                f"It knows {', '.join(job.headers)}{f' and {job.prefix}NAME' if job.prefix else ''}.",
            )
    for name, header in job.headers.items():
        text = given.get(name, "").strip()
        if header.required and not text:
            yield model.error(
                "built-in-job-header-missing",
                node.id,
                f"{node.id} has the job type {kind} without the header {name}.",
                f"Add it: {header.meaning}.",
            )
        elif text:
            yield from _value(model, node, name, header, text)


def _value(model: Model, node: DrawnNode, name: str, header: Header, text: str) -> Iterator[LintFinding]:
    wrong, cure = "", header.meaning
    if header.expression or (header.feel and text.startswith("=")):
        wrong, cure = _not_feel(text.removeprefix("=")), "Correct the expression."
    elif header.values and text not in header.values:
        wrong, cure = f"{text!r} is none of its values", f"Use one of {', '.join(header.values)}."
    elif name == "result" and not is_name(text):
        wrong, cure = f"{text!r} cannot be a variable name", "Use letters, digits and _, not beginning with a digit."
    elif name == "timeLimit" and not (text.isascii() and text.isdigit() and 0 < int(text) <= 60):
        wrong, cure = f"{text!r} is no number of seconds from 1 to 60", "Write for example 10."
    if wrong:
        yield model.error("built-in-job-header-value", node.id, f"The header {name} of {node.id}: {wrong}.", cure)


def _not_feel(text: str) -> str:
    try:
        compile_expression(text)
    except FeelError as error:
        return f"it is not FEEL: {error}"
    return ""
