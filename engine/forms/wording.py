"""A form in another language: ``translations`` at the top of its file, by language, text for text.

    "translations": {"en": {"申请人姓名": "Name of the applicant"}}

Only what people read is replaced; keys, FEEL and values stay. A text without a translation stays as it is.
"""

from collections.abc import Mapping

SHOWN = frozenset(
    {
        "label", "description", "text", "suffixAdorner", "prefixAdorner", "dateLabel", "timeLabel",
        "patternErrorMessage", "validMessage", "placeholder",
    }
)  # fmt: skip
TRANSLATIONS = "translations"


def worded(schema: Mapping[str, object], language: str) -> dict[str, object]:
    """The form-js schema with its texts in a language, without the dictionaries."""
    found = schema.get(TRANSLATIONS)
    words = found.get(language) if isinstance(found, Mapping) else None
    plain = {name: value for name, value in schema.items() if name != TRANSLATIONS}
    return {name: _worded(value, words, name) for name, value in plain.items()} if isinstance(words, Mapping) else plain


def _worded(value: object, words: Mapping[str, object], name: str) -> object:
    if isinstance(value, Mapping):
        return {inner: _worded(one, words, inner) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_worded(one, words, name) for one in value]
    if isinstance(value, str) and name in SHOWN:
        return words.get(value, value)
    return value
