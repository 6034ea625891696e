"""Datasets, comparisons, history import and back-tests. Empty until the comparison issue."""
