"""The trace: sealing, verifying and reading entries, and the keys under which personal values rest."""
