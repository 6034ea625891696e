"""DMN 1.1 to 1.5: requirements graphs, tables, boxed expressions, knowledge models, services, imports."""

from .model import DecisionModel, DecisionResult, load
from .run import TableHit

__all__ = ["DecisionModel", "DecisionResult", "TableHit", "load"]
