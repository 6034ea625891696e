"""Rules that form-js does not have and offices need, written as custom properties of a component.

=============  ==============  ==========================================================================
property       on              meaning
=============  ==============  ==========================================================================
format         textfield       ``id-number`` (GB 11643) or ``credit-code`` (GB 32100): check digit and all
minRows        dynamiclist     at least so many rows
uniqueBy       dynamiclist     no two rows have the same value under this key
exactlyOne     dynamiclist     ``key=value``: exactly one row has it
validIf        any field       FEEL that must be true while the field is shown; it sees the form's data and, as
                               ``outcome``, the code of the outcome that was chosen
validMessage   with validIf    the sentence that is shown when it is not true
=============  ==============  ==========================================================================

The browser knows nothing of them; the server's answer stands beside the field.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.feel import Expression
from engine.forms.components import OfficeRules
from engine.forms.settings import Findings, Settings
from engine.model.errors import Detail

_CODES = {"id-number": "format_id_number", "credit-code": "format_credit_code"}
FORMATS = frozenset(_CODES)
Formats = Mapping[str, Callable[[str], bool]]
"""For each format, whether a text has it; handed in, because identifiers are another room's knowledge."""


def read(raw: Mapping[str, object], findings: Findings) -> OfficeRules:
    """The rules in a component's ``properties``; what cannot be one is a finding."""
    properties = raw.get("properties")
    if not isinstance(properties, Mapping):
        return OfficeRules()
    component_id = str(raw.get("id", ""))
    wanted = str(properties.get("format", ""))
    if wanted and wanted not in FORMATS:
        findings.error(
            "form.format_unknown", component_id, f"There is no format {wanted!r}.", f"Use one of {sorted(FORMATS)}."
        )
        wanted = ""
    rows, one = str(properties.get("minRows", "0")), str(properties.get("exactlyOne", ""))
    if not rows.isdecimal() or (one and not all(one.partition("="))):
        findings.error(
            "form.property_invalid",
            component_id,
            "minRows is not a number, or exactlyOne is not key=value.",
            'Write "minRows": "1" and "exactlyOne": "relation=self".',
        )
        rows, one = "0", ""
    key, _, value = one.partition("=")
    valid_if, message = _valid_if(raw, properties, findings)
    return OfficeRules(
        format=wanted,
        min_rows=int(rows),
        unique_by=str(properties.get("uniqueBy", "")),
        exactly_one=(key, value) if one else None,
        valid_if=valid_if,
        valid_message=message,
    )


def _valid_if(
    raw: Mapping[str, object], properties: Mapping[str, object], findings: Findings
) -> tuple[Expression | None, str]:
    text, message = properties.get("validIf"), str(properties.get("validMessage", ""))
    if text is None:
        return None, ""
    compiled = Settings(raw, findings).setting(text)
    if isinstance(compiled, Expression) and message:
        return compiled, message
    findings.error(
        "form.property_invalid",
        str(raw.get("id", "")),
        "validIf is not FEEL, or has no validMessage beside it.",
        'Begin it with "=", and say in validMessage what the reader has to do.',
    )
    return None, ""


def visible(text: str) -> bool:
    """Whether a text shows anything: spaces, control and format characters alone do not."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def broken_text(rules: OfficeRules, label: str, place: str, value: object, formats: Formats) -> Iterator[Detail]:
    """The format that a filled-in text does not have. KeyError when the caller has no judge for it."""
    if rules.format and isinstance(value, str) and value and not formats[rules.format](value):
        yield Detail(
            place=place, code=_CODES[rules.format], message=f"This is no valid {rules.format}.", params={"label": label}
        )


def broken_rows(rules: OfficeRules, label: str, place: str, rows: Sequence[Mapping[str, object]]) -> Iterator[Detail]:
    """What a list as a whole, or one of its rows, breaks."""
    if len(rows) < rules.min_rows:
        params = {"label": label, "value": str(rules.min_rows)}
        yield Detail(place=place, code="min_rows", message=f"At least {rules.min_rows} rows.", params=params)
    if rules.unique_by:
        yield from _doubles(rules.unique_by, label, place, rows)
    if rules.exactly_one and rows:
        key, value = rules.exactly_one
        found = sum(1 for row in rows if row.get(key) == value)
        if found != 1:
            params = {"label": label, "value": value, "found": str(found)}
            message = f"Exactly one row must have {key} {value}; {found} have."
            yield Detail(place=place, code="exactly_one", message=message, params=params)


def _doubles(key: str, label: str, place: str, rows: Sequence[Mapping[str, object]]) -> Iterator[Detail]:
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            continue
        first = seen.setdefault(unicodedata.normalize("NFKC", value).strip().casefold(), index)
        if first != index:
            params = {"label": label, "value": str(first + 1)}
            message = f"The same as in row {first + 1}."
            yield Detail(place=f"{place}[{index}].{key}", code="row_doubled", message=message, params=params)
