"""Supervision: checks look at one exercise of power and answer HIT, CLEAR or CANNOT_SAY, with a reason. Pure."""
