"""A FEEL expression tried over variables that are given with it. Nothing of a case is read, nothing is kept."""

from collections.abc import Mapping

from engine.feel import FeelError, compile_expression
from engine.model.errors import Detail, Invalid
from engine.service.equipment import Work


def evaluate(uow: Work, text: str, variables: Mapping[str, object]) -> object:
    """The value of `text` (a leading ``=`` may be left out), at the unit of work's time. Raises Invalid."""
    try:
        expression = compile_expression(text.strip().removeprefix("="), names=variables.keys())
        return expression(variables, now=uow.now())
    except FeelError as error:
        reason = str(error)
        detail = Detail(place="expression", code="feel", message=reason, params={"reason": reason})
        said = "the expression cannot be evaluated; see errors"
        raise Invalid("expression.invalid", said, details=[detail]) from error
