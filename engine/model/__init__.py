"""Frozen values and ids shared by all rooms. Imports nothing of ours."""
