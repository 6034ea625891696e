"""A form in another language."""

from engine.forms.wording import worded

FORM = {
    "components": [{"type": "select", "key": "姓名", "label": "姓名", "values": [{"label": "城镇", "value": "城镇"}]}],
    "translations": {"en": {"姓名": "Name", "城镇": "Urban"}},
}


def test_what_people_read_is_replaced_and_nothing_else() -> None:
    """Labels of fields and options; keys and stored values stay, and the dictionary does not travel."""
    assert worded(FORM, "en") == {
        "components": [
            {"type": "select", "key": "姓名", "label": "Name", "values": [{"label": "Urban", "value": "城镇"}]}
        ]
    }
    assert worded(FORM, "fr") == {"components": FORM["components"]}
    assert worded({"label": "姓名"}, "en") == {"label": "姓名"}
