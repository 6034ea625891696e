"""Process execution. The only room that imports SpiffWorkflow; nothing of it leaves this room.

Way in: `gate.inspect` (may this file run?), `interpreter.load`, `interpreter.start`, `interpreter.complete`.
"""
