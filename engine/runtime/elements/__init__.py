"""SpiffWorkflow's behaviours, corrected by subclass: one behaviour a file.

The base of all is the token game of BPMN 2.0.2 chapter 13. A token is a live `Token` (a SpiffWorkflow task) that
stands at an element or, before a join, on the sequence flow it came over. Tokens do not remember where they came
from, so loops, rounds and history cannot mislead them, and finished tokens are gone.
"""
