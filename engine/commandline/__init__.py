"""The verbs of `mingjing` in groups; `engine.cli` puts them together. One function a verb, all of them thin.

Rooms are imported inside the verbs: the command starts at once, and a verb needs only what it uses.
"""
