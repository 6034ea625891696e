"""The rules of the model gate in the reader's language."""

from flask_babel import gettext


def rule_title(rule: str) -> str:
    """A rule in a few words; empty for one that the catalogues do not know."""
    known = f"rule.{rule}"
    found = gettext(known)
    return "" if found == known else found
