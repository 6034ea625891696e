"""The engine of Mingjing: processes, supervision and the trace. No HTTP, no Flask.

Rooms and the one direction in which they may import each other are drawn in docs/developer/house.md
and enforced by import-linter (setup.cfg).
"""

__version__ = "0.1.0"
